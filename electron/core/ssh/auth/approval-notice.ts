import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../deps.ts';

/** A server that is silent for so long after an answer may wait for a phone, ms. */
const SILENCE_MS = 5000;

interface ApprovalNoticeOptions {
  clock: Clock;
  /** Shows the notice until the signal fires; rejects with `cancelled` when the user closes it. */
  show(option: string | null, signal: AbortSignal): Promise<unknown>;
  /** The user does not want to wait. */
  onCancel(error: AppError): void;
}

/** Asks the user to approve on another device while the server waits for that. */
export class ApprovalNotice {
  readonly #options: ApprovalNoticeOptions;
  #shown: AbortController | null = null;
  #silence: AbortController | null = null;

  constructor(options: ApprovalNoticeOptions) {
    this.#options = options;
  }

  /** `option`: what was chosen in a menu, null when only the server's silence says so. */
  show(option: string | null): void {
    if (this.#shown) return;
    const shown = new AbortController();
    this.#shown = shown;
    this.#options.show(option, shown.signal).catch((thrown: unknown) => {
      const error = AppError.from(thrown);
      // Where nobody can be shown it, the approval may still come.
      if (!shown.signal.aborted && error.code === 'cancelled') this.#options.onCancel(error);
    });
  }

  /** An answer was sent to the server. */
  sent(): void {
    this.#silence?.abort();
    const silence = new AbortController();
    this.#silence = silence;
    this.#options.clock.sleep(SILENCE_MS, silence.signal).then(
      () => this.show(null),
      () => undefined,
    );
  }

  /** The server went on, or the connection ended. */
  end(): void {
    this.#silence?.abort();
    this.#shown?.abort();
    this.#shown = null;
  }
}
