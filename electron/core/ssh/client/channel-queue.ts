import { AppError } from '../../../shared/errors.ts';

interface Waiting {
  grant(): void;
}

/**
 * Session channels of one connection: at most `limit` at once, the rest wait in order.
 * sshd's MaxSessions is 10 by default and often less; where the server refuses one, the limit becomes what it held.
 */
export class ChannelQueue {
  #limit: number;
  #open = 0;
  #proven = 0;
  readonly #waiting: Waiting[] = [];
  #onWait: () => void = () => undefined;

  constructor(limit = 6) {
    this.#limit = limit;
  }

  /** `listener` runs whenever somebody begins to wait: for whoever holds a session that it could spare. */
  set onWait(listener: () => void) {
    this.#onWait = listener;
  }

  /** How many wait for a session. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get limit(): number {
    return this.#limit;
  }

  get open(): number {
    return this.#open;
  }

  /** The most that the server was seen to hold at once. */
  get proven(): number {
    return this.#proven;
  }

  /** The server took the channel that entered last. */
  accepted(): void {
    this.#proven = Math.max(this.#proven, this.#open);
  }

  /** A free session now; null: there is none. */
  tryEnter(): (() => void) | null {
    if (this.#open >= this.#limit || this.#waiting.length > 0) return null;
    this.#open++;
    return this.#leaver();
  }

  /** Resolves with the function that gives the session back. Rejects with the signal's reason. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw AppError.from(signal.reason);
    if (this.#open >= this.#limit || this.#waiting.length > 0) await this.#wait(signal);
    else this.#open++;
    return this.#leaver();
  }

  #leaver(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#open--;
      this.#pump();
    };
  }

  /** The server refused a channel while `#open` sessions, this one too, were taken. False when it was the only one. */
  refused(): boolean {
    if (this.#open <= 1) return false;
    this.#limit = Math.max(1, Math.min(this.#limit, this.#open - 1));
    return true;
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        grant() {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at < 0) return;
        this.#waiting.splice(at, 1);
        reject(AppError.from(signal.reason));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#onWait();
    });
  }

  #pump(): void {
    while (this.#open < this.#limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#open++;
      next.grant();
    }
  }
}
