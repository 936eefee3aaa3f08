import type { KeptTerminal } from '../../../shared/terminals.ts';
import { isSameNode } from '../../routes/route-policy.ts';
import type { Connection, Lease } from '../../ssh/types.ts';
import type { KeptId } from '../types.ts';
import { findById, lookForKept } from './kept-terminals.ts';

/** A kept terminal and a connection to its node, which may be behind the one that is given. @throws AppError `not-found` */
export async function findKept(
  connection: Connection,
  { clusterId, id }: KeptId,
  hold: (lease: Lease) => void,
  signal?: AbortSignal,
): Promise<{ kept: KeptTerminal; connection: Connection }> {
  const listed = await lookForKept(connection, clusterId, signal);
  const kept = findById(listed.terminals, id);
  if (isSameNode(kept.node, listed.node)) return { kept, connection };
  const lease = await connection.hop(kept.node, signal);
  hold(lease);
  // Where it has ended on its own node, it is found there no more.
  const there = await lookForKept(lease.connection, clusterId, signal);
  return { kept: findById(there.terminals, id), connection: lease.connection };
}
