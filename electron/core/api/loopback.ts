import type { LoopbackStatus } from '../../shared/contract/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../deps.ts';
import type { ApiServer } from './server.ts';

interface LoopbackDeps {
  /** Listens on this port of 127.0.0.1; 0: any free one. @throws AppError */
  serve: (port: number) => Promise<ApiServer & { readonly port: number }>;
  logger: Logger;
}

/** The API on 127.0.0.1, beside the socket, as the user's setting wants it. */
export class Loopback {
  readonly #deps: LoopbackDeps;
  /** null: off. */
  #wanted: number | null = null;
  #server: (ApiServer & { readonly port: number }) | null = null;
  #error: AppError | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(deps: LoopbackDeps) {
    this.#deps = deps;
  }

  /** null: it is off. */
  get status(): LoopbackStatus | null {
    if (this.#wanted === null) return null;
    return { port: this.#server?.port ?? null, error: this.#error?.serialize() ?? null };
  }

  /** Listens on the port, or no more; one change after the other. */
  apply(port: number | null): void {
    if (port === this.#wanted) return;
    this.#wanted = port;
    this.#work = this.#work.then(() => this.#change(port));
  }

  /** `reason`: sent to the clients before. */
  async close(reason: AppError | null): Promise<void> {
    this.#wanted = null;
    await this.#work;
    await this.#server?.close(reason);
    this.#server = null;
  }

  async #change(port: number | null): Promise<void> {
    await this.#server?.close(null);
    this.#server = null;
    this.#error = null;
    // Another change may wait already.
    if (port === null || port !== this.#wanted) return;
    try {
      this.#server = await this.#deps.serve(port);
    } catch (error) {
      this.#error = AppError.from(error);
      this.#deps.logger.warn('The API does not listen on 127.0.0.1', { error: this.#error.message });
    }
  }
}
