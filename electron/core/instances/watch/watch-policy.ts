import type { InstanceState } from '../../../shared/instances.ts';

interface WatchedSubject {
  state: InstanceState;
  /** Epoch ms of the last change of its state or step. */
  changedAt: number;
  isLogWanted: boolean;
}

const SECOND = 1000;

/**
 * How often the directories are looked at on the login node, in ms. A round of a few system calls is cheap, but a shared file
 * system is asked each time: what is about to happen is watched closely, and of what runs only the end is awaited.
 */
export function roundDelay(subjects: readonly WatchedSubject[], now: number): number {
  return Math.min(5 * SECOND, ...subjects.map((subject) => delayOf(subject, now)));
}

function delayOf({ state, changedAt, isLogWanted }: WatchedSubject, now: number): number {
  const age = Math.max(0, now - changedAt);
  const wanted = stateDelay(state, age);
  return isLogWanted ? Math.min(wanted, SECOND) : wanted;
}

function stateDelay(state: InstanceState, age: number): number {
  switch (state) {
    case 'starting':
      return age < 20 * SECOND ? 0.1 * SECOND : 0.5 * SECOND;
    case 'stopping':
      return 0.3 * SECOND;
    case 'waiting':
      return age < 20 * SECOND ? 0.3 * SECOND : 2 * SECOND;
    default:
      return age < 600 * SECOND ? 2 * SECOND : 5 * SECOND;
  }
}

/** Where the pause between two rounds is a message from here, each of them is a packet both ways. */
export const sentRoundDelay = (delay: number): number => Math.max(0.5 * SECOND, delay);

/** After a connection is made: its first commands are the user's, and often show that what ran before has ended. */
export const START_AFTER_MS = 5 * SECOND;

/** When a program that ended, or was given no session, is started again. */
export const RESTART_AFTER_MS = 60_000;

/** As that, of one that ended while a file system hung: its process may still be there. */
export const RESTART_AFTER_HANG_MS = 10 * 60_000;
