import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import { systemClock } from '../../electron/core/clock.ts';
import { LiveConnection } from '../../electron/core/ssh/client/connection.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { ClusterInfo } from './clusters.ts';

/** A connection to one node of a test cluster, past sign-in and prompts: for tests of what it then carries. */
export async function liveConnection(
  cluster: ClusterInfo,
  node: string,
  { port = 22, through }: { port?: number; through?: LiveConnection } = {},
): Promise<LiveConnection> {
  if (through) return signIn(cluster, node, () => through.openPort(node, port));
  const host = cluster.hosts[node];
  if (!host) throw new Error(`cluster ${cluster.name} has no node ${node}`);
  return signIn(cluster, node, async () => createConnection({ host: host.address, port, noDelay: true }));
}

async function signIn(cluster: ClusterInfo, node: string, dial: () => Promise<Duplex>): Promise<LiveConnection> {
  const sock = await dial();
  // A channel stays half open when its other end is gone; then nobody would be told that it is.
  sock.once('end', () => sock.end());
  const client = new Client();
  const privateKey = await readFile(cluster.keys.ada ?? '');
  await new Promise<void>((resolve, reject) => {
    const failed = (error?: Error) =>
      reject(
        new AppError('auth-failed', `${node} did not let ada in: ${error?.message ?? 'closed'}.`, { cause: error }),
      );
    client.once('ready', resolve);
    client.once('error', failed);
    client.once('close', () => failed());
    client.connect({ sock, username: 'ada', privateKey, readyTimeout: 20_000, hostVerifier: () => true });
  });
  client.setNoDelay(true);
  return new LiveConnection({
    client,
    node,
    clock: systemClock,
    keepaliveMs: 15_000,
    dialHop: (next, through, signal) => signIn(cluster, next, () => through.openPort(next, 22, signal)),
    dialAgain: () => signIn(cluster, node, dial),
  });
}
