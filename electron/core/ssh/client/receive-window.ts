const MIB = 1024 * 1024;

/** What ssh2 grants a channel when it opens it. */
export const LEAST_WINDOW = 2 * MIB;
/** With the 2 MiB that a channel's own buffer takes, no channel keeps more than 64 MiB of a reader that is behind. */
const MOST_WINDOW = 62 * MIB;

/**
 * A channel begins with what a link of this rate has under way: where it is slower, its sender waits for its own network. Bytes a ms.
 */
const FIRST_RATE = 100_000;
const MOST_FIRST_WINDOW = 16 * MIB;

/** Bytes that a sender may have under way, compared with what arrives in one round trip. */
const MARGIN = 1.5;
/** Where so much of the window arrives in one round trip, the window is what limits the rate. */
const LIMITING = 0.75;
/** Credit is worth a packet from this part of the window on. */
const PART = 1 / 4;
/** A round trip below the resolution of timers measures nothing. */
const LEAST_ROUND_TRIP_MS = 1;
/** A reader that was busy takes much in one turn: over a shorter time that would look like the rate of the sender. */
const LEAST_MEASURED_MS = 25;

/**
 * How much the other side may send before it waits: follows the rate at which the reader takes bytes times the round-trip
 * time, and doubles each round trip while it is what limits that rate. A server spends time on a window that is too large.
 */
export class ReceiveWindow {
  #size = LEAST_WINDOW;
  /** When the measurement that runs began, and what the reader took since; null: it took nothing for some time. */
  #began: number | null = null;
  #last: number | null = null;
  #taken = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * The reader took `bytes`; `open`: what it has not taken yet and what the other side may still send. The credit to give
   * now, 0 for none yet. `roundTripMs`: null while it is not known. Times in ms.
   */
  take(bytes: number, open: number, now: number, roundTripMs: number | null): number {
    if (roundTripMs !== null) {
      if (this.#last === null) this.#size = firstSize(roundTripMs);
      this.#measure(bytes, now, Math.max(roundTripMs, LEAST_ROUND_TRIP_MS));
    }
    const credit = this.#size - open;
    return credit >= this.#size * PART ? credit : 0;
  }

  #measure(bytes: number, now: number, roundTripMs: number): void {
    const measuredMs = Math.max(roundTripMs, LEAST_MEASURED_MS);
    const wasIdle = this.#last === null || now - this.#last > 2 * measuredMs;
    this.#last = now;
    if (wasIdle || this.#began === null) {
      this.#began = now;
      this.#taken = bytes;
      return;
    }
    this.#taken += bytes;
    const elapsed = now - this.#began;
    if (elapsed < measuredMs) return;
    const inRoundTrip = (this.#taken * roundTripMs) / elapsed;
    const wanted = inRoundTrip >= this.#size * LIMITING ? 2 * this.#size : inRoundTrip * MARGIN;
    this.#size = Math.min(MOST_WINDOW, Math.max(this.#size, Math.round(wanted)));
    this.#began = now;
    this.#taken = 0;
  }
}

const firstSize = (roundTripMs: number): number =>
  Math.min(MOST_FIRST_WINDOW, Math.max(LEAST_WINDOW, Math.round(FIRST_RATE * roundTripMs)));
