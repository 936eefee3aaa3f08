import type { JobStatus } from '../../electron/shared/instances.ts';
import { waitingReason } from './reason.ts';
import { count } from './size.ts';

/** A job on hold in words: who must release it, why, and the scheduler's own words. Null: not held. */
export function heldWords(job: Pick<JobStatus, 'state' | 'heldBy' | 'reason' | 'nativeReason'> | null) {
  if (job?.state !== 'held') return null;
  const who =
    job.heldBy === 'user'
      ? 'It was held on request; once you release it, it goes on.'
      : job.heldBy === 'system'
        ? 'The scheduler or the site holds it; they must release it, or cancel it and launch again.'
        : 'It does not begin until somebody releases it.';
  const { ours, given } = waitingReason(job);
  return { who, ours, given };
}

/** The tasks of a job array in words, those that matter most first; null where it is no array. */
export function taskWords(tasks: JobStatus['tasks']): string | null {
  if (!tasks) return null;
  const all = tasks.pending + tasks.running + tasks.completed + tasks.failed;
  const parts = [
    `${tasks.completed} of ${count(all, 'task')} done`,
    tasks.running > 0 ? `${tasks.running} running` : '',
    tasks.pending > 0 ? `${tasks.pending} waiting` : '',
    tasks.failed > 0 ? `${tasks.failed} failed` : '',
  ];
  return parts.filter(Boolean).join(', ');
}
