import type { InstanceState } from '../../shared/instances.ts';

export interface PollSubject {
  state: InstanceState;
  /** Epoch ms of the last change of its state or step. */
  changedAt: number;
}

const SECOND = 1000;

/**
 * How long to wait before the scheduler is asked again, in ms. Something about to happen is watched closely, a long
 * queue is not worth hammering a shared scheduler for, and a ready app only has to be noticed when it ends.
 */
export function pollDelay(subjects: readonly PollSubject[], now: number, failures: number): number {
  if (failures > 0) return Math.min(30 * SECOND, 2 * SECOND * 2 ** Math.min(failures - 1, 4));
  return Math.min(15 * SECOND, ...subjects.map((subject) => delayOf(subject, now)));
}

function delayOf({ state, changedAt }: PollSubject, now: number): number {
  const age = Math.max(0, now - changedAt);
  switch (state) {
    case 'starting':
      return age < 20 * SECOND ? SECOND : 2 * SECOND;
    case 'stopping':
      return SECOND;
    case 'waiting':
      if (age < 20 * SECOND) return SECOND;
      if (age < 120 * SECOND) return 2 * SECOND;
      return age < 600 * SECOND ? 5 * SECOND : 10 * SECOND;
    case 'reconnecting':
      return 2 * SECOND;
    default:
      return 15 * SECOND;
  }
}
