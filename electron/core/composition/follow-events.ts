import type { BackgroundWork } from '../background-work.ts';
import type { Disposer } from '../disposer.ts';
import { keychainNotice } from '../storage/keychain-notice.ts';
import type { EditedFile } from '../storage/types.ts';
import type { CoreDeps } from './core-deps.ts';
import type { Features } from './features.ts';
import type { StatePublisher } from './publish-state.ts';

interface FollowDeps extends Pick<CoreDeps, 'secrets'> {
  features: Features;
  publisher: StatePublisher;
  background: BackgroundWork;
}

/** What follows from one feature's event in another feature. */
export function followEvents(deps: FollowDeps, disposer: Disposer): void {
  const { features, secrets, background } = deps;
  const { connections, storage, clusters, facts, findCluster, instances, sshInclude, unfinished } = features;
  clusters.onChange(() => endLostAccess(features));
  const refreshHosts = () =>
    background.run(
      'write the hosts for ssh',
      Promise.resolve().then(() => sshInclude.refresh()),
    );
  clusters.onChange(refreshHosts);
  instances.onChange(refreshHosts);
  connections.on('event', (event) => {
    storage.addConnectionEvent(event);
    if (event.kind === 'connected') background.run('count secrets', clusters.countSecrets());
  });
  connections.on('connected', (clusterId, connection) => {
    if (!findCluster(clusterId)) return;
    background.run('read facts', facts.refresh(clusterId, connection, background.signal));
    background.run('remove unfinished uploads', unfinished.clean(clusterId, connection));
  });
  const unsubscribe = secrets.onChange(() => {
    if (secrets.problem === 'timed-out') storage.notices.add(keychainNotice(secrets.reason));
  });
  disposer.add(unsubscribe);
  storage.watchFiles((file) => followEdit(deps, file));
}

/** A person or another process changed a file of ours. */
function followEdit({ features, publisher, background }: FollowDeps, file: EditedFile): void {
  switch (file) {
    case 'settings':
      publisher.settings();
      features.transfers.applyLimit();
      features.library.reload();
      return;
    case 'presets':
      publisher.presets();
      return;
    case 'clusters':
      disconnectRemoved(features, background);
      endLostAccess(features);
      publisher.clusters();
      background.run('write the hosts for ssh', (async () => features.sshInclude.refresh())());
  }
}

/** Of a cluster that is gone, or that programs may use no more. */
function endLostAccess({ openTunnels, clusterAccess, findCluster }: Features): void {
  openTunnels.keepOnly((id) => findCluster(id) !== undefined);
  clusterAccess.check();
}

function disconnectRemoved({ store, findCluster, connections }: Features, background: BackgroundWork): void {
  const removed = store.state.clusters.filter(({ cluster }) => !findCluster(cluster.id));
  for (const { cluster } of removed) {
    background.run(`disconnect from ${cluster.name}`, connections.disconnect(cluster.id));
  }
}
