import type { Clock } from '../deps.ts';
import type { Activity } from './activity.ts';

/** A background engine ends after this long without use, ms; as OpenSSH's ControlPersist. */
export const idleLimit = 10 * 60_000;

interface IdleExitDeps {
  activity: Activity;
  clock: Clock;
  /** Something is watched that no client shows: a running app on a connected cluster, a transfer. */
  isWatching: () => boolean;
  limit?: number;
}

/** Resolves once nobody used the engine for the limit; rejects with `cancelled` when the signal fires first. */
export async function untilIdle(deps: IdleExitDeps, signal: AbortSignal): Promise<void> {
  const { activity, clock, isWatching, limit = idleLimit } = deps;
  const interval = Math.min(limit, 60_000);
  let usedAt = clock.now();
  const onUse = () => {
    usedAt = clock.now();
  };
  activity.on('changed', onUse);
  try {
    for (;;) {
      await clock.sleep(Math.max(1, Math.min(interval, usedAt + limit - clock.now())), signal);
      if (!activity.isIdle || isWatching()) usedAt = clock.now();
      else if (clock.now() - usedAt >= limit) return;
    }
  } finally {
    activity.off('changed', onUse);
  }
}
