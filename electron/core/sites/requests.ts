import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/sites.ts';
import type { Sites } from './sites.ts';

interface SiteRequestDeps {
  sites: Sites;
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
  facts: (clusterId: string) => ClusterFacts | null;
}

export function siteRequests({ sites, cluster, facts }: SiteRequestDeps): HandlersOf<keyof typeof contract.requests> {
  return {
    'sites.list': () => sites.list(),
    'sites.read': ({ source, clusterId }) =>
      sites.read(source, clusterId === undefined ? null : { cluster: cluster(clusterId), facts: facts(clusterId) }),
  };
}
