import type { Clock } from '../deps.ts';

/** Tells of many changes at most once in an interval. */
export class ChangeNotice {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #tell: () => void;
  readonly #life = new AbortController();
  #isWaiting = false;

  constructor(clock: Clock, interval: number, tell: () => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#tell = tell;
  }

  /** At the end of the interval. */
  soon(): void {
    if (this.#isWaiting || this.#life.signal.aborted) return;
    this.#isWaiting = true;
    this.#clock.sleep(this.#interval, this.#life.signal).then(
      () => this.now(),
      () => undefined,
    );
  }

  now(): void {
    this.#isWaiting = false;
    if (!this.#life.signal.aborted) this.#tell();
  }

  dispose(): void {
    this.#life.abort();
  }
}
