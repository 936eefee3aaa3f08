import { AppError } from '../shared/errors.ts';

/** Work that a request begins and another one, which knows its key, can cancel. A key that is used again cancels the old. */
export class KeyedWork {
  readonly #running = new Map<string, AbortController>();
  readonly #closing: AbortSignal;

  constructor(closing: AbortSignal) {
    this.#closing = closing;
  }

  async run<T>(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.cancel(key);
    const controller = new AbortController();
    this.#running.set(key, controller);
    try {
      return await work(AbortSignal.any([controller.signal, this.#closing]));
    } finally {
      if (this.#running.get(key) === controller) this.#running.delete(key);
    }
  }

  cancel(key: string): void {
    this.#running.get(key)?.abort(new AppError('cancelled', 'It is not asked for any more.'));
  }
}
