import { z } from 'zod';
import { systemClock } from './core/clock.ts';
import { type Core, createCore } from './core/core.ts';
import type { Logger } from './core/deps.ts';
import { openSecrets } from './core/storage/secrets.ts';
import {
  engineOptionsSchema,
  type FromEngine,
  type ToEngine,
  toEngineSchema,
  viewAccessRequest,
} from './ipc/engine-protocol.ts';
import { askMainForDemoServer } from './ipc/main-demo-server.ts';
import { AppError } from './shared/errors.ts';

const port = process.parentPort;
const send = (message: FromEngine) => port.postMessage(message);
const demo = askMainForDemoServer(port);

const write = (level: string) => (message: string, fields?: Record<string, unknown>) =>
  void process.stderr.write(`engine ${level}: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`);
const logger: Logger = {
  debug: process.env.TUNEL_DEBUG ? write('debug') : () => undefined,
  info: process.env.TUNEL_DEBUG ? write('info') : () => undefined,
  warn: write('warn'),
  error: write('error'),
};

let core: Core | null = null;
let disposing = false;
const calls = new Map<number, AbortController>();

async function answer(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
  if (!core) throw new AppError('engine-down', 'The engine is still starting.', { hint: 'Try again in a moment.' });
  if (name !== viewAccessRequest) return core.request(name, input, signal);
  return core.viewAccess(z.object({ id: z.string() }).parse(input).id);
}

async function onMessage(message: ToEngine): Promise<void> {
  if (message.kind === 'dispose') return end();
  if (message.kind === 'cancel') return calls.get(message.id)?.abort(new AppError('cancelled', 'Cancelled.'));
  if (message.kind !== 'request') return demo.onMessage(message);
  const { id, name, input } = message;
  const call = new AbortController();
  calls.set(id, call);
  try {
    send({ kind: 'reply', id, result: { ok: true, value: await answer(name, input, call.signal) } });
  } catch (error) {
    const failure = AppError.from(error);
    if (failure.code === 'internal') logger.error(`${name} failed`, { error: describe(error) });
    send({ kind: 'reply', id, result: { ok: false, error: failure.serialize() } });
  } finally {
    calls.delete(id);
  }
}

async function end(): Promise<void> {
  if (disposing) return;
  disposing = true;
  await core?.dispose();
  process.exit(0);
}

async function start(): Promise<void> {
  const options = engineOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
  const created = await createCore({
    paths: {
      data: options.data,
      recipes: options.recipes,
      sites: options.sites,
      pages: options.pages,
      demoCluster: options.demoCluster,
    },
    clock: systemClock,
    logger,
    secrets: await openSecrets(logger),
    startDemoServer: demo.start,
    versions: options.versions,
    resume: true,
  });
  created.onChanges((change) => send({ kind: 'changes', ...change }));
  created.onTransition((transition) => send({ kind: 'transition', transition }));
  created.onLog(({ id, offset, text }) => send({ kind: 'log', id, offset, text }));
  core = created;
  send({ kind: 'ready' });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A process in an unknown state is worth less than a new one: the main process starts it, and it re-attaches. */
function fail(what: string, error: unknown): void {
  logger.error(what, { error: describe(error) });
  send({ kind: 'failed', error: AppError.from(error).serialize() });
  // The message is on its way once this turn of the loop is over.
  setImmediate(() => process.exit(1));
}

port.on('message', ({ data }: { data: unknown }) => {
  onMessage(toEngineSchema.parse(data)).catch((error: unknown) => fail('a message could not be handled', error));
});
process.on('uncaughtException', (error) => fail('uncaught exception', error));
process.on('unhandledRejection', (error) => fail('unhandled rejection', error));
start().catch((error: unknown) => fail('the core could not be started', error));
