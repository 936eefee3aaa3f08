import type { JobStatus } from '../../electron/shared/instances.ts';
import { waitingReason } from './reason.ts';
import { count } from './size.ts';

/** A job on hold in words: who must release it where that is not the user, why, and the scheduler's own words. Null: not held. */
export function describeHold(job: Pick<JobStatus, 'state' | 'heldBy' | 'reason' | 'nativeReason'> | null) {
  if (job?.state !== 'held') return null;
  const { ours, given } = waitingReason(job);
  if (job.heldBy === 'user') {
    return { title: 'On hold at your request.', who: '', ours: '', given };
  }
  const who =
    job.heldBy === 'system'
      ? 'The scheduler or the site holds it; they must release it, or cancel it and launch again.'
      : 'It does not begin until somebody releases it.';
  return { title: 'On hold.', who, ours, given };
}

/** The tasks of a job array in words, those that matter most first; null where it is no array. */
export function describeTasks(tasks: JobStatus['tasks']): string | null {
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
