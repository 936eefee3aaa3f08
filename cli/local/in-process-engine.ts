import { setTimeout as sleep } from 'node:timers/promises';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { type Engine, type EngineOptions, openEngine } from '../../electron/core/api/engine.ts';
import { createInProcessClient } from '../../electron/core/api/in-process-client.ts';
import { systemClock } from '../../electron/core/clock.ts';
import { spawnDemoServer } from '../../electron/core/demo/spawn-server.ts';
import type { Logger } from '../../electron/core/deps.ts';
import { openSecrets } from '../../electron/core/storage/secrets.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { installedPaths } from '../paths.ts';
import { version } from '../version.ts';

/** How long a command waits for another one that hosts the engine, ms. */
const WAIT_LIMIT = 30_000;
const LOOK_AGAIN = 50;

/** An engine that lives as long as this command. @throws AppError `engine-running` while another process is the engine */
export async function hostEngine(): Promise<{ client: CoreClient; close(): Promise<void> }> {
  const paths = installedPaths();
  const { core, activity, dispose } = await openWhenFree({
    paths,
    clock: systemClock,
    logger: quietLogger,
    secrets: await openSecrets(quietLogger),
    startDemoServer: spawnDemoServer(paths.demoCluster),
    versions: { tunel: version },
    version,
    kind: 'command',
    // It ends with its command.
    onStop: () => undefined,
  });
  activity.begin('clients');
  if (process.stdin.isTTY) activity.begin('prompters');
  return { client: createInProcessClient(core), close: dispose };
}

/** Commands that host the engine one after the other wait for each other. */
async function openWhenFree(options: EngineOptions): Promise<Engine> {
  const deadline = Date.now() + WAIT_LIMIT;
  for (;;) {
    try {
      return await openEngine(options);
    } catch (error) {
      const { code, message } = AppError.from(error);
      if (code !== 'engine-running') throw error;
      if (Date.now() > deadline) {
        throw new AppError(code, message, { hint: 'Leave out --no-engine, or end it with: tunel engine stop' });
      }
    }
    await sleep(LOOK_AGAIN);
  }
}

const quietLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (message, fields) => {
    if (process.env.TUNEL_DEBUG) process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`);
  },
  error: (message, fields) => process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`),
};
