import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageFile from '../package.json' with { type: 'json' };
import { engineLogFile } from './client/engine-address.ts';
import { preparePrivateFolder } from './client/private-folder.ts';
import type { BackgroundMessage } from './client/start-background.ts';
import { type Engine, openEngine } from './core/api/engine.ts';
import { untilIdle } from './core/api/idle-exit.ts';
import { systemClock } from './core/clock.ts';
import { spawnDemoServer } from './core/demo/spawn-server.ts';
import type { Logger } from './core/deps.ts';
import { openSecrets } from './core/storage/secrets.ts';
import { AppError } from './shared/errors.ts';

/** The engine as a process of its own, started by a command: `node engine-background.js DATA_DIRECTORY`. */

const MAX_LOG = 5 * 1024 * 1024;
const here = dirname(fileURLToPath(import.meta.url));
const data = process.argv[2] ?? '';
const ending = new AbortController();

/** Resolves when the message has left this process. */
function tell(message: BackgroundMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });
}

function openLogger(): Logger {
  const path = engineLogFile(data);
  const file = openSync(path, 'a', 0o600);
  if (statSync(path).size > MAX_LOG) truncateSync(path);
  process.once('exit', () => closeSync(file));
  const write = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    const rest = fields ? ` ${JSON.stringify(fields)}` : '';
    try {
      writeSync(file, `${new Date().toISOString()} ${level} ${message}${rest}\n`);
    } catch {
      // A line that finds no space must not end the engine, nor hide the error that it is about.
    }
  };
  return { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') };
}

async function run(): Promise<void> {
  process.umask(0o077);
  let logger: Logger | null = null;
  const end = () => ending.abort(new AppError('cancelled', 'The engine ends.'));
  const stop = (code: number) => () => {
    process.exitCode = code;
    end();
  };
  let engine: Engine | null = null;
  try {
    preparePrivateFolder(data);
    logger = openLogger();
    engine = await openEngine({
      paths: {
        data,
        recipes: join(here, '../recipes'),
        sites: join(here, '../sites'),
        pages: join(here, 'pages'),
        demoCluster: join(here, 'demo-cluster.js'),
        cli: join(here, 'cli.js'),
      },
      clock: systemClock,
      logger,
      secrets: await openSecrets(logger),
      startDemoServer: spawnDemoServer(join(here, 'demo-cluster.js')),
      versions: { tunel: packageFile.version, node: process.versions.node },
      version: packageFile.version,
      kind: 'background',
      onStop: end,
    });
  } catch (error) {
    logger?.error('the engine could not be started', { error: AppError.from(error).message });
    await tell({ kind: 'failed', error: AppError.from(error).serialize() });
    process.exit(1);
  }
  logger.info('the engine is up', { pid: process.pid });
  process.once('SIGTERM', stop(0));
  process.once('SIGINT', stop(0));
  process.once('SIGHUP', () => undefined);
  const fail = (what: string) => (error: unknown) => {
    logger.error(what, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    stop(1)();
  };
  process.on('uncaughtException', fail('uncaught exception'));
  process.on('unhandledRejection', fail('unhandled rejection'));
  await tell({ kind: 'ready' });
  if (process.connected) process.disconnect();
  const { core, activity } = engine;
  await untilIdle({ activity, clock: systemClock, isWatching: () => core.isWatching() }, ending.signal).catch(
    (error: unknown) => {
      if (!ending.signal.aborted) throw error;
    },
  );
  logger.info('the engine ends');
  await engine.dispose();
  process.exit();
}

await run();
