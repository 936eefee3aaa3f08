import type { Clock } from '../deps.ts';

/** What may go at once after a pause, in seconds of the limit. */
const BURST = 0.25;

/** Lets so many bytes pass in a second. */
export class RateLimit {
  readonly #clock: Clock;
  #bytesPerSecond: number;
  #freeAt = 0;
  #changed = new AbortController();

  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** 0: no limit. Whoever waits goes on by the new one. */
  set bytesPerSecond(value: number) {
    this.#bytesPerSecond = value;
    this.#freeAt = 0;
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  /** Resolves when these bytes may have passed. */
  async pass(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#bytesPerSecond === 0) return;
    const now = this.#clock.now();
    const begin = Math.max(this.#freeAt, now - BURST * 1000);
    this.#freeAt = begin + (bytes / this.#bytesPerSecond) * 1000;
    const wait = this.#freeAt - now;
    if (wait <= 0) return;
    const changed = this.#changed.signal;
    await this.#clock.sleep(wait, AbortSignal.any([signal, changed])).catch((error: unknown) => {
      if (!changed.aborted || signal.aborted) throw error;
    });
  }
}
