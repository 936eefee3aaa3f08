import { AppError } from '../../shared/errors.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { Logger } from '../deps.ts';
import type { Storage } from '../storage/types.ts';

/** A cluster that was not reached again for so long keeps the oldest. */
const MOST = 1000;
/** Paths of one command. */
const BATCH = 50;

interface UnfinishedUploadsDeps {
  storage: Pick<Storage, 'unfinishedUploads' | 'saveUnfinishedUploads'>;
  logger: Logger;
}

interface Shell {
  run(script: string): Promise<unknown>;
}

/**
 * The temporary files of uploads, written down before they are made. One that its upload did not end, because the engine or the
 * connection did, is removed on the cluster's next connection.
 */
export class UnfinishedUploads {
  readonly #deps: UnfinishedUploadsDeps;
  /** Those of uploads that go on. */
  readonly #open = new Set<string>();

  constructor(deps: UnfinishedUploadsDeps) {
    this.#deps = deps;
  }

  /** Before the file is made. `done`: it is there no more; `failed`: it may be. */
  begin(clusterId: string, path: string): { done(): void; failed(): void } {
    const { storage } = this.#deps;
    const key = `${clusterId} ${path}`;
    this.#open.add(key);
    this.#save(clusterId, [...storage.unfinishedUploads(clusterId), path].slice(-MOST));
    return {
      done: () => {
        this.#open.delete(key);
        this.#forget(clusterId, [path]);
      },
      // Its removal may have failed with the connection.
      failed: () => void this.#open.delete(key),
    };
  }

  /** @throws AppError where the connection ends; then the next one does it */
  async clean(clusterId: string, connection: Shell): Promise<void> {
    const left = this.#deps.storage
      .unfinishedUploads(clusterId)
      .filter((path) => !this.#open.has(`${clusterId} ${path}`));
    for (let from = 0; from < left.length; from += BATCH) {
      const paths = left.slice(from, from + BATCH);
      await connection.run(`rm -f -- ${paths.map(quote).join(' ')}`);
      this.#forget(clusterId, paths);
    }
  }

  #forget(clusterId: string, paths: readonly string[]): void {
    const { storage } = this.#deps;
    const left = storage.unfinishedUploads(clusterId).filter((path) => !paths.includes(path));
    this.#save(clusterId, left);
  }

  /** An upload does not need space on this computer. */
  #save(clusterId: string, paths: readonly string[]): void {
    try {
      this.#deps.storage.saveUnfinishedUploads(clusterId, paths);
    } catch (error) {
      this.#deps.logger.warn('an upload was not written down', { error: AppError.from(error).message });
    }
  }
}
