import { dirname } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { type Folder, folderRecipePrefix, type SyncReport } from '../../shared/folders.ts';
import type { Instance } from '../../shared/instances.ts';
import type { Clock, Logger } from '../deps.ts';
import { quote } from '../shell-quote.ts';
import type { Connection, Connections, Lease } from '../ssh/types.ts';
import { watchFolder } from './watch.ts';

export interface WatchesDeps {
  connections: Pick<Connections, 'acquire'>;
  instances: () => readonly Instance[];
  folder: (id: string) => Folder;
  send: (
    id: string,
    clusterId: string,
    home: string,
    connection: Connection,
    signal: AbortSignal,
  ) => Promise<SyncReport>;
  changed: () => void;
  clock: Clock;
  logger: Logger;
  life: AbortSignal;
}

interface Watching {
  folderId: string;
  end(): Promise<void>;
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

  /** @throws AppError `not-found`, `bad-input` (no folder of this computer) */
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
    const lease = await this.#deps.connections.acquire(instance.clusterId, this.#deps.life);
    const stopped = new AbortController();
    const signal = AbortSignal.any([stopped.signal, this.#deps.life]);
    const again = () => this.#sendAgain(id, instanceId, lease.connection, signal);
    const end = watchFolder(source.path, again, this.#deps.logger);
    this.#watching.set(instanceId, { folderId: id, end: endOf(lease, stopped, end, instance) });
    await mark(lease.connection, instance.directory, ': >watching', signal);
    // What was saved since the launch.
    await again();
  }

  async end(instanceId: string): Promise<void> {
    const watching = this.#watching.get(instanceId);
    if (!watching) return;
    this.#watching.delete(instanceId);
    this.#problems.delete(watching.folderId);
    this.#deps.changed();
    await watching.end();
  }

  /** One save of a watched folder: what changed goes there, then the app starts again. Its failure is shown, not thrown. */
  async #sendAgain(id: string, instanceId: string, connection: Connection, signal: AbortSignal): Promise<void> {
    const instance = this.#deps.instances().find((app) => app.id === instanceId);
    if (!instance || instance.endedAt !== null) {
      void this.end(instanceId);
      return;
    }
    try {
      const home = dirname(dirname(instance.directory));
      const report = await this.#deps.send(id, instance.clusterId, home, connection, signal);
      if (
        report.sentFiles + report.keptFiles + report.removedFiles > 0 &&
        this.#deps.folder(id).start.kind !== 'static'
      ) {
        await mark(
          connection,
          instance.directory,
          `echo ${this.#deps.clock.now()} >.restart && mv -f .restart restart`,
          signal,
        );
      }
      this.#problems.delete(id);
    } catch (error) {
      if (signal.aborted) return;
      this.#problems.set(id, AppError.from(error).message);
    } finally {
      this.#deps.changed();
    }
  }

  settle(): void {
    for (const instanceId of this.#watching.keys()) {
      const instance = this.#deps.instances().find(({ id }) => id === instanceId);
      if (!instance || instance.endedAt !== null) void this.end(instanceId);
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#watching.values()].map(({ end }) => end()));
    this.#watching.clear();
  }
}

/** Ends a watch: nothing more is sent, the app ends when it ends, the connection is given back. */
function endOf(lease: Lease, stopped: AbortController, end: () => Promise<void>, { directory }: Instance) {
  return async () => {
    stopped.abort(new AppError('cancelled', 'The folder is not watched any more.'));
    await end();
    if (!lease.connection.closed.aborted) {
      await mark(lease.connection, directory, 'rm -f watching', AbortSignal.timeout(5000)).catch(() => undefined);
    }
    lease.release();
  };
}

async function mark(connection: Connection, directory: string, command: string, signal: AbortSignal): Promise<void> {
  await connection.run(`umask 077\ncd ${quote(directory)} && ${command}\n`, { signal });
}
