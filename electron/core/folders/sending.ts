import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import type { Folder, SyncReport } from '../../shared/folders.ts';
import type { Progress } from '../../shared/instances.ts';
import type { Clock } from '../deps.ts';
import { directoryError } from '../instances/directory.ts';
import { quote } from '../shell-quote.ts';
import type { Connection } from '../ssh/types.ts';
import { enclose, folderDirectory } from './cluster-folder.ts';
import { withFolder } from './folder-lock.ts';
import { checkOut } from './git.ts';
import { withSource } from './sources.ts';
import { syncFolder } from './sync.ts';

export interface SendingDeps {
  /** Everything of ours on this machine. */
  data: string;
  folder: (id: string) => Folder;
  /** The cluster's own lines for bash, which may bring git. */
  environment: (clusterId: string) => string;
  sent: (id: string, report: SyncReport) => void;
  clock: Clock;
}

export interface Send {
  id: string;
  clusterId: string;
  /** Home directory there. */
  home: string;
  connection: Connection;
  progress: (progress: Progress) => void;
  signal: AbortSignal;
}

/** How often a folder in which files come and go is looked at again. */
const TRIES = 3;

/** Brings folders to clusters, one synchronisation of a folder to a cluster at a time. */
export class Sending {
  readonly #deps: SendingDeps;
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Of this process; what another one does shows by its lock on the cluster. */
  readonly #owner = randomBytes(8).toString('hex');

  constructor(deps: SendingDeps) {
    this.#deps = deps;
  }

  async send(input: Send): Promise<SyncReport> {
    return this.#inTurn(input, async () => {
      const report = await this.#send(input);
      this.#deps.sent(input.id, report);
      return report;
    });
  }

  /** Puts what was sent into the directory of a launch whose job does not see it. */
  enclose(input: Omit<Send, 'progress'>, archive: string): Promise<void> {
    const { id, home, connection, signal } = input;
    const directory = folderDirectory(home, id);
    return this.#inTurn(input, () =>
      withFolder(connection, directory, { owner: this.#owner, signal }, (held) =>
        enclose(connection, directory, archive, held),
      ),
    );
  }

  /** Takes a folder's files and environments off a cluster. */
  clean(input: Omit<Send, 'progress'>): Promise<void> {
    const { id, home, connection, signal } = input;
    const directory = folderDirectory(home, id);
    return this.#inTurn(input, () =>
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

  async #inTurn<T>({ id, clusterId, signal }: Omit<Send, 'progress'>, work: () => Promise<T>): Promise<T> {
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
    // Who no longer wants it need not wait for those before.
    return Promise.race([turn, rejectOn(signal, settled)]);
  }

  async #send({ id, clusterId, home, connection, progress, signal }: Send): Promise<SyncReport> {
    const { source } = this.#deps.folder(id);
    const directory = folderDirectory(home, id);
    const at = this.#deps.clock.now();
    const owner = this.#owner;
    if (source.kind === 'git') {
      progress({ fraction: null, words: `Cloning ${source.url}` });
      const environment = this.#deps.environment(clusterId);
      const { isNew } = await withFolder(connection, directory, { owner, signal }, (held) =>
        checkOut(connection, directory, source, environment, held.signal),
      );
      const none = { files: 0, bytes: 0, sentFiles: 0, sentBytes: 0, keptFiles: 0, removedFiles: 0 };
      const words = `${isNew ? 'cloned' : 'already'} at ${source.commit.slice(0, 12)}, nothing sent from here`;
      return { clusterId, at, ...none, words };
    }
    const hashes = join(this.#deps.data, 'folder-hashes', id, 'files.json');
    for (let tries = 1; ; tries += 1) {
      progress({ fraction: null, words: 'Looking at the folder' });
      try {
        const result = await withSource(source, join(this.#deps.data, 'unpacked'), signal, (scan) =>
          syncFolder({ scan, connection, directory, hashes, owner, progress, signal }),
        );
        return { clusterId, at, ...result };
      } catch (error) {
        // A file changed between the look and its turn: what is there now is looked at anew.
        if (AppError.from(error).code !== 'conflict' || tries >= TRIES) throw error;
      }
    }
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
