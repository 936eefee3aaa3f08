import { z } from 'zod';
import { messageValuesSchema } from './error-schemas.ts';

/** What happens to an instance or a cluster that a user may want to hear of. */
const transitionKinds = [
  'waiting',
  'ready',
  'running',
  'reconnecting',
  'interrupted',
  'ended',
  'failed',
  /** Its job reaches its time limit in ten minutes. */
  'ten-minutes-left',
  'connected',
  'sign-in-needed',
  'unreachable',
  'key-changed',
  /** A connection waits for an answer of the user. */
  'question-asked',
] as const;
export type TransitionKind = (typeof transitionKinds)[number];

export const transitionSchema = z.object({
  /** Counts up, also over restarts of the engine. */
  id: z.number().int(),
  at: z.number(),
  kind: z.enum(transitionKinds),
  /** Null where it concerns the cluster. */
  instanceId: z.string().nullable(),
  clusterId: z.string(),
  /** `title` of the instance, name of the `cluster`, and by kind: `job`, `reason`, `endsAt`. */
  values: messageValuesSchema,
});
export type Transition = z.infer<typeof transitionSchema>;
