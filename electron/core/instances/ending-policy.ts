import type { JobStatus } from '../../shared/instances.ts';

export interface EndingView {
  job: JobStatus | null;
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
  if (view.job && terminal.has(view.job.state)) return true;
  // Each task of an array writes an exit code; only the scheduler knows which is the last.
  if (view.exitCode !== null && !view.job?.tasks)
    return view.unknownFor > 0 || view.exitSeenFor >= SCHEDULER_HAS_THE_WORD;
  return view.unknownFor >= FORGOTTEN;
}
