/** A sample of this age counts half, ms. */
const HALF_LIFE = 3000;
/** Samples that follow closer are put together, ms. */
const SHORTEST = 200;

/** How fast bytes come, smoothed over some seconds. */
export class SpeedMeter {
  readonly #now: () => number;
  #speed = 0;
  #measuredAt: number;
  #bytes = 0;
  #isFirst = true;

  constructor(now: () => number) {
    this.#now = now;
    this.#measuredAt = now();
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#measure();
  }

  /** Bytes a second. */
  get speed(): number {
    this.#measure();
    return this.#speed;
  }

  /** Seconds until so many bytes have come; null: not known. */
  remaining(bytes: number): number | null {
    const { speed } = this;
    return speed < 1 ? null : Math.ceil(bytes / speed);
  }

  #measure(): void {
    const elapsed = this.#now() - this.#measuredAt;
    if (elapsed < SHORTEST) return;
    const current = (this.#bytes / elapsed) * 1000;
    const weight = this.#isFirst && this.#bytes > 0 ? 1 : 1 - 0.5 ** (elapsed / HALF_LIFE);
    if (this.#bytes > 0) this.#isFirst = false;
    this.#speed += (current - this.#speed) * weight;
    this.#bytes = 0;
    this.#measuredAt += elapsed;
  }
}
