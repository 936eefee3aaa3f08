import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';

/** What a transfer waits for that has made room for others. */
export class Turn {
  #give: (() => void) | null = null;

  get isAwaited(): boolean {
    return this.#give !== null;
  }

  /** Resolves when it is given. */
  async take(signal: AbortSignal): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        const forget = onAbort(signal, () => reject(AppError.from(signal.reason)));
        this.#give = () => {
          forget();
          resolve();
        };
      });
    } finally {
      this.#give = null;
    }
  }

  give(): void {
    this.#give?.();
    this.#give = null;
  }
}
