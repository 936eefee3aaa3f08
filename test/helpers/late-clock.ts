import { systemClock } from '../../electron/core/clock.ts';
import type { Clock } from '../../electron/core/deps.ts';

/** A clock that is so many ms ahead, for what happens some time after another process ended. */
export const lateClock = (ms: number): Clock => ({ now: () => systemClock.now() + ms, sleep: systemClock.sleep });
