import type { Readable } from 'node:stream';
import type { ClusterReference, Clusters } from './clusters.ts';
import type { Connection } from './connection.ts';
import { receiveFile } from './receive-file.ts';
import { sendSource, type TransferOptions, type UploadSource } from './transfer.ts';
import type { FileInfo, FileList, FilePlace } from './types.ts';

export interface UploadOptions extends TransferOptions {
  /** Of the file there; default 0o600. */
  mode?: number;
}

/** Files and folders of clusters. */
export class Files {
  readonly #connection: Connection;
  readonly #clusters: Clusters;

  /** @internal */
  constructor(connection: Connection, clusters: Clusters) {
    this.#connection = connection;
    this.#clusters = clusters;
  }

  /** The entries of a folder; an empty path is the home directory. */
  async list(cluster: ClusterReference, path = '', options: { signal?: AbortSignal } = {}): Promise<FileList> {
    const clusterId = await this.#clusters.idOf(cluster);
    return this.#connection.repeatable('files.list', { clusterId, path }, options.signal);
  }

  /** Folders worth a shortcut: home, work, scratch. */
  async places(cluster: ClusterReference): Promise<FilePlace[]> {
    return this.#connection.repeatable('files.places', { clusterId: await this.#clusters.idOf(cluster) });
  }

  /** The bytes of a file from an offset on, as they come. */
  async read(
    cluster: ClusterReference,
    path: string,
    { offset = 0, signal }: { offset?: number; signal?: AbortSignal } = {},
  ): Promise<Readable> {
    const clusterId = await this.#clusters.idOf(cluster);
    const stream = await this.#connection.openStream('files.download', { clusterId, path, offset }, signal);
    // Why it ended early, for whoever reads.
    stream.closed.catch((error: Error) => stream.data.destroy(error));
    return stream.data;
  }

  /** Copies a local file or bytes to a path there, under a temporary name until it is complete. Answers with its bytes. */
  async upload(
    cluster: ClusterReference,
    source: UploadSource,
    path: string,
    { mode = 0o600, progress, signal }: UploadOptions = {},
  ): Promise<number> {
    const clusterId = await this.#clusters.idOf(cluster);
    return sendSource(
      source,
      (size, within) => this.#connection.openStream('files.upload', { clusterId, path, mode, size }, within),
      { progress, signal: signal ?? this.#connection.closed },
    );
  }

  /**
   * Copies a file there to a local path, under a temporary name until it is complete; after a lost connection it goes on where it
   * was. Answers with its bytes.
   */
  async download(
    cluster: ClusterReference,
    path: string,
    target: string,
    { progress, signal }: TransferOptions = {},
  ): Promise<number> {
    const clusterId = await this.#clusters.idOf(cluster);
    return receiveFile(
      target,
      (part, within) => this.#connection.openStream('files.download', { clusterId, path, ...part }, within),
      { progress, signal: signal ?? this.#connection.closed },
    );
  }

  /** What is at a path: kind, size, time, mode. @throws NotFoundError */
  async stat(cluster: ClusterReference, path: string, options: { signal?: AbortSignal } = {}): Promise<FileInfo> {
    const clusterId = await this.#clusters.idOf(cluster);
    return this.#connection.repeatable('files.stat', { clusterId, path }, options.signal);
  }

  /** Makes a folder; `parents`: also those above it, and it may be there already. */
  async makeDirectory(cluster: ClusterReference, path: string, { parents = false } = {}): Promise<void> {
    const clusterId = await this.#clusters.idOf(cluster);
    await this.#connection.request('files.makeDirectory', { clusterId, path, parents });
  }

  /** Gives a file or folder another path; `replace`: also where a file has it. */
  async move(cluster: ClusterReference, path: string, newPath: string, { replace = false } = {}): Promise<void> {
    const clusterId = await this.#clusters.idOf(cluster);
    await this.#connection.request('files.move', { clusterId, path, newPath, replace });
  }

  /** Removes a file, a link or an empty folder; `recursive`: a folder with all that is in it. */
  async remove(cluster: ClusterReference, path: string, { recursive = false } = {}): Promise<void> {
    const clusterId = await this.#clusters.idOf(cluster);
    await this.#connection.request('files.remove', { clusterId, path, recursive });
  }
}
