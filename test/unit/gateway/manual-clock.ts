import type { Clock } from '../../../electron/core/deps.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { onAbort } from '../../../electron/shared/on-abort.ts';

/** ms; what is due is woken at most this late. */
const STEP = 1_000;

/** Time that moves only when told. */
export class ManualClock implements Clock {
  #now = 0;
  #sleepers: { until: number; wake: () => void }[] = [];
  now = (): number => this.#now;
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const forget = onAbort(signal, () => reject(new AppError('cancelled', 'Cancelled.')));
      const wake = () => {
        forget();
        resolve();
      };
      this.#sleepers.push({ until: this.#now + ms, wake });
    });
  }
  async pass(ms: number): Promise<void> {
    for (const end = this.#now + ms; this.#now < end; ) {
      this.#now = Math.min(end, this.#now + STEP);
      const due = this.#sleepers.filter((sleeper) => sleeper.until <= this.#now);
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.until > this.#now);
      for (const sleeper of due) sleeper.wake();
      await settle();
    }
  }
}

/** After all that is ready to run has run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
