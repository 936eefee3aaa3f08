import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { LinkButton } from '../../components/link-button.tsx';

/** What connecting would show; nothing while the cluster is connected. */
export function ConnectHint({ cluster, what }: { cluster: ClusterState | undefined; what: string }) {
  if (!cluster || cluster.connection.state === 'connected') return null;
  const { id, name } = cluster.cluster;
  return (
    <div className="row wrap hint">
      Connect to see {what}.
      <LinkButton onClick={() => attempt(`${name} was not connected`, invoke('clusters.connect', { id }))}>
        Connect
      </LinkButton>
    </div>
  );
}
