import v8 from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { FromEngine } from './ipc/engine-protocol.ts';
import { AppError } from './shared/errors.ts';

/**
 * The engine as a utility process of the app: its work is done by a thread. Chromium drives the event loop of the process's own
 * thread and wakes it from another one for each turn, which costs a bulk transfer more than the transfer itself.
 */

const port = process.parentPort;
// A thread cannot change the mask: nobody else may write to what the engine makes, which a connection to a socket needs.
process.umask(process.umask() | 0o022);

// Buffers count for the limit of V8's small heap. Where V8 finds that it grows enough, each 8 MB of them cost a full collection.
v8.setFlagsFromString('--heap-growing-percent=300');
const thread = new Worker(new URL('./engine-thread.js', import.meta.url), { argv: process.argv.slice(2) });
thread.on('message', (message: FromEngine) => port.postMessage(message));
thread.on('error', (error: unknown) => {
  const failed: FromEngine = { kind: 'failed', error: AppError.from(error).serialize() };
  process.stderr.write(`engine error: its thread failed ${error instanceof Error ? error.stack : String(error)}\n`);
  port.postMessage(failed);
});
// What it sent last is on its way once this turn of the loop is over.
thread.on('exit', (code) => setImmediate(() => process.exit(code)));
port.on('message', ({ data }: { data: unknown }) => thread.postMessage(data));
