import { EventEmitter } from 'node:events';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Folder } from '../../shared/folders.ts';
import type { Instance } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { message } from '../../shared/messages.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { Clock } from '../deps.ts';
import type { Connection, Connections, Lease } from '../ssh/types.ts';
import { changesFiles, type FolderSender } from './folder-sender.ts';
import type { FolderStore } from './folder-store.ts';
import type { RunningApps } from './types.ts';
import { watchFiles } from './watch-files.ts';

interface FolderWatchesDeps {
  store: Pick<FolderStore, 'get' | 'findByRecipe'>;
  sender: Pick<FolderSender, 'send'>;
  connections: Pick<Connections, 'acquire'>;
  runningApps: Pick<RunningApps, 'list' | 'onChange'>;
  /** Whether the jobs of a launcher see the home directory. */
  seesHome: (launcher: LauncherName) => boolean;
  clock: Clock;
  life: AbortSignal;
}

/** Running apps whose folder is sent again at each save. */
export class FolderWatches {
  readonly #deps: FolderWatchesDeps;
  readonly #watches = new Map<string, FolderWatch>();
  readonly #problems = new Map<string, string>();
  readonly #emitter = new EventEmitter<{ changed: [] }>();
  readonly #unsubscribe: () => void;

  constructor(deps: FolderWatchesDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.runningApps.onChange(() => this.#endWithApps());
  }

  /** @returns what ends it */
  onChange(listener: () => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  /** Ids of the apps of a folder that are watched. */
  appsOf(folderId: string): string[] {
    return [...this.#watches].filter(([, watch]) => watch.folderId === folderId).map(([id]) => id);
  }

  problem(folderId: string): string | null {
    return this.#problems.get(folderId) ?? null;
  }

  /** @throws AppError `not-found`, `bad-input` (no folder of this computer, or the job does not see it) */
  async begin(instanceId: string): Promise<void> {
    if (this.#watches.has(instanceId)) return;
    const instance = this.#deps.runningApps.list().find(({ id }) => id === instanceId);
    if (!instance || instance.endedAt !== null) throw new AppError('not-found', 'This app does not run.');
    const { id, source } = this.#folderOf(instance);
    if (source.kind !== 'folder') {
      throw new AppError('bad-input', 'Only a folder of this computer can be watched.', {
        hint: 'Unpack it here, choose the folder, and launch that.',
      });
    }
    if (!this.#deps.seesHome(instance.launcher)) {
      throw new AppError('bad-input', 'This app cannot be watched: its job does not see your home directory.', {
        hint: 'The files went along with the job. Stop it and launch it again to send what you saved.',
      });
    }
    const watch = new FolderWatch(this.#deps, instance, { id, path: source.path }, (problem) => {
      if (problem === null) this.#problems.delete(id);
      else this.#problems.set(id, problem);
      this.#emitter.emit('changed');
    });
    this.#watches.set(instanceId, watch);
    try {
      await watch.begin();
    } catch (error) {
      await this.end(instanceId);
      throw error;
    }
  }

  async end(instanceId: string): Promise<void> {
    const watch = this.#watches.get(instanceId);
    if (!watch) return;
    this.#watches.delete(instanceId);
    this.#problems.delete(watch.folderId);
    this.#emitter.emit('changed');
    await watch.end();
  }

  #folderOf({ recipe }: Instance): Folder {
    const found = this.#deps.store.findByRecipe(recipe);
    if (found) return found.folder;
    throw new AppError('not-found', message`The recipe ${{ recipe }} runs no folder.`, {
      hint: 'See them with: tunel folder list',
    });
  }

  #endWithApps(): void {
    if (this.#watches.size === 0) return;
    const running = new Set(this.#deps.runningApps.list().flatMap((app) => (app.endedAt === null ? [app.id] : [])));
    for (const instanceId of this.#watches.keys()) if (!running.has(instanceId)) void this.end(instanceId);
  }

  async dispose(): Promise<void> {
    this.#unsubscribe();
    await Promise.all([...this.#watches.values()].map((watch) => watch.end()));
    this.#watches.clear();
  }
}

class FolderWatch {
  readonly folderId: string;
  readonly #deps: FolderWatchesDeps;
  readonly #instance: Instance;
  readonly #path: string;
  readonly #report: (problem: string | null) => void;
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  #lease: Lease | null = null;
  #stopWatching: (() => Promise<void>) | null = null;

  constructor(
    deps: FolderWatchesDeps,
    instance: Instance,
    folder: { id: string; path: string },
    report: (problem: string | null) => void,
  ) {
    this.#deps = deps;
    this.#instance = instance;
    this.folderId = folder.id;
    this.#path = folder.path;
    this.#report = report;
    this.#signal = AbortSignal.any([this.#stopped.signal, deps.life]);
  }

  async begin(): Promise<void> {
    await this.#runInDirectory(': >watching');
    const failed = (why: string) => this.#report(`The folder is not watched any more: ${why}`);
    this.#stopWatching = watchFiles(this.#path, () => this.#sendAgain(), failed);
    // Files may have been saved since the launch.
    await this.#sendAgain();
  }

  /** Nothing more is sent, the app ends when it ends, the connection is given back. */
  async end(): Promise<void> {
    this.#stopped.abort(new AppError('cancelled', 'The folder is not watched any more.'));
    await this.#stopWatching?.();
    const lease = this.#lease;
    this.#lease = null;
    if (!lease) return;
    if (!lease.connection.closed.aborted) {
      await runIn(lease.connection, this.#instance.directory, 'rm -f watching', AbortSignal.timeout(5000)).catch(
        () => undefined,
      );
    }
    lease.release();
  }

  /** A connection that was lost is replaced by the next. */
  async #connection(): Promise<Connection> {
    if (this.#lease?.connection.closed.aborted) {
      this.#lease.release();
      this.#lease = null;
    }
    this.#lease ??= await this.#deps.connections.acquire(this.#instance.clusterId, this.#signal);
    return this.#lease.connection;
  }

  async #runInDirectory(command: string): Promise<void> {
    await runIn(await this.#connection(), this.#instance.directory, command, this.#signal);
  }

  /** Sends what was saved and marks that the app is to start again. A failure is shown on the folder. */
  async #sendAgain(): Promise<void> {
    try {
      const { clusterId, directory } = this.#instance;
      const target = {
        id: this.folderId,
        clusterId,
        home: dirname(dirname(directory)),
        connection: await this.#connection(),
        signal: this.#signal,
      };
      // One save may be several events of the file system.
      const report = await this.#deps.sender.send(target, { keepsLastChange: true });
      if (changesFiles(report)) {
        await this.#runInDirectory(`echo ${this.#deps.clock.now()} >.restart && mv -f .restart restart`);
      }
      this.#report(null);
    } catch (error) {
      if (!this.#signal.aborted) this.#report(AppError.from(error).message);
    }
  }
}

async function runIn(connection: Connection, directory: string, command: string, signal: AbortSignal): Promise<void> {
  await connection.run(`umask 077\ncd ${quote(directory)} && ${command}\n`, { signal });
}
