import { AppError } from '../shared/errors.ts';
import { unlessAborted } from './unless-aborted.ts';

/** One piece of work that several wait for: whoever leaves does not end it for the others, and the last one does. */
export class SharedAttempt<T> {
  readonly #abort = new AbortController();
  readonly #work: Promise<T>;
  /** Resolves when the work has ended, however it did. */
  readonly over: Promise<void>;
  #waiting = 0;
  #isSettled = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work(this.#abort.signal);
    const settle = () => {
      this.#isSettled = true;
    };
    this.over = this.#work.then(settle, settle);
  }

  /** Everybody has left before its end: it is of no use to others. */
  get isAbandoned(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Rejects with the signal's reason, or with what the work ended with. */
  async join(signal?: AbortSignal): Promise<T> {
    this.#waiting += 1;
    try {
      return await unlessAborted(this.#work, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#isSettled) this.#abort.abort(new AppError('cancelled', 'Cancelled.'));
    }
  }
}
