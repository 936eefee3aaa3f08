import { AppError } from '../../shared/errors.ts';
import type { TransferDirection } from '../../shared/transfers.ts';
import { ClusterEnd } from './cluster-end.ts';
import type { ClusterLink } from './cluster-link.ts';
import { localEnd } from './local-end.ts';
import type { Ends } from './types.ts';

/** Both sides of a transfer, once its clusters are connected. `onWait` hears why one is not yet. @throws as `ClusterLink.connect` */
export async function openEnds(
  links: readonly ClusterLink[],
  direction: TransferDirection,
  onWait: (error: AppError) => void,
  signal: AbortSignal,
): Promise<Ends> {
  const [first, second] = await Promise.all(
    links.map(async (link) => new ClusterEnd(await link.connect(onWait, signal))),
  );
  if (!first) throw new AppError('internal', 'A transfer has no cluster.');
  return direction === 'upload' ? { source: localEnd, target: first } : { source: first, target: second ?? localEnd };
}
