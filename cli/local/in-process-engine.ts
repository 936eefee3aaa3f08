import { createInProcessClient } from '../../electron/core/api/in-process-client.ts';
import { systemClock } from '../../electron/core/clock.ts';
import { createCore } from '../../electron/core/core.ts';
import { spawnDemoServer } from '../../electron/core/demo/spawn-server.ts';
import type { Logger } from '../../electron/core/deps.ts';
import { openSecrets } from '../../electron/core/storage/secrets.ts';
import type { EngineConnection } from '../engine-connection.ts';
import { installedPaths } from '../paths.ts';
import { version } from '../version.ts';

/** An engine that lives as long as this command, its only client. */
export async function hostEngine(): Promise<EngineConnection> {
  const paths = installedPaths();
  const core = await createCore({
    paths,
    clock: systemClock,
    logger: quietLogger,
    secrets: await openSecrets(quietLogger),
    startDemoServer: spawnDemoServer(paths.demoCluster),
    versions: { tunel: version },
    host: {
      version,
      kind: 'command',
      startedAt: systemClock.now(),
      clients: () => 1,
      prompters: () => (process.stdin.isTTY ? 1 : 0),
      streams: () => 0,
      onChange: () => () => undefined,
      // It ends with its command.
      stop: () => undefined,
    },
  });
  return { client: createInProcessClient(core), close: () => core.dispose() };
}

const quietLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (message, fields) => {
    if (process.env.TUNEL_DEBUG) process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`);
  },
  error: (message, fields) => process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`),
};
