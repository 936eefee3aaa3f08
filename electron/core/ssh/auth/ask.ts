import type { PromptAnswer } from '../../../shared/prompts.ts';
import type { Prompts } from '../types.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type OpenQuestion = DistributiveOmit<Parameters<Prompts['ask']>[0], 'clusterId' | 'clusterName' | 'hop'>;

/** Puts a question to the user; adds the cluster, and stops the connection's own timers meanwhile. */
export type Ask = (question: OpenQuestion) => Promise<PromptAnswer>;
