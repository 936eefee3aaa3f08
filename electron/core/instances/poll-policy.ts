import type { InstanceKind, InstanceState } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { SiteProfile } from '../../shared/sites.ts';

interface PollSubject {
  state: InstanceState;
  /** Epoch ms of the last change of its state or step. */
  changedAt: number;
  kind: InstanceKind;
}

const SECOND = 1000;

/** Of processes whose end a watch reports, in ms: for what it cannot see, such as a number that another process has by now. */
export const WATCHED_POLL_MS = 300 * SECOND;

/**
 * From the beginning of one question to the beginning of the next at least this, in ms, whatever happens: a scheduler is
 * shared by all, and a site may ask for more. Our own processes on a login node are not a scheduler's.
 */
export function pollMinimum(launcher: LauncherName, site: Pick<SiteProfile, 'pollInterval'> | null): number {
  return launcher === 'login' ? SECOND : Math.max(2, site?.pollInterval ?? 0) * SECOND;
}

/**
 * How long to wait before the scheduler is asked again, in ms, never less than `minimum`. Something about to happen is
 * watched closely, a long queue is not worth hammering a shared scheduler for, and a ready app only has to be noticed when
 * it ends.
 */
export function pollDelay(subjects: readonly PollSubject[], now: number, failures: number, minimum: number): number {
  const wanted =
    failures > 0
      ? Math.min(30 * SECOND, 2 * SECOND * 2 ** Math.min(failures - 1, 4))
      : Math.min(15 * SECOND, ...subjects.map((subject) => delayOf(subject, now)));
  return Math.max(minimum, wanted);
}

/** How long until its files are looked at again, which costs a scheduler nothing; ms, null: with the next poll. */
export function lookDelay(subjects: readonly (PollSubject & { isLogWanted: boolean })[], now: number): number | null {
  const delays = subjects.flatMap(({ state, changedAt, isLogWanted }) => {
    // A job that begins says so in its directory before the scheduler is asked the next time.
    if (state === 'waiting' && now - changedAt < 20 * SECOND) return [SECOND];
    if (state === 'starting' && now - changedAt < 10 * SECOND) return [0.3 * SECOND];
    return isLogWanted ? [1.5 * SECOND] : [];
  });
  return delays.length === 0 ? null : Math.min(...delays);
}

/** After so many looks in a row that were not answered, how long until the next one, in ms. */
export const unansweredLookDelay = (count: number): number => 60 * SECOND * 2 ** Math.min(count - 1, 4);

/**
 * While a watch reports the directories: how long until what depends on the time alone is decided again, such as the next try
 * to reach an app; ms, null: with the next poll.
 */
export function decisionDelay(subjects: readonly Pick<PollSubject, 'state'>[]): number | null {
  const delays = subjects.flatMap(({ state }) => {
    if (state === 'starting' || state === 'stopping') return [SECOND / 2];
    return state === 'reconnecting' ? [2 * SECOND] : [];
  });
  return delays.length === 0 ? null : Math.min(...delays);
}

function delayOf({ state, changedAt, kind }: PollSubject, now: number): number {
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
      // Of a batch job the end is what is waited for.
      return kind === 'job' ? Math.min(15 * SECOND, 2 * SECOND + age / 10) : 15 * SECOND;
  }
}
