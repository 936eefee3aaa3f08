import { isDependencyLost } from '../../shared/dependency-policy.ts';
import { AppError } from '../../shared/errors.ts';
import type { Instance, JobStatus } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import { heldByOthersError, notWaitingError } from '../launchers/common/release-errors.ts';

/** The job on hold that its user can release. @throws AppError `conflict` where there is none */
export function releasableJob({ job, title }: Pick<Instance, 'job' | 'title'>): JobStatus {
  if (job && isDependencyLost(job)) return job;
  if (job?.state !== 'held') throw new AppError('conflict', message`The job of ${{ title }} is not on hold.`);
  if (job.heldBy === 'system') throw heldByOthersError(job.nativeReason);
  return job;
}

/** The job in a queue that can be held. @throws AppError `conflict` where there is none */
export function holdableJob({ job, title }: Pick<Instance, 'job' | 'title'>): JobStatus {
  if (job?.state === 'held') throw new AppError('conflict', message`The job of ${{ title }} is on hold already.`);
  if (job?.state !== 'pending') throw notWaitingError();
  return job;
}
