import type { ClusterReference } from './clusters.ts';
import type { Files, UploadOptions } from './files.ts';
import type { Progress, TransferOptions, UploadSource } from './transfer.ts';

/** A copy that is under way. */
export class Transfer {
  /** Resolves with the number of bytes when it is complete. */
  readonly done: Promise<number>;
  #progress: Progress = { bytes: 0, total: null };
  readonly #controller = new AbortController();

  /** @internal */
  constructor(begin: (options: Required<TransferOptions>) => Promise<number>, signal?: AbortSignal) {
    const onProgress = (progress: Progress) => {
      this.#progress = progress;
    };
    const within = signal ? AbortSignal.any([signal, this.#controller.signal]) : this.#controller.signal;
    this.done = begin({ progress: onProgress, signal: within });
    this.done.catch(() => undefined);
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Ends it; `done` rejects, and nothing is left of it under its final name. */
  cancel(): void {
    this.#controller.abort();
  }
}

/** Copies that go on while the program does something else. */
export class Transfers {
  readonly #files: Files;

  /** @internal */
  constructor(files: Files) {
    this.#files = files;
  }

  upload(cluster: ClusterReference, source: UploadSource, path: string, options: UploadOptions = {}): Transfer {
    return new Transfer(
      (own) => this.#files.upload(cluster, source, path, { ...options, ...tee(own, options) }),
      options.signal,
    );
  }

  download(cluster: ClusterReference, path: string, target: string, options: TransferOptions = {}): Transfer {
    return new Transfer(
      (own) => this.#files.download(cluster, path, target, { ...options, ...tee(own, options) }),
      options.signal,
    );
  }
}

/** Reports to the transfer itself and to whoever began it. */
const tee = (own: Required<TransferOptions>, { progress }: TransferOptions): Required<TransferOptions> => ({
  signal: own.signal,
  progress(now) {
    own.progress(now);
    progress?.(now);
  },
});
