import type { Cluster } from './clusters.ts';
import { isOver } from './instance-policy.ts';
import type { Instance } from './instances.ts';

/** What the names that ssh uses for clusters and running apps begin with. */
export const SSH_HOST_PREFIX = 'tunel-';

/**
 * By this name ssh reaches a cluster's login node: `tunel-` and its name in letters, digits, dots, hyphens and underscores. Of
 * clusters with equal names the first has it; the others are named by their ids.
 */
export function clusterHostName(
  cluster: Pick<Cluster, 'name' | 'id'>,
  clusters: readonly Pick<Cluster, 'name' | 'id'>[],
): string {
  const name = usualName(cluster);
  const first = clusters.find((each) => usualName(each) === name);
  return first === undefined || first.id === cluster.id ? name : idName(cluster);
}

const idName = ({ id }: Pick<Cluster, 'id'>): string => `${SSH_HOST_PREFIX}${id.toLowerCase()}`;

function usualName({ name, id }: Pick<Cluster, 'name' | 'id'>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return `${SSH_HOST_PREFIX}${plain || id.toLowerCase()}`;
}

/** By this name ssh reaches the node of a running app. */
export const instanceHostName = ({ id }: Pick<Instance, 'id'>): string => `${SSH_HOST_PREFIX}${id.toLowerCase()}`;

type Named = {
  clusters: readonly Pick<Cluster, 'name' | 'id'>[];
  instances: readonly Pick<Instance, 'id' | 'state'>[];
};

/** What a name means: a cluster, else the one running app whose id begins so; null: neither. */
export function findSshHost(
  host: string,
  { clusters, instances }: Named,
): { clusterId: string } | { appId: string } | null {
  const name = host.toLowerCase();
  const cluster = clusters.find((each) => usualName(each) === name) ?? clusters.find((each) => idName(each) === name);
  if (cluster) return { clusterId: cluster.id };
  if (name.length <= SSH_HOST_PREFIX.length) return null;
  const running = instances.filter((each) => !isOver(each.state) && instanceHostName(each).startsWith(name));
  const [app] = running;
  return app && running.length === 1 ? { appId: app.id } : null;
}
