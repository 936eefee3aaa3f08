import type { Connection, Connections } from '../types.ts';

/** Does work over the cluster's shared connection, which is given back when the work ends, however it ends. */
export async function withConnection<T>(
  connections: Pick<Connections, 'acquire'>,
  clusterId: string,
  signal: AbortSignal | undefined,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const lease = await connections.acquire(clusterId, signal);
  try {
    return await work(lease.connection);
  } finally {
    lease.release();
  }
}
