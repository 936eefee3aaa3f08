import type { AppError } from '../../shared/errors.ts';
import type { Instance } from '../../shared/instances.ts';
import type { InstanceEvent } from './instance-state.ts';
import { endingError, lastLines } from './job-errors.ts';
import type { Meta } from './meta.ts';
import type { Observation } from './observation.ts';

interface End {
  instance: Pick<Instance, 'job' | 'input' | 'title'>;
  meta: Meta | null;
  seen: Observation | null;
  /** Somebody wanted it to end. */
  isStopped: boolean;
  wasReady: boolean;
  /** Why it was given up from here; null: it ended by itself. */
  reason: AppError | null;
  log: string;
}

/** Why an instance is over, with the log as evidence; null: it came to its end, or was stopped. */
export function explainEnd({ instance, meta, seen, isStopped, wasReady, reason, log }: End): AppError | null {
  if (isStopped) return null;
  if (reason) return reason.with({ detail: reason.detail ?? (lastLines(log) || undefined) });
  const { job, input, title } = instance;
  return endingError({
    job,
    exitCode: seen?.exitCode ?? null,
    problem: seen?.problem ?? null,
    serves: meta?.serve !== null,
    wasReady,
    title,
    resources: input?.resources ?? { memory: null, time: null },
    logTail: log,
  });
}

/** `error`: null where it came to its end or was stopped. */
export const endEvent = (at: number, error: AppError | null, stopped: boolean): InstanceEvent =>
  error ? { type: 'failed', at, error: error.serialize() } : { type: 'ended', at, stopped };
