import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Cluster, clusterSchema } from '../../shared/clusters.ts';
import { readDemoKeys } from './keys.ts';

export interface DemoServer {
  port: number;
  /** Resolves when its process has ended, whoever ended it. */
  ended: Promise<void>;
  stop(): Promise<void>;
}
/**
 * Starts the server's process (server.ts) on a folder, on the last port where that is free, and waits for its `ready`.
 * A dependency, since a packaged Electron cannot start plain Node.
 */
export type StartDemoServer = (folder: string, lastPort: number) => Promise<DemoServer>;

export const demoClusterId = 'demo';

/** The demo cluster as a saved cluster: its key signs in, its host key is known. `saved` is what was saved of it before. */
export function describeDemoCluster(folder: string, port: number, now: number, saved: Cluster | undefined): Cluster {
  const keys = readDemoKeys(folder);
  const knownHosts = join(folder, 'known_hosts');
  const hostKey = keys.hostPublic.trim().split(' ').slice(0, 2).join(' ');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${hostKey}\n`, { mode: 0o600 });
  return clusterSchema.parse({
    id: demoClusterId,
    demo: true,
    createdAt: saved?.createdAt ?? now,
    allowsApi: saved?.allowsApi,
    name: 'demo',
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    methods: ['key'],
    keyFiles: [keys.userKeyFile],
    knownHostsFile: knownHosts,
    connectAtStart: true,
    defaults: { launcher: 'login' },
  });
}
