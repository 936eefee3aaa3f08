import { dirname } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { type Folder, folderRecipePrefix, type SyncReport } from '../../shared/folders.ts';
import type { Instance } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { Clock } from '../deps.ts';
import { quote } from '../shell-quote.ts';
import type { Connection, Connections, Lease } from '../ssh/types.ts';
import type { Send } from './sending.ts';
import { watchFolder } from './watch.ts';

export interface WatchesDeps {
  connections: Pick<Connections, 'acquire'>;
  instances: () => readonly Instance[];
  folder: (id: string) => Folder;
  /** Whether a launcher's jobs do not see the home directory. */
  isSent: (launcher: LauncherName) => boolean;
  send: (input: Omit<Send, 'progress'>) => Promise<SyncReport>;
  changed: () => void;
  clock: Clock;
  life: AbortSignal;
}

/** Running apps whose folder is sent again at each save. */
export class Watches {
  readonly #deps: WatchesDeps;
  readonly #watching = new Map<string, Watching>();
  readonly #problems = new Map<string, string>();

  constructor(deps: WatchesDeps) {
    this.#deps = deps;
  }

  /** Ids of the apps of a folder that are watched. */
  of(folderId: string): string[] {
    return [...this.#watching].filter(([, watching]) => watching.folderId === folderId).map(([id]) => id);
  }

  problem(folderId: string): string | null {
    return this.#problems.get(folderId) ?? null;
  }

  /** @throws AppError `not-found`, `bad-input` (no folder of this computer, or the job does not see it) */
  async begin(instanceId: string): Promise<void> {
    if (this.#watching.has(instanceId)) return;
    const instance = this.#deps.instances().find(({ id }) => id === instanceId);
    if (!instance || instance.endedAt !== null) throw new AppError('not-found', 'This app does not run.');
    const id = instance.recipe.startsWith(folderRecipePrefix) ? instance.recipe.slice(folderRecipePrefix.length) : '';
    const { source } = this.#deps.folder(id);
    if (source.kind !== 'folder') {
      throw new AppError('bad-input', 'Only a folder of this computer can be watched.', {
        hint: 'Unpack it here, choose the folder, and launch that.',
      });
    }
    if (this.#deps.isSent(instance.launcher)) {
      throw new AppError('bad-input', 'This app cannot be watched: its job does not see your home directory.', {
        hint: 'The files went along with the job. Stop it and launch it again to send what you saved.',
      });
    }
    const watching = new Watching(this.#deps, instance, id, source.path, (problem) => {
      if (problem === null) this.#problems.delete(id);
      else this.#problems.set(id, problem);
      this.#deps.changed();
    });
    this.#watching.set(instanceId, watching);
    try {
      await watching.begin();
    } catch (error) {
      await this.end(instanceId);
      throw error;
    }
  }

  async end(instanceId: string): Promise<void> {
    const watching = this.#watching.get(instanceId);
    if (!watching) return;
    this.#watching.delete(instanceId);
    this.#problems.delete(watching.folderId);
    this.#deps.changed();
    await watching.end();
  }

  /** Instances changed: a watch ends with its app. */
  settle(): void {
    for (const instanceId of this.#watching.keys()) {
      const instance = this.#deps.instances().find(({ id }) => id === instanceId);
      if (!instance || instance.endedAt !== null) void this.end(instanceId);
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#watching.values()].map((watching) => watching.end()));
    this.#watching.clear();
  }
}

class Watching {
  readonly folderId: string;
  readonly #deps: WatchesDeps;
  readonly #instance: Instance;
  readonly #path: string;
  readonly #tell: (problem: string | null) => void;
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  #lease: Lease | null = null;
  #unwatch: (() => Promise<void>) | null = null;

  constructor(
    deps: WatchesDeps,
    instance: Instance,
    folderId: string,
    path: string,
    tell: (problem: string | null) => void,
  ) {
    this.#deps = deps;
    this.#instance = instance;
    this.folderId = folderId;
    this.#path = path;
    this.#tell = tell;
    this.#signal = AbortSignal.any([this.#stopped.signal, deps.life]);
  }

  async begin(): Promise<void> {
    await this.#mark(': >watching');
    const failed = (why: string) => this.#tell(`The folder is not watched any more: ${why}`);
    this.#unwatch = watchFolder(this.#path, () => this.#sendAgain(), failed);
    // What was saved since the launch.
    await this.#sendAgain();
  }

  /** Nothing more is sent, the app ends when it ends, the connection is given back. */
  async end(): Promise<void> {
    this.#stopped.abort(new AppError('cancelled', 'The folder is not watched any more.'));
    await this.#unwatch?.();
    const lease = this.#lease;
    this.#lease = null;
    if (!lease) return;
    if (!lease.connection.closed.aborted) {
      await mark(lease.connection, this.#instance.directory, 'rm -f watching', AbortSignal.timeout(5000)).catch(
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

  async #mark(command: string): Promise<void> {
    await mark(await this.#connection(), this.#instance.directory, command, this.#signal);
  }

  /** One save: what changed goes there, then the app is told. Its failure is shown, not thrown. */
  async #sendAgain(): Promise<void> {
    try {
      const { clusterId, directory } = this.#instance;
      const { sentFiles, keptFiles, removedFiles } = await this.#deps.send({
        id: this.folderId,
        clusterId,
        home: dirname(dirname(directory)),
        connection: await this.#connection(),
        signal: this.#signal,
      });
      if (sentFiles + keptFiles + removedFiles > 0) {
        await this.#mark(`echo ${this.#deps.clock.now()} >.restart && mv -f .restart restart`);
      }
      this.#tell(null);
    } catch (error) {
      if (!this.#signal.aborted) this.#tell(AppError.from(error).message);
    }
  }
}

async function mark(connection: Connection, directory: string, command: string, signal: AbortSignal): Promise<void> {
  await connection.run(`umask 077\ncd ${quote(directory)} && ${command}\n`, { signal });
}
