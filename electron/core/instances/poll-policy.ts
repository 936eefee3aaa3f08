import type { InstanceState } from '../../shared/instances.ts';

export interface PollSubject {
  state: InstanceState;
  /** Epoch ms of the last change of its state or step. */
  changedAt: number;
  /** A batch job: its end is what is waited for. */
  batch: boolean;
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

/** How long until its files are looked at again, which costs a scheduler nothing; ms, null: with the next poll. */
export function lookDelay(subjects: readonly (PollSubject & { logWanted: boolean })[], now: number): number | null {
  const delays = subjects.flatMap(({ state, changedAt, logWanted }) => {
    if (state === 'starting' && now - changedAt < 10 * SECOND) return [0.3 * SECOND];
    return logWanted ? [1.5 * SECOND] : [];
  });
  return delays.length === 0 ? null : Math.min(...delays);
}

function delayOf({ state, changedAt, batch }: PollSubject, now: number): number {
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
      return batch ? Math.min(15 * SECOND, 2 * SECOND + age / 10) : 15 * SECOND;
  }
}
