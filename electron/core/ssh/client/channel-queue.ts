import { AppError } from '../../../shared/errors.ts';

interface Waiting {
  grant(): void;
}

/** What OpenSSH's sshd allows unless its MaxSessions says something else. */
const MOST_SESSIONS = 10;

/**
 * Session channels of one connection: at most `limit` at once, the rest wait in order. Extra ones, which their holders give
 * back when somebody waits, are had beyond it. sshd's MaxSessions is 10 by default and often less; where the server refuses
 * one, what it held becomes the most for all of them together.
 */
export class ChannelQueue {
  #limit: number;
  #most: number;
  #open = 0;
  #extra = 0;
  #proven = 0;
  readonly #waiting: Waiting[] = [];
  #onWait: () => void = () => undefined;

  constructor(limit = 6, most = MOST_SESSIONS) {
    this.#limit = limit;
    this.#most = most;
  }

  /** `listener` runs when somebody begins to wait and may run again meanwhile: for whoever holds a session that it could spare. */
  set onWait(listener: () => void) {
    this.#onWait = listener;
  }

  /** An extra session that somebody may have counted on was opened or refused. */
  extraSettled(): void {
    if (this.#waiting.length > 0) this.#onWait();
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

  /** Somebody who waits is let in as soon as an extra session is given back. */
  get isFullByExtra(): boolean {
    return this.#extra > 0 && this.#open >= this.#most;
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
    if (!this.#hasRoom() || this.#waiting.length > 0) return null;
    this.#open++;
    return this.#leaver();
  }

  /** A session now for whoever gives it back when somebody waits; null: none would be left for others, or somebody waits. */
  tryEnterExtra(): (() => void) | null {
    if (this.#open + 1 >= this.#most || this.#waiting.length > 0) return null;
    this.#open++;
    this.#extra++;
    return this.#leaver(() => {
      this.#extra--;
    });
  }

  /** Resolves with the function that gives the session back. Rejects with the signal's reason. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw AppError.from(signal.reason);
    if (!this.#hasRoom() || this.#waiting.length > 0) await this.#wait(signal);
    else this.#open++;
    return this.#leaver();
  }

  #hasRoom(): boolean {
    return this.#open < this.#most && this.#open - this.#extra < this.#limit;
  }

  #leaver(onLeave: () => void = () => undefined): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      onLeave();
      this.#open--;
      this.#pump();
    };
  }

  /** The server refused a channel while `#open` sessions, this one too, were taken. False when it was the only one. */
  refused(): boolean {
    if (this.#open <= 1) return false;
    this.#most = Math.max(1, Math.min(this.#most, this.#open - 1));
    this.#limit = Math.min(this.#limit, this.#most);
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
    while (this.#hasRoom()) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#open++;
      next.grant();
    }
  }
}
