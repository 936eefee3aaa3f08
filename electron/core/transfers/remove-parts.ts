import type { Connections } from '../ssh/types.ts';
import type { TransferRecord } from '../storage/transfer-record.ts';
import { ClusterEnd } from './cluster-end.ts';
import { partPath } from './copy-file.ts';
import type { FileLedger } from './file-ledger.ts';
import { localEnd } from './local-end.ts';
import type { FileEnd } from './types.ts';

/** Removes files of a transfer that are not complete; those on a cluster that is not connected stay. */
export async function removeParts(
  connections: Pick<Connections, 'acquire' | 'status'>,
  { id, direction, clusterId, toClusterId, destination }: TransferRecord,
  ledger: FileLedger | null,
): Promise<void> {
  if (!ledger) return;
  const items = ledger.begun().map((index) => ledger.item(index));
  const remove = async (target: FileEnd) => {
    for (const item of items) await target.removePart(partPath({ id, ends: { source: target, target } }, item));
  };
  if (direction === 'download') return remove(localEnd);
  const targetId = toClusterId ?? clusterId;
  if (connections.status(targetId).state !== 'connected') return;
  const lease = await connections.acquire(targetId);
  try {
    const target = new ClusterEnd(lease.connection);
    await remove(target);
    await target.removeStaging(await target.resolve(destination, new AbortController().signal), id);
  } finally {
    lease.release();
  }
}
