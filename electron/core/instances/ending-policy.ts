import type { JobStatus } from '../../shared/instances.ts';

export interface EndingView {
  job: JobStatus | null;
  /** It was submitted as several tasks, also where the scheduler has not counted them yet. */
  isArray?: boolean;
  /** From the directory. */
  exitCode: number | null;
  /** ms since the exit code, or a scheduler that does not know the job, was first seen. */
  exitSeenFor: number;
  unknownFor: number;
}

const terminal = new Set(['completed', 'failed', 'cancelled', 'timeout', 'out-of-memory', 'node-fail', 'preempted']);

/** A scheduler reports the end some seconds after the script wrote it, and only it knows of memory and time. */
const SCHEDULER_HAS_THE_WORD = 8000;
/** Accounting of a job that just left the queue may lag behind. */
const FORGOTTEN = 20_000;

/** Something failed and the scheduler keeps the job for somebody to look at; one that a person holds may still begin. */
export const isHeldForGood = (job: JobStatus | null): boolean => job?.state === 'held' && job.heldBy === 'system';

/** Is the job over? A poll that failed is no evidence and never comes here. */
export function isJobOver(view: EndingView): boolean {
  const isUncounted = view.isArray === true && !view.job?.tasks;
  // Accounting may show one task of an array as the whole for some seconds after it ended.
  const isTrusted = !isUncounted || view.exitCode === null || view.exitSeenFor >= FORGOTTEN;
  if (view.job && terminal.has(view.job.state) && isTrusted) return true;
  // Each task of an array writes an exit code; only the scheduler knows which is the last.
  if (view.exitCode !== null && !view.isArray && !view.job?.tasks)
    return view.unknownFor > 0 || view.exitSeenFor >= SCHEDULER_HAS_THE_WORD;
  return view.unknownFor >= FORGOTTEN;
}
