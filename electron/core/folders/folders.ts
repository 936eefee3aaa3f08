import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import {
  type Folder,
  type FolderInput,
  type FolderSource,
  type FolderState,
  folderRecipePrefix,
  type SyncReport,
} from '../../shared/folders.ts';
import type { Instance, Progress } from '../../shared/instances.ts';
import type { Clock, Logger } from '../deps.ts';
import type { AppAnswer } from '../instances/ask-app.ts';
import { quote } from '../shell-quote.ts';
import type { Connection, Connections } from '../ssh/types.ts';
import { folderDirectory } from './cluster-folder.ts';
import { discover } from './discovery.ts';
import { FolderStore } from './folder-store.ts';
import { checkOut } from './git.ts';
import { writeFolderRecipe } from './recipe-folder.ts';
import { rescaleCluster } from './run-folder-script.ts';
import { inspectSource, scanSource } from './sources.ts';
import { syncFolder } from './sync.ts';
import { syncWords } from './sync-policy.ts';
import type { BringFiles, Folders } from './types.ts';
import { Watches } from './watches.ts';

export interface FoldersDeps {
  /** Everything of ours on this machine. */
  data: string;
  /** The shipped includes, which hold the helpers of folders. */
  templates: string;
  connections: Pick<Connections, 'acquire'>;
  home: (clusterId: string) => string | null;
  instances: () => readonly Instance[];
  ask: (instanceId: string, path: string) => Promise<AppAnswer>;
  told: (instanceId: string, told: Pick<Instance, 'title' | 'icon' | 'path'>) => void;
  clock: Clock;
  logger: Logger;
  /** A folder was saved or removed: its recipe too. */
  recipesChanged: () => Promise<void>;
  changed: () => void;
}

/** Below the data directory: a folder of recipes for the library. */
export const folderRecipes = (data: string): string => join(data, 'folder-recipes');

export function createFolders(deps: FoldersDeps): Folders {
  return new FolderList(deps);
}

class FolderList implements Folders {
  readonly #deps: FoldersDeps;
  readonly #store: FolderStore;
  readonly #life = new AbortController();
  readonly #watches: Watches;
  readonly #progress = new Map<string, Progress>();
  readonly #asked = new Set<string>();
  /** One synchronisation of a folder at a time. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(deps: FoldersDeps) {
    this.#deps = deps;
    this.#store = new FolderStore(deps.data, deps.clock.now());
    this.#watches = new Watches({
      connections: deps.connections,
      instances: deps.instances,
      folder: (id) => this.get(id),
      send: async (id, clusterId, home, connection, signal) => {
        try {
          return await this.#send(id, clusterId, home, connection, (now) => this.#show(id, now), signal);
        } finally {
          this.#show(id, null);
        }
      },
      changed: deps.changed,
      clock: deps.clock,
      logger: deps.logger,
      life: this.#life.signal,
    });
    mkdirSync(this.#recipes, { recursive: true, mode: 0o700 });
    // Written anew at each start: an update of the app may have changed how a folder is run.
    for (const { folder } of this.#store.list()) writeFolderRecipe(folder, this.#recipes, deps.templates);
  }

  get #recipes(): string {
    return join(folderRecipes(this.#deps.data), folderRecipePrefix);
  }

  list(): FolderState[] {
    return this.#store.list().map(({ folder, reports }) => ({
      folder,
      recipe: folderRecipePrefix + folder.id,
      reports,
      progress: this.#progress.get(folder.id) ?? null,
      watched: this.#watches.of(folder.id),
      problem: this.#watches.problem(folder.id),
    }));
  }

  get(id: string): Folder {
    return this.#store.get(id).folder;
  }

  inspect(source: FolderSource, clusterId: string | undefined, asked?: AbortSignal) {
    const signal = asked ? AbortSignal.any([this.#life.signal, asked]) : this.#life.signal;
    return inspectSource(source, {
      unpacked: join(this.#deps.data, 'unpacked'),
      signal,
      connect: () => {
        if (clusterId) return this.#deps.connections.acquire(clusterId, signal);
        throw new AppError('bad-input', 'A git repository is cloned by a cluster.', { hint: 'Choose the cluster.' });
      },
    });
  }

  async save(id: string | undefined, input: FolderInput) {
    if (input.start.line.trim() === '') {
      throw new AppError('bad-input', 'A folder needs a line that starts its app.', {
        hint: 'Write it as you would type it in the folder; the app listens on $TUNEL_SOCKET or $TUNEL_PORT.',
      });
    }
    if (input.source.kind === 'git' && input.source.commit === '') {
      throw new AppError('bad-input', 'A git repository is used at one commit.', { hint: 'Look at it first.' });
    }
    const old = id === undefined ? null : this.get(id);
    const folder: Folder = {
      ...input,
      id: old?.id ?? newId(input.title),
      createdAt: old?.createdAt ?? this.#deps.clock.now(),
    };
    writeFolderRecipe(folder, this.#recipes, this.#deps.templates);
    this.#store.put(folder);
    await this.#deps.recipesChanged();
    this.#deps.changed();
    return { id: folder.id, recipe: folderRecipePrefix + folder.id };
  }

  async remove(id: string): Promise<void> {
    this.get(id);
    for (const instanceId of this.#watches.of(id)) await this.watch(instanceId, false);
    this.#store.remove(id);
    rmSync(join(this.#recipes, id), { recursive: true, force: true });
    rmSync(this.#hashes(id, ''), { recursive: true, force: true });
    await this.#deps.recipesChanged();
    this.#deps.changed();
  }

  async sync(id: string, clusterId: string): Promise<SyncReport> {
    const lease = await this.#deps.connections.acquire(clusterId, this.#life.signal);
    try {
      const home = this.#deps.home(clusterId) ?? (await askHome(lease.connection, this.#life.signal));
      const progress = (now: Progress) => this.#show(id, now);
      return await this.#send(id, clusterId, home, lease.connection, progress, this.#life.signal);
    } finally {
      this.#show(id, null);
      lease.release();
    }
  }

  async bring({ recipe, clusterId, home, connection, progress, signal }: BringFiles): Promise<void> {
    if (!recipe.startsWith(folderRecipePrefix)) return;
    const id = recipe.slice(folderRecipePrefix.length);
    // A recipe of another folder of recipes may have a name like these.
    if (!this.#store.list().some(({ folder }) => folder.id === id)) return;
    const report = await this.#send(id, clusterId, home, connection, progress, signal);
    progress({ fraction: 1, words: report.words });
  }

  /** After those before it: two at once would get in each other's way. */
  #send(
    id: string,
    clusterId: string,
    home: string,
    connection: Connection,
    progress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<SyncReport> {
    const key = `${id}@${clusterId}`;
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(() => this.#sendNow(id, clusterId, home, connection, progress, signal));
    const settled = turn.catch(() => undefined);
    this.#turns.set(key, settled);
    void settled.then(() => {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    });
    return turn;
  }

  async #sendNow(
    id: string,
    clusterId: string,
    home: string,
    connection: Connection,
    progress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<SyncReport> {
    const { source } = this.get(id);
    const directory = folderDirectory(home, id);
    const at = this.#deps.clock.now();
    let report: SyncReport;
    if (source.kind === 'git') {
      progress({ fraction: null, words: `Cloning ${source.url}` });
      const { isNew } = await checkOut(connection, directory, source, signal);
      const none = { files: 0, bytes: 0, sentFiles: 0, sentBytes: 0, keptFiles: 0, removedFiles: 0 };
      const words = `${isNew ? 'cloned' : 'already'} at ${source.commit.slice(0, 12)}, nothing sent from here`;
      report = { clusterId, at, ...none, words };
    } else {
      progress({ fraction: null, words: 'Looking at the folder' });
      const scan = await scanSource(source, join(this.#deps.data, 'unpacked', id), signal);
      const hashes = this.#hashes(id, 'files.json');
      report = { clusterId, at, ...(await syncFolder({ scan, connection, directory, hashes, progress, signal })) };
    }
    this.#store.note(id, clusterId, { ...report, words: report.words || syncWords(report) });
    this.#deps.changed();
    return report;
  }

  #hashes(id: string, name: string): string {
    return join(this.#deps.data, 'folder-hashes', id, name);
  }

  async clean(id: string, clusterId: string): Promise<void> {
    this.get(id);
    const running = this.#deps.instances().find((app) => isOf(app, id) && app.clusterId === clusterId && !app.endedAt);
    if (running) throw new AppError('conflict', `${running.title} still runs.`, { hint: 'Stop it first.' });
    const lease = await this.#deps.connections.acquire(clusterId, this.#life.signal);
    try {
      const home = this.#deps.home(clusterId) ?? (await askHome(lease.connection, this.#life.signal));
      await lease.connection.run(`rm -rf -- ${quote(folderDirectory(home, id))}\n`, { signal: this.#life.signal });
      this.#store.note(id, clusterId, null);
      this.#deps.changed();
    } finally {
      lease.release();
    }
  }

  watch(instanceId: string, on: boolean): Promise<void> {
    return on ? this.#watches.begin(instanceId) : this.#watches.end(instanceId);
  }

  /** Instances changed: a watch ends with its app. */
  settle(): void {
    this.#watches.settle();
    for (const instance of this.#deps.instances()) {
      if (instance.state !== 'ready' || this.#asked.has(instance.id)) continue;
      this.#asked.add(instance.id);
      void this.#discover(instance);
    }
  }

  /** An app written for Rescale says how it is called; one that does not keeps its folder's name. */
  async #discover(instance: Instance): Promise<void> {
    const stored = this.#store.list().find(({ folder }) => isOf(instance, folder.id));
    if (stored?.folder.start.kind !== 'rescale') return;
    try {
      const prefix = `/notebooks/${rescaleCluster(stored.folder.id)}`;
      const told = await discover((path) => this.#deps.ask(instance.id, path), prefix, instance);
      const own = instance.input?.title;
      if (told) this.#deps.told(instance.id, own ? { ...told, title: own } : told);
    } catch (error) {
      this.#deps.logger.info('an app told nothing of itself', { id: instance.id, error: AppError.from(error).message });
    }
  }

  #show(id: string, progress: Progress | null): void {
    if (progress) this.#progress.set(id, progress);
    else this.#progress.delete(id);
    this.#deps.changed();
  }

  async dispose(): Promise<void> {
    this.#life.abort(new AppError('cancelled', 'Tunel is closing.'));
    await this.#watches.dispose();
  }
}

const isOf = (instance: Instance, folderId: string): boolean => instance.recipe === folderRecipePrefix + folderId;

async function askHome(connection: Connection, signal: AbortSignal): Promise<string> {
  return (await connection.run('printf %s "$HOME"\n', { signal })).stdout;
}

/** `my-app-k3x9f2`: readable, and never one that was there before. */
function newId(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  return `${words || 'app'}-${randomBytes(3).toString('hex')}`;
}
