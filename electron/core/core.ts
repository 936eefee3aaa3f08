import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import type { ByteStream } from '../client/byte-stream.ts';
import type { ViewAccess } from '../shared/contract/instances.ts';
import { AppError } from '../shared/errors.ts';
import { isLive } from '../shared/instance-policy.ts';
import { emptyState, type Notice } from '../shared/state.ts';
import { connectionLogLength } from '../shared/state-entities.ts';
import type { StateChange } from '../shared/state-patch.ts';
import type { Transition } from '../shared/transitions.ts';
import { appRequests } from './api/app-requests.ts';
import { dispatch, type Handlers, openStream } from './api/dispatch.ts';
import { type EngineHost, engineRequests } from './api/engine-requests.ts';
import type { StreamHandlers } from './byte-streams.ts';
import { createChoices } from './clusters/choices.ts';
import { createClusterFacts } from './clusters/cluster-facts.ts';
import { createClusters } from './clusters/clusters.ts';
import { clusterRequests } from './clusters/requests.ts';
import { type DemoServer, demoClusterId, describeDemoCluster, type StartDemoServer } from './demo/demo-cluster.ts';
import type { Clock, Logger, Paths, Secrets } from './deps.ts';
import { createFiles } from './files/files.ts';
import { fileRequests } from './files/requests.ts';
import { fileStreams } from './files/streams.ts';
import { folderRecipes } from './folders/folder-recipes.ts';
import { FolderSender } from './folders/folder-sender.ts';
import { FolderStore } from './folders/folder-store.ts';
import { createFolders } from './folders/folders.ts';
import { createLaunchFiles } from './folders/launch-files.ts';
import { folderRequests } from './folders/requests.ts';
import { createGateway } from './gateway/gateway.ts';
import { createGatewayDialer } from './gateway/gateway-dialer.ts';
import { historyRequests } from './history/requests.ts';
import { TransitionLog } from './history/transition-log.ts';
import { createInstances } from './instances/instances.ts';
import { instanceRequests } from './instances/requests.ts';
import { instanceStreams } from './instances/streams.ts';
import type { LogEvent } from './instances/types.ts';
import { launchers } from './launchers/index.ts';
import { createPresets } from './presets/presets.ts';
import { presetRequests } from './presets/requests.ts';
import { createRecipeLibrary } from './recipes/library.ts';
import { includesFolder, recipesInFolders } from './recipes/recipe-folders.ts';
import { createRender } from './recipes/render.ts';
import { recipeRequests } from './recipes/requests.ts';
import { createSources } from './recipes/sources/sources.ts';
import { findRoute } from './routes/routes.ts';
import { siteRequests } from './sites/requests.ts';
import { createSites } from './sites/sites.ts';
import { createPrompts } from './ssh/auth/prompts.ts';
import { createSshConfig } from './ssh/config/ssh-config.ts';
import { createConnections } from './ssh/pool/connections.ts';
import { StateStore } from './state-store.ts';
import { keychainNotice } from './storage/keychain-notice.ts';
import { openStorage } from './storage/storage.ts';
import { terminalStreams } from './terminals/streams.ts';
import { createTerminals } from './terminals/terminals.ts';
import { tunnelStreams } from './tunnels/streams.ts';
import { createTunnels } from './tunnels/tunnels.ts';

export interface CoreDeps {
  paths: Paths;
  clock: Clock;
  logger: Logger;
  secrets: Secrets;
  /** null: without the built-in demo cluster. */
  startDemoServer: StartDemoServer | null;
  versions: Record<string, string>;
  /** The process around it. */
  host: EngineHost;
}

/** Everything that is not a window. The engine, the command line and the tests each hold one. */
export interface Core {
  /** A request of the contract by its name; the input is checked here. `signal`: nobody wants the answer any more. */
  request(name: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
  /** A stream of the contract by its name. `signal`: nobody waits for it any more; an open one ends with its `data`. */
  openStream(name: string, input: unknown, signal?: AbortSignal): Promise<ByteStream>;
  snapshot(): ReturnType<StateStore['snapshot']>;
  onChanges(listener: (change: StateChange) => void): () => void;
  onLog(listener: (event: LogEvent) => void): () => void;
  onTransition(listener: (transition: Transition) => void): () => void;
  /** Whether a running app is watched over a live connection. */
  isWatching(): boolean;
  /** As `instances.viewAccess`, for a caller in this process. */
  viewAccess(instanceId: string): ViewAccess;
  dispose(): Promise<void>;
}

export async function createCore(deps: CoreDeps): Promise<Core> {
  const { paths, clock, logger, secrets } = deps;
  const storage = openStorage(paths.data, clock);
  const demoFolder = join(paths.data, 'demo');
  const closing = new AbortController();
  // All launchers of all clusters may be asked at a time.
  setMaxListeners(0, closing.signal);
  const includes = join(paths.recipes, includesFolder);
  const render = createRender(includes);
  const store = new StateStore(emptyState);
  const transitionListeners = new Set<(transition: Transition) => void>();
  const prompts = createPrompts({ clock, host: deps.host });
  const sshConfig = createSshConfig();
  const findCluster = (id: string) => storage.clusters().find((cluster) => cluster.id === id);
  const connections = createConnections({
    clusters: findCluster,
    secrets,
    prompts,
    clock,
    logger,
    appKnownHostsFile: join(paths.data, 'known_hosts'),
    onMenuReply(clusterId, menuReply) {
      const cluster = findCluster(clusterId);
      if (cluster) storage.saveCluster({ ...cluster, menuReply });
    },
  });
  const facts = createClusterFacts({ connections, storage, launchers, clock });
  const environment = (clusterId: string) => findCluster(clusterId)?.defaults.environment ?? '';
  const report = (notice: Notice) => storage.notices.add(notice);
  const folderStore = new FolderStore(paths.data, () => clock.now(), report);
  const folderSender = new FolderSender({ data: paths.data, store: folderStore, environment, clock });
  const sources = createSources({ data: paths.data, includes, render, clock, report });
  const library = createRecipeLibrary([
    recipesInFolders({
      folders: () => storage.settings().recipeFolders.map((path) => ({ path, source: path })),
      includes,
    }),
    sources.recipes,
    folderRecipes({
      folders: () => folderStore.list().map(({ folder }) => folder),
      templates: includes,
      onChange: (listener) => folderStore.on('folders', listener),
    }),
    recipesInFolders({ folders: () => [{ path: paths.recipes, source: 'shipped' }], includes }),
  ]);
  const gateway = createGateway({ clock, logger, pages: paths.pages });
  await gateway.start();
  const instances = createInstances({
    connections,
    storage: {
      ...storage,
      saveLastValues(key, input) {
        storage.saveLastValues(key, input);
        store.set({ lastValues: { ...store.state.lastValues, [key]: input } });
      },
    },
    launchers,
    library,
    render,
    findRoute,
    launchFiles: createLaunchFiles(folderStore, folderSender),
    gateway,
    clusters: findCluster,
    facts,
    clock,
    logger,
  });

  const folders = createFolders({
    data: paths.data,
    store: folderStore,
    sender: folderSender,
    connections,
    facts,
    environment,
    seesHome: (launcher) => launchers[launcher].transfer === undefined,
    runningApps: instances,
    clock,
    logger,
  });

  const publishRecipes = () => store.set({ recipes: { list: library.list(), problems: library.problems() } });
  const presetsChanged = () => store.set({ presets: storage.presets() });
  const clusters = createClusters({
    storage,
    secrets,
    clock,
    connections,
    launchers: Object.values(launchers),
    runningOn: (clusterId) =>
      instances
        .list()
        .filter((instance) => instance.clusterId === clusterId && isLive(instance.state))
        .map((instance) => instance.title),
  });

  const publishClusters = () => store.set({ clusters: clusters.states() });
  clusters.onChange(publishClusters);
  facts.onChange(publishClusters);
  connections.on('status', publishClusters);
  connections.on('event', (event) => {
    storage.addConnectionEvent(event);
    store.set({ connectionLog: [event, ...store.state.connectionLog].slice(0, connectionLogLength) });
    if (event.kind === 'connected') background('count secrets', clusters.countSecrets());
  });
  connections.on('connected', (clusterId, connection) => {
    if (findCluster(clusterId)) background('read facts', facts.refresh(clusterId, connection, closing.signal));
  });
  storage.watchFiles((file) => {
    if (file === 'settings') {
      store.set({ settings: storage.settings() });
      library.reload();
    }
    if (file === 'presets') presetsChanged();
    if (file === 'clusters') {
      for (const { cluster } of store.state.clusters) {
        if (!findCluster(cluster.id)) background(`disconnect from ${cluster.name}`, connections.disconnect(cluster.id));
      }
      publishClusters();
    }
  });
  prompts.onChange((list) => store.set({ prompts: list }));
  secrets.onChange(() => {
    if (secrets.hasTimedOut) storage.notices.add(keychainNotice(secrets.reason));
    const { system } = store.state;
    store.set({ system: { ...system, keychain: secrets.kind, keychainReason: secrets.reason } });
  });
  storage.notices.onChange((notices) => store.set({ system: { ...store.state.system, notices } }));
  instances.onChange((list) => store.set({ instances: list }));
  folders.onChange(() => store.set({ folders: folders.list() }));
  sources.onChange(() => store.set({ sources: [...sources.list()] }));
  library.onChange(publishRecipes);

  /** Work nobody waits for: its failure is seen in the log and on the cluster's card, and ends nothing else. */
  function background(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!closing.signal.aborted) logger.warn(`${what} failed`, { error: AppError.from(error).message });
    });
  }

  store.set({
    instances: instances.list(),
    folders: folders.list(),
    sources: [...sources.list()],
    settings: storage.settings(),
    lastValues: storage.lastValues(),
    presets: storage.presets(),
    connectionLog: storage.connectionEvents(connectionLogLength),
    system: {
      ...emptyState.system,
      engine: 'running',
      keychain: secrets.kind,
      keychainReason: secrets.reason,
      versions: deps.versions,
      dataDirectory: paths.data,
      notices: storage.notices.all,
    },
  });
  publishRecipes();
  publishClusters();
  const transitions = new TransitionLog({
    storage,
    clock,
    state: () => store.state,
    publish: (transition) => {
      for (const listener of transitionListeners) listener(transition);
    },
    onSaveFailed: (error) => logger.warn('a transition was not saved', { error: AppError.from(error).message }),
  });
  store.onChange(() => transitions.onChange());
  background('count secrets', clusters.countSecrets());
  background(
    'read the SSH config',
    sshConfig.hosts().then((hosts) => store.set({ system: { ...store.state.system, sshConfigHosts: hosts.length } })),
  );

  let demo: Promise<DemoServer> | null = null;
  async function startDemo(): Promise<{ clusterId: string }> {
    if (!deps.startDemoServer) throw new AppError('not-found', 'There is no demo cluster here.');
    demo ??= deps.startDemoServer(demoFolder, findCluster(demoClusterId)?.port ?? 0);
    try {
      const server = await demo;
      storage.saveCluster(describeDemoCluster(demoFolder, server.port, clock.now()));
      publishClusters();
      return { clusterId: demoClusterId };
    } catch (error) {
      demo = null;
      const { message, hint } = AppError.from(error);
      storage.notices.add({
        id: 'demo',
        code: 'demo-unavailable',
        kind: 'warning',
        title: 'No demo cluster',
        text: `${message} ${hint ?? ''}`,
        values: { reason: message },
      });
      throw error;
    }
  }
  function connectAtStart(): void {
    for (const cluster of storage.clusters().filter((each) => each.connectAtStart)) {
      background(`connect to ${cluster.name}`, connections.connect(cluster.id, closing.signal));
    }
  }

  const handlers: Handlers = {
    ...appRequests({ store, storage, reloadRecipes: library.reload }),
    ...clusterRequests({
      clusters,
      connections,
      prompts,
      sshConfig,
      facts,
      connectAtStart,
      choices: createChoices({ connections, cluster: clusters.get, facts: facts.known, clock }),
    }),
    ...engineRequests({
      host: deps.host,
      connected: () =>
        storage
          .clusters()
          .map(({ id }) => id)
          .filter((id) => connections.status(id).state === 'connected'),
      liveInstances: () => instances.list().flatMap(({ endedAt, title }) => (endedAt === null ? [title] : [])),
      startDemo,
    }),
    ...fileRequests(createFiles({ connections, cluster: clusters.get })),
    ...folderRequests(folders, clusters.get),
    ...historyRequests(storage),
    ...instanceRequests(instances, gateway),
    ...presetRequests(createPresets({ storage, library, clock, changed: presetsChanged })),
    ...recipeRequests({
      sources,
      reload: library.reload,
      preview: (input) => instances.preview(input),
      verify: (input) => instances.verify(input),
    }),
    ...siteRequests({ sites: createSites(paths.sites), cluster: clusters.get, facts: facts.known }),
  };

  const streams: StreamHandlers = {
    ...fileStreams({ connections, checkCluster: clusters.get }),
    ...instanceStreams(
      instances,
      createGatewayDialer((id) => gateway.access(id)),
    ),
    ...terminalStreams(createTerminals({ connections, instances, launchers, facts })),
    ...tunnelStreams(createTunnels({ connections, clusters: findCluster, facts, findRoute, clock })),
  };
  const untilClosing = (signal?: AbortSignal) => (signal ? AbortSignal.any([signal, closing.signal]) : closing.signal);

  return {
    request: (name, input, signal) => dispatch(handlers, name, input, untilClosing(signal)),
    openStream: (name, input, signal) => openStream(streams, name, input, untilClosing(signal)),
    snapshot: () => store.snapshot(),
    onChanges: (listener) => store.onChange(listener),
    onLog: (listener) => instances.onLog(listener),
    onTransition(listener) {
      transitionListeners.add(listener);
      return () => transitionListeners.delete(listener);
    },
    isWatching: () =>
      instances
        .list()
        .some((each) => each.endedAt === null && connections.status(each.clusterId).state === 'connected'),
    viewAccess: (instanceId) => gateway.access(instanceId),
    async dispose() {
      closing.abort(new AppError('cancelled', 'Tunel is closing.'));
      transitions.dispose();
      await folders.dispose();
      sources.dispose();
      await instances.dispose();
      await gateway.dispose();
      await connections.dispose();
      await (await demo?.catch(() => null))?.stop();
      store.dispose();
      await storage.close();
    },
  };
}
