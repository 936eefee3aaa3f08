import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { type Folder, type FolderInput, type FolderSource, folderRecipePrefix } from '../../shared/folders.ts';
import type { Instance } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { message } from '../../shared/messages.ts';
import type { ClusterFactsService } from '../clusters/cluster-facts.ts';
import type { Clock, Logger } from '../deps.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connections } from '../ssh/types.ts';
import { readAppearance } from './discovery.ts';
import type { FolderOnCluster, FolderSender } from './folder-sender.ts';
import type { FolderStore } from './folder-store.ts';
import { FolderWatches } from './folder-watches.ts';
import { isForRescale, rescaleCluster } from './rescale-script.ts';
import { inspectSource } from './sources.ts';
import type { Folders, RunningApps } from './types.ts';

interface FoldersDeps {
  /** Everything of ours on this machine. */
  data: string;
  store: FolderStore;
  sender: FolderSender;
  connections: Pick<Connections, 'acquire'>;
  facts: Pick<ClusterFactsService, 'read'>;
  /** A cluster's own lines for bash. */
  environment: (clusterId: string) => string;
  /** Whether the jobs of a launcher see the home directory. */
  seesHome: (launcher: LauncherName) => boolean;
  runningApps: RunningApps;
  clock: Clock;
  logger: Logger;
}

export function createFolders(deps: FoldersDeps): Folders {
  return new FolderService(deps);
}

class FolderService implements Folders {
  readonly #deps: FoldersDeps;
  readonly #life = new AbortController();
  readonly #watches: FolderWatches;
  /** Apps whose appearance was read, or is being read. */
  readonly #discovered = new Set<string>();
  readonly #emitter = new EventEmitter<{ changed: [] }>();
  readonly #subscriptions: (() => void)[];

  constructor(deps: FoldersDeps) {
    this.#deps = deps;
    this.#watches = new FolderWatches({ ...deps, life: this.#life.signal });
    const changed = () => this.#emitter.emit('changed');
    this.#subscriptions = [
      deps.store.on('folders', changed),
      deps.store.on('reports', changed),
      deps.sender.onProgress(changed),
      this.#watches.onChange(changed),
      deps.runningApps.onChange(() => this.#discoverReadyApps()),
    ];
  }

  list() {
    return this.#deps.store.list().map(({ folder, reports }) => ({
      folder,
      recipe: folderRecipePrefix + folder.id,
      reports,
      progress: this.#deps.sender.progress(folder.id),
      watched: this.#watches.appsOf(folder.id),
      problem: this.#watches.problem(folder.id),
    }));
  }

  get(id: string): Folder {
    return this.#deps.store.get(id).folder;
  }

  onChange(listener: () => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  inspect(source: FolderSource, clusterId: string | undefined, callerSignal?: AbortSignal) {
    const signal = callerSignal ? AbortSignal.any([this.#life.signal, callerSignal]) : this.#life.signal;
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

  save(id: string | undefined, input: FolderInput) {
    checkFolder(input);
    const old = id === undefined ? null : this.get(id);
    const folder: Folder = {
      ...input,
      id: old?.id ?? newId(input.title),
      createdAt: old?.createdAt ?? this.#deps.clock.now(),
    };
    this.#deps.store.put(folder);
    return { id: folder.id, recipe: folderRecipePrefix + folder.id };
  }

  async remove(id: string): Promise<void> {
    this.get(id);
    for (const instanceId of this.#watches.appsOf(id)) await this.watch(instanceId, false);
    this.#deps.store.remove(id);
    this.#deps.sender.forget(id);
  }

  sync(id: string, clusterId: string) {
    return this.#onCluster(id, clusterId, (folder) => this.#deps.sender.send(folder));
  }

  async clean(id: string, clusterId: string): Promise<void> {
    this.get(id);
    const apps = this.#deps.runningApps.list();
    const running = apps.find((app) => isOf(app, id) && app.clusterId === clusterId && !app.endedAt);
    if (running)
      throw new AppError('conflict', message`${{ title: running.title }} still runs.`, { hint: 'Stop it first.' });
    await this.#onCluster(id, clusterId, (folder) => this.#deps.sender.clean(folder));
    this.#deps.store.saveReport(id, clusterId, null);
  }

  watch(instanceId: string, on: boolean): Promise<void> {
    return on ? this.#watches.begin(instanceId) : this.#watches.end(instanceId);
  }

  #onCluster<T>(id: string, clusterId: string, work: (folder: FolderOnCluster) => Promise<T>): Promise<T> {
    const { signal } = this.#life;
    return withConnection(this.#deps.connections, clusterId, signal, async (connection) => {
      const { home } = await this.#deps.facts.read(clusterId, connection, signal);
      return work({ id, clusterId, home, connection, signal });
    });
  }

  #discoverReadyApps(): void {
    for (const instance of this.#deps.runningApps.list()) {
      if (instance.state !== 'ready' || this.#discovered.has(instance.id)) continue;
      this.#discovered.add(instance.id);
      void this.#discover(instance);
    }
  }

  /** An app written for Rescale says how it is called; one that does not keeps its folder's name. */
  async #discover(instance: Instance): Promise<void> {
    const folder = this.#deps.store.findByRecipe(instance.recipe)?.folder;
    if (!folder || !isForRescale(folder.start)) return;
    const { runningApps, logger } = this.#deps;
    try {
      const prefix = `/notebooks/${rescaleCluster(folder.id)}`;
      const found = await readAppearance((path) => runningApps.ask(instance.id, path), prefix, instance);
      const title = instance.input?.title;
      if (found) runningApps.describeApp(instance.id, title ? { ...found, title } : found);
    } catch (error) {
      logger.info('the appearance of an app could not be read', {
        id: instance.id,
        error: AppError.from(error).message,
      });
    }
  }

  async dispose(): Promise<void> {
    this.#life.abort(new AppError('cancelled', 'Tunel is closing.'));
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    await this.#watches.dispose();
  }
}

const isOf = (instance: Instance, folderId: string): boolean => instance.recipe === folderRecipePrefix + folderId;

function checkFolder({ start, source }: FolderInput): void {
  if (start.line.trim() === '') {
    throw new AppError('bad-input', 'A folder needs a line that starts its app.', {
      hint: 'Write it as you would type it in the folder; the app listens on $TUNEL_SOCKET or $TUNEL_PORT.',
    });
  }
  if (source.kind === 'git' && source.commit === '') {
    throw new AppError('bad-input', 'A git repository is used at one commit.', { hint: 'Look at it first.' });
  }
}

/** `my-app-k3x9f2`: readable, and never one that was there before. */
function newId(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  return `${slug || 'app'}-${randomBytes(3).toString('hex')}`;
}
