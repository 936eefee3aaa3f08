import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import ssh2 from 'ssh2';
import { systemClock } from '../../../electron/core/clock.ts';
import { combineWrites } from '../../../electron/core/ssh/client/combined-writes.ts';
import { LiveConnection } from '../../../electron/core/ssh/client/connection.ts';
import type { Rig } from './rig.ts';

/** A connection in this process to the rig's server at a distance. */
export async function connectTo(rig: Rig, delay: number): Promise<LiveConnection> {
  const sock = createConnection({ host: '127.0.0.1', port: rig.port(delay), noDelay: true });
  combineWrites(sock);
  const client = new ssh2.Client();
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', reject);
    client.connect({
      sock,
      username: rig.user,
      privateKey: readFileSync(rig.keyFile),
      hostVerifier: () => true,
      strictVendor: false,
    });
  });
  return new LiveConnection({
    client,
    node: `delay${delay}`,
    clock: systemClock,
    keepaliveMs: null,
    dialHop: () => Promise.reject(new Error('no hops')),
  });
}
