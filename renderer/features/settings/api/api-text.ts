import type { Cluster } from '../../../../electron/shared/clusters.ts';
import type { LoopbackStatus } from '../../../../electron/shared/contract/engine.ts';

/** Whether programs with a token may use a cluster, and what its site says of it. */
export function describeApi({ allowsApi = false, site }: Pick<Cluster, 'allowsApi' | 'site'>): string {
  const says = site?.apiMessage ? `: “${site.apiMessage}”` : '';
  if (site?.api === 'forbidden') return `Forbidden by the site${says}`;
  const now = allowsApi ? 'Programs with a token may use its connection' : 'No program may use it';
  if (says !== '') return `${now}. The site says${says}`;
  return site?.api === 'allowed' ? `${now}. The site profile allows it` : now;
}

/** Where programs reach the API besides its socket. */
export function describeLoopback(apiPort: number | null, status: LoopbackStatus | null): string {
  if (apiPort === null) return 'Every user of this computer could reach it; it always needs a token';
  if (status?.error) return `${status.error.message} ${status.error.hint ?? ''}`.trim();
  return status?.port ? `http://127.0.0.1:${status.port}, always with a token` : 'Starting';
}
