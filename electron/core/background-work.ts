import { setMaxListeners } from 'node:events';
import { AppError } from '../shared/errors.ts';
import type { Logger } from './deps.ts';

/** Work that nobody waits for: its failure is logged and ends nothing else. */
export class BackgroundWork {
  readonly #logger: Logger;
  readonly #life = new AbortController();

  constructor(logger: Logger) {
    this.#logger = logger;
    // All launchers of all clusters may be asked at a time.
    setMaxListeners(0, this.#life.signal);
  }

  /** Aborted when the core closes. */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  run(name: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.signal.aborted) this.#logger.warn(`${name} failed`, { error: AppError.from(error).message });
    });
  }

  dispose(): void {
    this.#life.abort(new AppError('cancelled', 'Tunel is closing.'));
  }
}
