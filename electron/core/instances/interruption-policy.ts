import { isStarting } from '../../shared/instance-policy.ts';
import type { Instance } from '../../shared/instances.ts';

/** A launch that was cut off this recently is continued without asking, ms. */
const RECENT_MS = 2 * 60_000;

type Launch = Pick<Instance, 'state' | 'job' | 'steps' | 'createdAt'>;

/** Whether a job may exist although its number is not known. */
export const isSubmissionBegun = ({ steps }: Pick<Instance, 'steps'>): boolean =>
  steps.some((step) => step.name === 'submit' && step.state !== 'todo');

/** The launch was still on its way when its process ended, and no job has a number. */
export const isUnfinishedLaunch = ({ state, job }: Launch): boolean => isStarting(state) && job === null;

/** The user still waits for it, so it may go on without being asked for. */
export function isRecentLaunch({ steps, createdAt }: Launch, now: number): boolean {
  const times = steps.flatMap(({ startedAt, endedAt }) => [startedAt ?? 0, endedAt ?? 0]);
  return now - Math.max(createdAt, ...times) < RECENT_MS;
}
