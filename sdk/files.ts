import type { Readable } from 'node:stream';
import type { ClusterReference, Clusters } from './clusters.ts';
import type { Connection } from './connection.ts';
import { receiveFile, sendSource, type TransferOptions, type UploadSource } from './transfer.ts';
import type { FileEntry, FileList, FilePlace } from './types.ts';

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

  /** Copies a file there to a local path, under a temporary name until it is complete. Answers with its bytes. */
  async download(
    cluster: ClusterReference,
    path: string,
    target: string,
    { progress, signal }: TransferOptions = {},
  ): Promise<number> {
    const clusterId = await this.#clusters.idOf(cluster);
    const total = progress ? await this.#sizeOf(clusterId, path) : null;
    return receiveFile(target, (within) => this.#connection.openStream('files.download', { clusterId, path }, within), {
      progress,
      total,
      signal: signal ?? this.#connection.closed,
    });
  }

  /** What a folder's list says of one file; null: it is not in it. */
  async stat(cluster: ClusterReference, path: string): Promise<FileEntry | null> {
    const { entries } = await this.list(cluster, path.replace(/\/?[^/]*$/, '') || (path.startsWith('/') ? '/' : ''));
    return entries.find(({ name }) => name === path.split('/').at(-1)) ?? null;
  }

  async #sizeOf(clusterId: string, path: string): Promise<number | null> {
    return (await this.stat({ id: clusterId }, path))?.size ?? null;
  }
}
