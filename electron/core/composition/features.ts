import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { isLive } from '../../shared/instance-policy.ts';
import { emptyEngineState, type Notice } from '../../shared/state.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { createClusterFacts } from '../clusters/cluster-facts.ts';
import { type Clusters, createClusters } from '../clusters/clusters.ts';
import { Demo } from '../demo/demo.ts';
import type { Disposer } from '../disposer.ts';
import { createFiles } from '../files/files.ts';
import { UnfinishedUploads } from '../files/unfinished-uploads.ts';
import { folderRecipes } from '../folders/folder-recipes.ts';
import { FolderSender } from '../folders/folder-sender.ts';
import { FolderStore } from '../folders/folder-store.ts';
import { createFolders } from '../folders/folders.ts';
import { createLaunchFiles } from '../folders/launch-files.ts';
import { createGateway } from '../gateway/gateway.ts';
import { createInstances } from '../instances/instances.ts';
import { createJobs } from '../jobs/jobs.ts';
import { keptJob } from '../jobs/kept-job.ts';
import { launchers } from '../launchers/index.ts';
import { SshFiles } from '../proxies/ssh-files.ts';
import { SshConfigInclude } from '../proxies/ssh-include.ts';
import { createRecipeLibrary } from '../recipes/library.ts';
import { includesFolder, recipesInFolders } from '../recipes/recipe-folders.ts';
import { createRender } from '../recipes/render.ts';
import { createSources } from '../recipes/sources/sources.ts';
import { findRoute } from '../routes/routes.ts';
import { createPrompts } from '../ssh/auth/prompts.ts';
import { createSshConfig } from '../ssh/config/ssh-config.ts';
import { createConnections } from '../ssh/pool/connections.ts';
import { StateStore } from '../state-store.ts';
import { openStorage } from '../storage/storage.ts';
import { ClusterAccess } from '../tokens/cluster-access.ts';
import { Consents } from '../tokens/consents.ts';
import { TokenLimits } from '../tokens/token-limits.ts';
import { Tokens } from '../tokens/tokens.ts';
import { Transfers } from '../transfers/transfers.ts';
import { OpenTunnels } from '../tunnels/open-tunnels.ts';
import { SharedTunnels } from '../tunnels/shared-tunnels.ts';
import { createTunnels } from '../tunnels/tunnels.ts';
import type { CoreDeps } from './core-deps.ts';

/** Builds every feature from those before it; `disposer` disposes of them in reverse order. */
export async function createFeatures(deps: CoreDeps, disposer: Disposer) {
  const base = createBase(deps, disposer);
  const access = createAccess(deps, base, disposer);
  const recipes = createRecipes(deps, base, disposer);
  const apps = await createApps(deps, { ...base, ...access, ...recipes }, disposer);
  const clusters = createClusters({
    storage: base.storage,
    secrets: deps.secrets,
    clock: deps.clock,
    connections: access.connections,
    launchers: Object.values(launchers),
    runningOn: (clusterId) =>
      apps.instances
        .list()
        .filter((instance) => instance.clusterId === clusterId && isLive(instance.state))
        .map(({ title }) => title),
  });
  return {
    ...base,
    ...access,
    ...recipes,
    ...apps,
    ...createTunnelFeatures(deps, { ...base, ...access }, disposer),
    ...createProxyFeatures(deps, { ...base, ...apps }),
    ...createApiFeatures(deps, base, clusters.get),
    clusters,
    unfinished: new UnfinishedUploads({ ...deps, ...base }),
    transfers: disposer.use(
      new Transfers({ ...deps, ...base, ...access, data: deps.paths.data, checkCluster: clusters.get }),
    ),
    jobs: createJobFeature(deps, { ...base, ...access, ...apps }, clusters.get),
  };
}

export type Features = Awaited<ReturnType<typeof createFeatures>>;
type Base = ReturnType<typeof createBase>;
type Access = ReturnType<typeof createAccess>;
type Recipes = ReturnType<typeof createRecipes>;
type Apps = Awaited<ReturnType<typeof createApps>>;

/** What all features share: the data directory and the published state. */
function createBase({ paths, clock }: CoreDeps, disposer: Disposer) {
  const storage = openStorage(paths.data, clock);
  disposer.add(() => storage.close());
  const store = disposer.use(new StateStore(emptyEngineState));
  return { storage, store, findCluster: (id: string) => storage.clusters().find((cluster) => cluster.id === id) };
}

/** How clusters are reached, and what was detected on them. */
function createAccess(deps: CoreDeps, { storage, findCluster }: Base, disposer: Disposer) {
  const { paths, clock, logger, secrets, host } = deps;
  const demo = disposer.use(
    new Demo({ startServer: deps.startDemoServer, folder: join(paths.data, 'demo'), storage, clock }),
  );
  const prompts = createPrompts({ clock, host });
  const connections = createConnections({
    clusters: findCluster,
    prepare: (cluster) => demo.prepare(cluster),
    secrets,
    prompts,
    clock,
    logger,
    appKnownHostsFile: join(paths.data, 'known_hosts'),
    onMenuReply(clusterId, { reply, question }) {
      const cluster = findCluster(clusterId);
      if (cluster) storage.saveCluster({ ...cluster, menuReply: reply, menuQuestion: question });
    },
  });
  disposer.use(connections);
  const site = (clusterId: string) => findCluster(clusterId)?.site?.scheduler;
  const facts = createClusterFacts({ connections, storage, launchers, clock, site });
  return { demo, prompts, sshConfig: createSshConfig(), connections, facts };
}

/** Routes that the user asked for, and their local ends. */
function createTunnelFeatures({ clock, logger }: CoreDeps, features: Base & Access, disposer: Disposer) {
  const { connections, findCluster, facts } = features;
  const tunnels = createTunnels({ connections, clusters: findCluster, facts, findRoute, clock });
  const sharedTunnels = new SharedTunnels(tunnels);
  const openTunnels = disposer.use(new OpenTunnels({ shared: sharedTunnels, clock, logger }));
  return { sharedTunnels, openTunnels };
}

/** Batch jobs: what a user does with them besides launching. */
function createJobFeature({ clock }: CoreDeps, features: Base & Access & Apps, cluster: Clusters['get']) {
  const { storage, instances, connections, facts } = features;
  return createJobs({
    storage,
    instances,
    connections,
    facts,
    files: createFiles({ connections, cluster }),
    cluster,
    clock,
  });
}

/** What other programs sign in to the engine with, and what all clients called. */
function createApiFeatures({ clock, logger }: CoreDeps, { storage, findCluster }: Base, cluster: Clusters['get']) {
  const onSaveFailed = (error: unknown) =>
    logger.warn('a call was not written into the audit log', { error: AppError.from(error).message });
  const tokens = new Tokens({ storage, clock, cluster });
  return {
    tokens,
    consents: new Consents({ tokens, clock }),
    limits: new TokenLimits({ storage, clock }),
    clusterAccess: new ClusterAccess(findCluster),
    audit: new AuditLog({ storage, clock, onSaveFailed }),
  };
}

/** What other tools need to use our connections. */
function createProxyFeatures({ paths }: CoreDeps, { storage, instances }: Base & Pick<Apps, 'instances'>) {
  const sshFiles = new SshFiles(paths.data);
  const sshInclude = new SshConfigInclude({
    files: sshFiles,
    data: paths.data,
    cli: paths.cli,
    clusters: () => storage.clusters(),
    instances: () => instances.list(),
  });
  return { sshFiles, sshInclude };
}

/** Where recipes come from: settings, reviewed repositories, the user's folders and what is shipped. */
function createRecipes({ paths, clock }: CoreDeps, { storage }: Base, disposer: Disposer) {
  const includes = join(paths.recipes, includesFolder);
  const render = createRender(includes);
  const report = (notice: Notice) => storage.notices.add(notice);
  const folderStore = new FolderStore(paths.data, () => clock.now(), report);
  const sources = disposer.use(createSources({ data: paths.data, includes, render, clock, report }));
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
  return { render, folderStore, sources, library };
}

/** The running apps, the gateway in front of them and the folders that run as apps. */
async function createApps(deps: CoreDeps, features: Base & Access & Recipes, disposer: Disposer) {
  const { paths, clock, logger } = deps;
  const { storage, findCluster, connections, facts, library, render, folderStore } = features;
  const environment = (clusterId: string) => findCluster(clusterId)?.defaults.environment ?? '';
  const sender = new FolderSender({ data: paths.data, store: folderStore, environment, clock });
  const gateway = createGateway({ clock, logger, pages: paths.pages });
  await gateway.start();
  disposer.use(gateway);
  const instances = createInstances({
    connections,
    storage,
    launchers,
    library,
    render,
    findRoute,
    launchFiles: createLaunchFiles(folderStore, sender),
    gateway,
    clusters: findCluster,
    facts,
    findJob: (id) => keptJob(storage.findJob(id)),
    clock,
    logger,
  });
  disposer.use(instances);
  const folders = createFolders({
    data: paths.data,
    store: folderStore,
    sender,
    connections,
    facts,
    environment,
    seesHome: (launcher) => launchers[launcher].transfer === undefined,
    runningApps: instances,
    clock,
    logger,
  });
  disposer.use(folders);
  return { gateway, instances, folders };
}
