import type { Cluster } from '../../../../electron/shared/clusters.ts';

/** Whether programs with a token may use a cluster, and what its site says of it. */
export function describeApi({ allowsApi = false, site }: Pick<Cluster, 'allowsApi' | 'site'>): string {
  const says = site?.apiMessage ? `: “${site.apiMessage}”` : '';
  if (site?.api === 'forbidden') return `Forbidden by the site${says}`;
  const now = allowsApi ? 'Programs with a token may use its connection' : 'No program may use it';
  if (says !== '') return `${now}. The site says${says}`;
  return site?.api === 'allowed' ? `${now}. The site profile allows it` : now;
}
