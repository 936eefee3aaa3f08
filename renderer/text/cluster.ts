import type { Cluster, ConnectionState } from '../../electron/shared/clusters.ts';

export const connectionLabels: Record<ConnectionState, string> = {
  disconnected: 'Not connected',
  connecting: 'Signing in',
  asking: 'Signing in',
  connected: 'Connected',
  reconnecting: 'Reconnecting',
  'sign-in-needed': 'Sign-in needed',
  unreachable: 'Unreachable',
  'key-changed': 'Key changed',
};

/** `user@host:port`, the port only where it is not 22. */
export function formatAddress(cluster: Pick<Cluster, 'host' | 'port' | 'user' | 'demo'>): string {
  if (cluster.demo) return 'on this computer';
  const host = cluster.host.includes(':') && cluster.port !== 22 ? `[${cluster.host}]` : cluster.host;
  return `${cluster.user}@${host}${cluster.port === 22 ? '' : `:${cluster.port}`}`;
}

export function describeJumps(cluster: Pick<Cluster, 'jumps'>): string {
  return cluster.jumps.length === 0 ? '' : `through ${cluster.jumps.map((jump) => jump.host).join(', ')}`;
}

/** Share of the home file system in use, 0 to 1; null when it is not known. */
export function homeUse(facts: { homeFree: number | null; homeTotal: number | null } | null): number | null {
  if (!facts || facts.homeFree === null || facts.homeTotal === null || facts.homeTotal <= 0) return null;
  return 1 - facts.homeFree / facts.homeTotal;
}
