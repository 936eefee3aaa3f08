import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pRetry from 'p-retry';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import type { SyncReport } from '../../shared/folders.ts';
import type { Progress } from '../../shared/instances.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { Clock } from '../deps.ts';
import { directoryError } from '../instances/directory.ts';
import type { Connection } from '../ssh/types.ts';
import { archiveTree, folderDirectory } from './cluster-folder.ts';
import { withFolder } from './folder-lock.ts';
import type { FolderStore } from './folder-store.ts';
import { checkOut } from './git.ts';
import { withSource } from './sources.ts';
import { syncFolder } from './sync.ts';

interface FolderSenderDeps {
  /** Everything of ours on this machine. */
  data: string;
  store: FolderStore;
  /** The cluster's own lines for bash, which may make git available. */
  environment: (clusterId: string) => string;
  clock: Clock;
}

/** One folder on one cluster. */
export interface FolderOnCluster {
  id: string;
  clusterId: string;
  /** Home directory there. */
  home: string;
  connection: Connection;
  signal: AbortSignal;
}

/** How often a folder in which files come and go is scanned again. */
const RETRIES = 2;

interface SendOptions {
  /** A send that found nothing to change leaves the report of the one before. */
  keepsLastChange?: boolean;
}

export const changesFiles = ({ sentFiles, keptFiles, removedFiles }: SyncReport): boolean =>
  sentFiles + keptFiles + removedFiles > 0;

/** Sends folders to clusters, one synchronisation of a folder to a cluster at a time. */
export class FolderSender {
  readonly #deps: FolderSenderDeps;
  readonly #emitter = new EventEmitter<{ progress: [] }>();
  readonly #progress = new Map<string, Progress>();
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Of this process; what another one does shows by its lock on the cluster. */
  readonly #owner = randomBytes(8).toString('hex');

  constructor(deps: FolderSenderDeps) {
    this.#deps = deps;
  }

  /** What a synchronisation of this folder does now; null: there is none. */
  progress(id: string): Progress | null {
    return this.#progress.get(id) ?? null;
  }

  /** @returns what ends it */
  onProgress(listener: () => void): () => void {
    this.#emitter.on('progress', listener);
    return () => this.#emitter.off('progress', listener);
  }

  /** As `sendTo`, with its progress shown on the folder. */
  async send(target: FolderOnCluster, options: SendOptions = {}): Promise<SyncReport> {
    try {
      return await this.sendTo(target, (progress) => this.#show(target.id, progress), options);
    } finally {
      this.#show(target.id, null);
    }
  }

  async sendTo(
    target: FolderOnCluster,
    progress: (progress: Progress) => void,
    { keepsLastChange = false }: SendOptions = {},
  ): Promise<SyncReport> {
    return this.#inTurn(target, async () => {
      const report = await this.#send(target, progress);
      if (changesFiles(report) || !keepsLastChange) {
        this.#deps.store.saveReport(target.id, target.clusterId, report);
      }
      return report;
    });
  }

  /** Puts what was sent as an archive into the directory of a launch whose job does not see it. */
  archive(target: FolderOnCluster, archive: string): Promise<void> {
    const { id, home, connection, signal } = target;
    const directory = folderDirectory(home, id);
    return this.#inTurn(target, () =>
      withFolder(connection, directory, { owner: this.#owner, signal }, (held) =>
        archiveTree(connection, directory, archive, held),
      ),
    );
  }

  /** Takes a folder's files and environments off a cluster. */
  clean(target: FolderOnCluster): Promise<void> {
    const { id, home, connection, signal } = target;
    const directory = folderDirectory(home, id);
    return this.#inTurn(target, () =>
      withFolder(connection, directory, { owner: this.#owner, signal }, async () => {
        const result = await connection.run(`rm -rf -- ${quote(directory)}\n`, { signal });
        if (result.exitCode !== 0) throw directoryError(result, directory);
      }),
    );
  }

  /** What is kept here of a folder that is forgotten. */
  forget(id: string): void {
    rmSync(join(this.#deps.data, 'folder-hashes', id), { recursive: true, force: true });
  }

  async #inTurn<T>({ id, clusterId, signal }: FolderOnCluster, work: () => Promise<T>): Promise<T> {
    const key = `${id}@${clusterId}`;
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(() => {
      throwIfAborted(signal);
      return work();
    });
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(key, settled);
    void settled.then(() => {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    });
    // A caller that was cancelled does not wait for those before it.
    return Promise.race([turn, rejectOn(signal, settled)]);
  }

  async #send(target: FolderOnCluster, progress: (progress: Progress) => void): Promise<SyncReport> {
    const { id, clusterId, home, connection, signal } = target;
    const { source } = this.#deps.store.get(id).folder;
    const directory = folderDirectory(home, id);
    const at = this.#deps.clock.now();
    const owner = this.#owner;
    if (source.kind === 'git') {
      progress({ fraction: null, text: `Cloning ${source.url}` });
      const environment = this.#deps.environment(clusterId);
      const { isNew } = await withFolder(connection, directory, { owner, signal }, (held) =>
        checkOut(connection, directory, source, environment, held.signal),
      );
      const none = { files: 0, bytes: 0, sentFiles: 0, sentBytes: 0, keptFiles: 0, removedFiles: 0 };
      const text = `${isNew ? 'cloned' : 'already'} at ${source.commit.slice(0, 12)}, nothing sent from here`;
      return { clusterId, at, ...none, text };
    }
    const hashes = join(this.#deps.data, 'folder-hashes', id, 'files.json');
    const scanAndSend = async (): Promise<SyncReport> => {
      progress({ fraction: null, text: 'Looking at the folder' });
      const result = await withSource(source, join(this.#deps.data, 'unpacked'), signal, (scan) =>
        syncFolder({ scan, connection, directory, hashes, owner, progress, signal }),
      );
      return { clusterId, at, ...result };
    };
    // A file that changed after the scan is a conflict: the folder is scanned again, at once.
    return pRetry(scanAndSend, {
      retries: RETRIES,
      minTimeout: 0,
      shouldRetry: ({ error }) => error instanceof AppError && error.code === 'conflict',
      signal,
    });
  }

  #show(id: string, progress: Progress | null): void {
    if (progress) this.#progress.set(id, progress);
    else this.#progress.delete(id);
    this.#emitter.emit('progress');
  }
}

/** Never resolves; rejects when the signal fires before `settled`. */
function rejectOn(signal: AbortSignal, settled: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(AppError.from(signal.reason));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void settled.then(() => signal.removeEventListener('abort', stop));
  });
}
