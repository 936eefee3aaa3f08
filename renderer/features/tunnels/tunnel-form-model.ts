import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { RequestInput } from '../../../electron/shared/contract/index.ts';
import { localEndSchema, tunnelTargetSchema } from '../../../electron/shared/tunnels.ts';

/** What the form holds: the input of a tunnel while it may still be wrong. */
export interface TunnelDraft {
  clusterId: string;
  kind: 'port' | 'socket';
  port: number | string;
  socket: string;
  /** Empty: the login node. */
  node: string;
  local: 'socket' | 'port';
  /** Empty: any free port. */
  localPort: number | string;
}

export type TunnelErrors = Partial<Record<'clusterId' | 'port' | 'socket' | 'node' | 'localPort', string>>;

/** Connected ones first; else in their own order. */
export function orderClusters(clusters: readonly ClusterState[]): ClusterState[] {
  const isConnected = (entry: ClusterState) => entry.connection.state === 'connected';
  return [...clusters.filter(isConnected), ...clusters.filter((entry) => !isConnected(entry))];
}

export const emptyDraft = (clusters: readonly ClusterState[]): TunnelDraft => ({
  clusterId: orderClusters(clusters)[0]?.cluster.id ?? '',
  kind: 'port',
  port: '',
  socket: '',
  node: '',
  local: 'socket',
  localPort: '',
});

const portError = 'A port is a number from 1 to 65535.';

/** The draft checked by the engine's own schemas: the input of `tunnels.open`, or a message for each bad field. */
export function checkDraft(draft: TunnelDraft): { input: RequestInput<'tunnels.open'> | null; errors: TunnelErrors } {
  const errors: TunnelErrors = {};
  const node = draft.node.trim();
  const socket = draft.socket.trim();
  if (draft.clusterId === '') errors.clusterId = 'Choose a cluster.';
  if (/\s/.test(node)) errors.node = 'The name of a node has no spaces.';
  const target = tunnelTargetSchema.safeParse(draft.kind === 'port' ? { node, port: draft.port } : { node, socket });
  if (draft.kind === 'port' && !target.success) errors.port = portError;
  if (draft.kind === 'socket' && !(target.success && socket.startsWith('/')))
    errors.socket = 'The whole path of the socket, from / on.';
  const local = localEndSchema.safeParse(
    draft.local === 'socket'
      ? { kind: 'socket' }
      : { kind: 'port', port: draft.localPort === '' ? undefined : draft.localPort },
  );
  if (!local.success) errors.localPort = portError;
  const isValid = Object.keys(errors).length === 0 && target.success && local.success;
  return {
    input: isValid ? { clusterId: draft.clusterId, target: target.data, local: local.data } : null,
    errors,
  };
}
