import { isLive } from '../../shared/instance-policy.ts';
import type { Resources } from '../../shared/instances.ts';
import type { Caller } from '../../shared/tokens.ts';
import { appRequests } from '../api/app-requests.ts';
import { type CallerEnds, callerLife } from '../api/caller-life.ts';
import type { Handlers } from '../api/dispatch.ts';
import { engineRequests } from '../api/engine-requests.ts';
import type { BackgroundWork } from '../background-work.ts';
import type { StreamHandlers } from '../byte-streams.ts';
import { createChoices } from '../clusters/choices.ts';
import { clusterRequests } from '../clusters/requests.ts';
import { createFiles } from '../files/files.ts';
import { fileRequests } from '../files/requests.ts';
import { fileStreams } from '../files/streams.ts';
import { folderRequests } from '../folders/requests.ts';
import { createGatewayDialer } from '../gateway/gateway-dialer.ts';
import { historyRequests } from '../history/requests.ts';
import { instanceRequests } from '../instances/requests.ts';
import { instanceStreams } from '../instances/streams.ts';
import { createJobTemplates } from '../jobs/job-templates.ts';
import { jobRequests } from '../jobs/requests.ts';
import { jobStreams } from '../jobs/streams.ts';
import { templateRequests } from '../jobs/template-requests.ts';
import { launchers } from '../launchers/index.ts';
import { createPresets } from '../presets/presets.ts';
import { presetRequests } from '../presets/requests.ts';
import { Proxies } from '../proxies/proxies.ts';
import { proxyRequests } from '../proxies/requests.ts';
import { proxyStreams } from '../proxies/streams.ts';
import { recipeRequests } from '../recipes/requests.ts';
import { siteRequests } from '../sites/requests.ts';
import { createSites } from '../sites/sites.ts';
import { terminalRequests } from '../terminals/requests.ts';
import { terminalStreams } from '../terminals/streams.ts';
import { createTerminals } from '../terminals/terminals.ts';
import { tokenRequests } from '../tokens/requests.ts';
import { transferRequests } from '../transfers/requests.ts';
import { tunnelRequests } from '../tunnels/requests.ts';
import { tunnelStreams } from '../tunnels/streams.ts';
import type { CoreDeps } from './core-deps.ts';
import type { Features } from './features.ts';
import type { StatePublisher } from './publish-state.ts';

interface HandlerDeps extends Pick<CoreDeps, 'clock' | 'host' | 'paths'> {
  features: Features;
  publisher: StatePublisher;
  background: BackgroundWork;
}

/** What can end before a caller does. */
export const callerEnds = ({ tokens, clusterAccess }: Features): CallerEnds => ({
  onRevoked: (id, listener) => tokens.onRevoked(id, listener),
  onTokenEndChanged: (id, listener) => tokens.onEndChanged(id, listener),
  onClusterClosed: (token, clusterId, listener) => clusterAccess.watch(token, clusterId, listener),
});

/** The handlers of all requests of the contract. */
export function createRequestHandlers(deps: HandlerDeps): Handlers {
  const { clock, host, paths, features, publisher } = deps;
  const { storage, store, connections, facts, library, instances, clusters } = features;
  const admitSubmission = (caller: Caller, resources: Resources) => features.limits.admitSubmission(caller, resources);
  return {
    ...appRequests({
      snapshot: () => store.snapshot(),
      saveSettings(change) {
        storage.saveSettings(change);
        features.transfers.applyLimit();
        publisher.settings();
      },
      dismissNotice: (id) => storage.notices.remove(id),
      reloadRecipes: library.reload,
    }),
    ...clusterRequests({
      ...features,
      connectAtStart: () => connectAtStart(deps),
      choices: createChoices({ connections, cluster: clusters.get, facts: facts.known, clock }),
    }),
    ...engineRequests({
      host,
      connected: () => connectedClusters(features),
      liveInstances: () => instances.list().flatMap(({ state, title }) => (isLive(state) ? [title] : [])),
      startDemo: () => features.demo.start(),
    }),
    ...fileRequests(createFiles({ connections, cluster: clusters.get })),
    ...folderRequests(features.folders, clusters.get),
    ...historyRequests(storage, () => instances.list()),
    ...instanceRequests({ ...features, clock, admitSubmission }),
    ...jobRequests(features.jobs, admitSubmission),
    ...templateRequests(createJobTemplates({ storage, clock })),
    ...presetRequests(createPresets({ storage, library, clock, changed: () => publisher.presets() })),
    ...proxyRequests(features.sshInclude),
    ...recipeRequests({
      sources: features.sources,
      list: library.list,
      reload: library.reload,
      preview: (input) => instances.preview(input),
      verify: (input, signal) => instances.verify(input, signal),
    }),
    ...siteRequests({ sites: createSites(paths.sites), cluster: clusters.get, facts: facts.known }),
    ...terminalRequests(createTerminals({ ...features, launchers })),
    ...tokenRequests(features),
    ...transferRequests(features.transfers),
    ...tunnelRequests(features.openTunnels, (caller, clusterId) =>
      callerLife(callerEnds(features), clock, caller, clusterId),
    ),
  };
}

/** The handlers of all streams of the contract. */
export function createStreamHandlers({ features }: HandlerDeps): StreamHandlers {
  const { connections, instances, gateway, clusters } = features;
  const gatewayDialer = createGatewayDialer((id) => gateway.access(id));
  const terminals = createTerminals({ ...features, launchers });
  const { stat, entries } = createFiles({ connections, cluster: clusters.get });
  const { unfinished } = features;
  const files = fileStreams({ connections, checkCluster: clusters.get, stat, entries, unfinished });
  return {
    ...proxyStreams(
      new Proxies({
        connections,
        terminals,
        instances,
        cluster: clusters.get,
        clusters: () => features.storage.clusters(),
        files: features.sshFiles,
      }),
    ),
    ...files,
    ...jobStreams({ jobs: features.jobs, connections, files }),
    ...instanceStreams(instances, gatewayDialer),
    ...terminalStreams(terminals),
    ...tunnelStreams(features.sharedTunnels),
  };
}

function connectedClusters({ storage, connections }: Features): string[] {
  const ids = storage.clusters().map(({ id }) => id);
  return ids.filter((id) => connections.status(id).state === 'connected');
}

function connectAtStart({ features: { storage, connections }, background }: HandlerDeps): void {
  for (const { id, name } of storage.clusters().filter((cluster) => cluster.connectAtStart)) {
    background.run(`connect to ${name}`, connections.connect(id, background.signal));
  }
}
