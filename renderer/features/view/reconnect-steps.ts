import type { ConnectionStatus } from '../../../electron/shared/clusters.ts';
import { remedyForLoss } from '../../../electron/shared/connection-loss-policy.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { formatDuration } from '../../text/time.ts';

interface ReconnectStep {
  text: string;
  state: 'done' | 'now' | 'todo';
  time: string;
}

/** The steps of a reconnection, as far as the connection's state shows them: sign in, reach the app, resume the page. */
export function reconnectSteps(
  connection: ConnectionStatus | undefined,
  instance: Pick<Instance, 'clusterName' | 'endpoint' | 'route'>,
  now: number,
): ReconnectStep[] {
  const up = connection?.state === 'connected';
  const waits = connection?.nextTryAt != null && connection.nextTryAt > now;
  const signIn = up
    ? 'Signed in again'
    : connection?.state === 'asking' || remedyForLoss(connection) !== 'wait'
      ? 'Sign in: your answer is needed'
      : waits
        ? `Try again in ${Math.ceil(((connection?.nextTryAt ?? now) - now) / 1000)} s`
        : 'Sign in again';
  const node = instance.endpoint?.node;
  const reach = instance.route?.kind === 'node' && node ? `Second hop to node ${node}` : 'Reach the app';
  const since = connection ? formatDuration(Math.max(0, Math.floor((now - connection.since) / 1000) * 1000)) : '';
  const attempt = connection && connection.attempt > 0 ? `attempt ${connection.attempt}` : since;
  return [
    { text: signIn, state: up ? 'done' : 'now', time: up ? '' : attempt },
    { text: reach, state: up ? 'now' : 'todo', time: up ? since : '' },
    { text: 'Page resumes', state: 'todo', time: '' },
  ];
}
