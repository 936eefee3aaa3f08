import type { Instance, InstanceState } from './instances.ts';

export const isOver = (state: InstanceState): boolean => state === 'ended' || state === 'failed';

/** So many of those that ended last are in the state; the history has all. */
export const listedEnded = 50;

/** True until the app was ready for the first time, or the batch job began to run. */
export const isStarting = (state: InstanceState): boolean => state === 'starting' || state === 'waiting';

/** An app that answers, or a batch job that runs. */
export const isUp = (state: InstanceState): boolean => state === 'ready' || state === 'running';

/** It exists on its cluster or is being launched; an interrupted launch is neither. */
export const isLive = (state: InstanceState): boolean => !isOver(state) && state !== 'interrupted';

/** Its job waits because its user holds it. */
export const canRelease = ({ state, job }: Pick<Instance, 'state' | 'job'>): boolean =>
  isLive(state) && state !== 'stopping' && job?.state === 'held' && job.heldBy === 'user';

/** How long it ran, ms, by its job's own times; null while it runs or where its start is not known. */
export function runTime({ job, endedAt }: Pick<Instance, 'job' | 'endedAt'>): number | null {
  const startedAt = job?.startedAt ?? null;
  if (endedAt === null || startedAt === null) return null;
  return Math.max(0, (job?.endedAt ?? endedAt) - startedAt);
}
