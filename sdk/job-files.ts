import type { Readable } from 'node:stream';
import type { Connection } from './connection.ts';
import type { UploadOptions } from './files.ts';
import { receiveFile } from './receive-file.ts';
import { sendSource, type TransferOptions, type UploadSource } from './transfer.ts';
import type { FileList } from './types.ts';

/** The files of a job; paths are those in its directory. */
export class JobFiles {
  readonly #connection: Connection;
  readonly #id: string;

  /** @internal */
  constructor(connection: Connection, id: string) {
    this.#connection = connection;
    this.#id = id;
  }

  /** The entries of its directory, or of a folder in it. */
  list(path = '', options: { signal?: AbortSignal } = {}): Promise<FileList> {
    return this.#connection.repeatable('jobs.files', { id: this.#id, path }, options.signal);
  }

  /** The bytes of a file from an offset on, as they come. */
  async read(path: string, { offset = 0, signal }: { offset?: number; signal?: AbortSignal } = {}): Promise<Readable> {
    const stream = await this.#connection.openStream('jobs.download', { id: this.#id, path, offset }, signal);
    // Why it ended early, for whoever reads.
    stream.closed.catch((error: Error) => stream.data.destroy(error));
    return stream.data;
  }

  /** Copies a local file or bytes into the directory, under a temporary name until it is complete. Answers with its bytes. */
  upload(source: UploadSource, path: string, { mode = 0o600, progress, signal }: UploadOptions = {}): Promise<number> {
    return sendSource(
      source,
      (size, within) => this.#connection.openStream('jobs.upload', { id: this.#id, path, mode, size }, within),
      { progress, signal: signal ?? this.#connection.closed },
    );
  }

  /**
   * Copies a file to a local path, under a temporary name until it is complete; after a lost connection it goes on where it was.
   * Answers with its bytes.
   */
  async download(path: string, target: string, { progress, signal }: TransferOptions = {}): Promise<number> {
    return receiveFile(
      target,
      (part, within) => this.#connection.openStream('jobs.download', { id: this.#id, path, ...part }, within),
      { progress, signal: signal ?? this.#connection.closed },
    );
  }

  /** Removes a file or an empty folder. */
  async remove(path: string): Promise<void> {
    await this.#connection.request('jobs.removeFile', { id: this.#id, path });
  }
}
