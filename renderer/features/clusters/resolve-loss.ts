import { remedyForLoss } from '../../../electron/shared/connection-loss-policy.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';

/** Does what brings the connection of an app back. */
export function resolveLoss({ clusterId, clusterName }: Pick<Instance, 'clusterId' | 'clusterName'>): void {
  const { clusters } = useStore.getState();
  const remedy = remedyForLoss(clusters.find(({ cluster }) => cluster.id === clusterId)?.connection);
  if (remedy === 'compare-key') {
    ui.open({ kind: 'key-changed', id: clusterId });
    return;
  }
  const request = remedy === 'wait' ? 'clusters.retry' : 'clusters.connect';
  void attempt(`${clusterName} did not connect`, invoke(request, { id: clusterId }));
}
