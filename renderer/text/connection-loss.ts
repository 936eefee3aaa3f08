import type { ClusterState } from '../../electron/shared/clusters.ts';
import { type LossRemedy, remedyForLoss, waitsForUser } from '../../electron/shared/connection-loss-policy.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import { connectionLabels } from './cluster.ts';
import { instanceLabel } from './instance.ts';

interface Loss {
  remedy: LossRemedy;
  /** What happens next, or what the user can do. */
  text: string;
  /** Of the button. */
  action: string;
}

const labels: Record<LossRemedy, string> = {
  wait: 'Try now',
  'sign-in': 'Sign in',
  connect: 'Connect',
  'compare-key': 'What to do',
};

/** What is said of an app whose connection is lost. Only where Tunel can sign in by itself does it reconnect by itself. */
export function describeLoss({ clusterName }: Pick<Instance, 'clusterName'>, cluster: ClusterState | undefined): Loss {
  const remedy = remedyForLoss(cluster?.connection);
  const texts: Record<LossRemedy, string> = {
    wait: 'Tunel is reconnecting.',
    'sign-in': `Sign in to ${clusterName} to open it.`,
    connect: `Connect to ${clusterName} to open it.`,
    'compare-key': `${clusterName} shows another host key, so Tunel does not connect.`,
  };
  return { remedy, text: texts[remedy], action: labels[remedy] };
}

/** The state of an app in a word or two: that of its connection where the app is out of reach until the user acts. */
export function describeState(instance: Pick<Instance, 'state' | 'kind'>, cluster: ClusterState | undefined): string {
  return cluster && waitsForUser(instance, cluster.connection)
    ? connectionLabels[cluster.connection.state]
    : instanceLabel(instance);
}
