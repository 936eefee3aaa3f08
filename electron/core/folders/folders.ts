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
import type { LauncherName } from '../../shared/kinds.ts';
import type { Clock, Logger } from '../deps.ts';
import type { AppAnswer } from '../instances/ask-app.ts';
import type { Connection, Connections } from '../ssh/types.ts';
import { discover } from './discovery.ts';
import { FolderStore } from './folder-store.ts';
import { writeFolderRecipe } from './recipe-folder.ts';
import { rescaleCluster, sentTree } from './run-folder-script.ts';
import { Sending } from './sending.ts';
import { inspectSource } from './sources.ts';
import type { BringFiles, Folders } from './types.ts';
import { Watches } from './watches.ts';

export interface FoldersDeps {
  /** Everything of ours on this machine. */
  data: string;
  /** The shipped includes, which hold the helpers of folders. */
  templates: string;
  connections: Pick<Connections, 'acquire'>;
  home: (clusterId: string) => string | null;
  /** A cluster's own lines for bash. */
  environment: (clusterId: string) => string;
  /** Whether a launcher's jobs do not see the home directory. */
  isSent: (launcher: LauncherName) => boolean;
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
  readonly #sending: Sending;

  constructor(deps: FoldersDeps) {
    this.#deps = deps;
    this.#store = new FolderStore(deps.data, () => deps.clock.now());
    this.#sending = new Sending({
      data: deps.data,
      folder: (id) => this.get(id),
      environment: deps.environment,
      sent: (id, report) => {
        this.#store.note(id, report.clusterId, report);
        deps.changed();
      },
      clock: deps.clock,
    });
    this.#watches = new Watches({
      connections: deps.connections,
      instances: deps.instances,
      folder: (id) => this.get(id),
      isSent: deps.isSent,
      send: async (input) => {
        try {
          return await this.#sending.send({ ...input, progress: (now) => this.#show(input.id, now) });
        } finally {
          this.#show(input.id, null);
        }
      },
      changed: deps.changed,
      clock: deps.clock,
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
      environment: clusterId ? this.#deps.environment(clusterId) : '',
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
    this.#sending.forget(id);
    await this.#deps.recipesChanged();
    this.#deps.changed();
  }

  sync(id: string, clusterId: string): Promise<SyncReport> {
    const progress = (now: Progress) => this.#show(id, now);
    return this.#at(clusterId, (there) => this.#sending.send({ id, ...there, progress })).finally(() =>
      this.#show(id, null),
    );
  }

  async bring(input: BringFiles): Promise<void> {
    const id = this.#folderOf(input.recipe);
    if (id === null) return;
    const report = await this.#sending.send({ ...input, id });
    input.progress({ fraction: 1, words: report.words });
  }

  async enclose(input: BringFiles, directory: string): Promise<void> {
    const id = this.#folderOf(input.recipe);
    if (id === null) return;
    input.progress({ fraction: null, words: 'Packing the folder for a job that does not see it' });
    await this.#sending.enclose({ ...input, id }, `${directory}/${sentTree}`);
  }

  /** A recipe of another folder of recipes may have a name like these. */
  #folderOf(recipe: string): string | null {
    if (!recipe.startsWith(folderRecipePrefix)) return null;
    const id = recipe.slice(folderRecipePrefix.length);
    return this.#store.list().some(({ folder }) => folder.id === id) ? id : null;
  }

  /** Works over a cluster's connection. */
  async #at<T>(
    clusterId: string,
    work: (there: { clusterId: string; home: string; connection: Connection; signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const signal = this.#life.signal;
    const { connection, release } = await this.#deps.connections.acquire(clusterId, signal);
    try {
      const known = this.#deps.home(clusterId);
      const home = known ?? (await connection.run('printf %s "$HOME"\n', { signal })).stdout;
      return await work({ clusterId, home, connection, signal });
    } finally {
      release();
    }
  }

  async clean(id: string, clusterId: string): Promise<void> {
    this.get(id);
    const running = this.#deps.instances().find((app) => isOf(app, id) && app.clusterId === clusterId && !app.endedAt);
    if (running) throw new AppError('conflict', `${running.title} still runs.`, { hint: 'Stop it first.' });
    await this.#at(clusterId, (there) => this.#sending.clean({ id, ...there }));
    this.#store.note(id, clusterId, null);
    this.#deps.changed();
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
