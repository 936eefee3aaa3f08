import type { Cluster } from '../../../shared/clusters.ts';
import type { HopAddress } from '../dial/connect-errors.ts';
import { knownHostName } from '../host-keys/known-hosts.ts';

/** A hop of a master's connection, which ssh names by its host. */
export interface MasterHop extends HopAddress {
  user: string;
  hostKeyAlias?: string;
}

type HopCluster = Pick<Cluster, 'host' | 'port' | 'user' | 'jumps' | 'hostKeyAlias'>;

function hopsOf(cluster: HopCluster): MasterHop[] {
  return [{ ...cluster, jump: false }, ...cluster.jumps.map((hop) => ({ ...hop, jump: true }))].map(
    ({ host, port, user, jump, hostKeyAlias }) => ({ host, port, user, jump, hostKeyAlias: hostKeyAlias || undefined }),
  );
}

/** The hop of a question. One that only ~/.ssh/config knows has its usual port. */
export function findHop(cluster: HopCluster, host: string, user: string): MasterHop {
  const named = hopsOf(cluster).filter((hop) => hop.host.toLowerCase() === host.toLowerCase());
  const found = named.find((hop) => hop.user === user) ?? named[0];
  return { host, port: found?.port ?? 22, user, jump: found?.jump ?? false };
}

/** The hop of a name in known_hosts. A lone host may have another name and port in ~/.ssh/config. */
export function findHopByKeyName(cluster: HopCluster, name: string): MasterHop {
  const found = hopsOf(cluster).find((hop) => knownHostName(hop.host, hop.port) === name.toLowerCase());
  if (found) return found;
  const [, host = name, port = '22'] = /^\[(.+)\]:(\d+)$/.exec(name) ?? [];
  return { host, port: Number(port), user: cluster.user, jump: false };
}
