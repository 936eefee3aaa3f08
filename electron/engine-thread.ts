import { parentPort } from 'node:worker_threads';
import { type Engine, openEngine } from './core/api/engine.ts';
import { systemClock } from './core/clock.ts';
import type { Logger } from './core/deps.ts';
import { openSecrets } from './core/storage/secrets.ts';
import { engineOptionsSchema, type FromEngine, type ToEngine, toEngineSchema } from './ipc/engine-protocol.ts';
import { askMainForDemoServer } from './ipc/main-demo-server.ts';
import { AppError } from './shared/errors.ts';

/** The engine, in a thread of the app's utility process. Its messages pass through that process to the main one. */

if (!parentPort) throw new AppError('internal', 'This file runs in a thread.');
const port = parentPort;
const send = (message: FromEngine) => port.postMessage(message);
const demo = askMainForDemoServer(send);

const write = (level: string) => (message: string, fields?: Record<string, unknown>) =>
  void process.stderr.write(`engine ${level}: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`);
const logger: Logger = {
  debug: process.env.TUNEL_DEBUG ? write('debug') : () => undefined,
  info: process.env.TUNEL_DEBUG ? write('info') : () => undefined,
  warn: write('warn'),
  error: write('error'),
};

let engine: Engine | null = null;
let isEnding = false;

function onMessage(message: ToEngine): void {
  if (message.kind === 'dispose') end().catch((error: unknown) => fail('could not end in order', error));
  else demo.onMessage(message);
}

async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await engine?.dispose();
  process.exit(0);
}

async function start(): Promise<void> {
  const { version, versions, ...paths } = engineOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
  engine = await openEngine({
    paths,
    clock: systemClock,
    logger,
    secrets: await openSecrets(logger),
    startDemoServer: demo.start,
    versions,
    version,
    kind: 'app',
    onStop: () => void end(),
  });
  send({ kind: 'ready' });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A process in an unknown state is worth less than a new one: the main process starts it, and it re-attaches. */
function fail(what: string, error: unknown): void {
  const failure = AppError.from(error);
  // Another process is the engine: nothing is wrong.
  if (failure.code !== 'engine-running') logger.error(what, { error: describe(error) });
  send({ kind: 'failed', error: failure.serialize() });
  // The message is on its way once this turn of the loop is over.
  setImmediate(() => process.exit(1));
}

port.on('message', (data: unknown) => onMessage(toEngineSchema.parse(data)));
process.on('uncaughtException', (error) => fail('uncaught exception', error));
process.on('unhandledRejection', (error) => fail('unhandled rejection', error));
start().catch((error: unknown) => fail('the core could not be started', error));
