import { isDependencyLost } from '../../shared/dependency-policy.ts';
import type { SerializedError } from '../../shared/errors.ts';
import { isOver, isUp } from '../../shared/instance-policy.ts';
import { describeReason, type Instance, type JobStatus } from '../../shared/instances.ts';
import type { Job, JobState } from '../../shared/jobs.ts';

type Seen = Pick<Instance, 'state' | 'job' | 'stopped'>;

/** How far a job is, by its instance; null: it was not submitted. */
export function jobStateOf(instance: Seen | null): JobState {
  // A launch that was interrupted before its submission waits to be submitted again.
  if (instance === null || instance.state === 'interrupted') return 'new';
  const { state, job } = instance;
  if (isOver(state)) return endOf(instance);
  if (job === null) return 'submitting';
  switch (job.state) {
    case 'held':
      return 'held';
    case 'pending':
      return 'queued';
    case 'unknown':
      // Its number is known, and nothing else was seen yet.
      return isUp(state) || state === 'reconnecting' ? 'active' : 'queued';
    default:
      // What its scheduler says is over is so once its log and exit code were read.
      return 'active';
  }
}

function endOf({ state, job, stopped }: Seen): JobState {
  if (stopped || job?.state === 'cancelled') return 'canceled';
  return state === 'failed' ? 'failed' : 'completed';
}

/** What the scheduler itself reports. */
export function nativeOf(job: JobStatus | null): Job['native'] {
  if (!job) return null;
  const { id, nativeState, node, queue, startsAt, exitCode, tasks } = job;
  const isWaiting = job.state === 'pending' || job.state === 'held';
  return {
    state: nativeState,
    reason: describeReason(job),
    id,
    node,
    queue,
    expectedStart: isWaiting ? startsAt : null,
    exitCode,
    limit: job.state === 'out-of-memory' ? 'memory' : job.state === 'timeout' ? 'time' : null,
    tasks,
    ...(isDependencyLost(job) ? { isDependencyLost: true } : {}),
  };
}

/** Of a job that somebody ended, its end is no error. */
export const jobErrorOf = (instance: Pick<Instance, 'error'> & Seen): SerializedError | null =>
  jobStateOf(instance) === 'canceled' ? null : instance.error;
