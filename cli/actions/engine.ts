import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { dataDirectory } from '../../electron/client/data-directory.ts';
import { type EngineAddress, engineLogFile, readEngineAddress } from '../../electron/client/engine-address.ts';
import { NotSentError } from '../../electron/client/not-sent.ts';
import { createSocketClient } from '../../electron/client/socket-client.ts';
import type { LoopbackStatus } from '../../electron/shared/contract/engine.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import { onEndingSignal } from '../end-by-signal.ts';
import { withEngine } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson } from '../output.ts';
import { version as ownVersion } from '../version.ts';

export interface StopEngineOptions extends JsonOption {
  force?: boolean;
}
export interface LogOptions {
  follow?: boolean;
}

/** Between two looks whether the engine's process has ended. */
const END_MS = 30;
/** Between two looks at a log file that grows. */
const FOLLOW_MS = 500;

const print = (line: string) => void process.stdout.write(`${line}\n`);

export function showStatus({ json }: JsonOption): Promise<void> {
  return withRunningEngine(async (client) => {
    const status = await client.request('engine.status', undefined);
    if (json) return printJson(status);
    const { version, host, pid, startedAt, clients, connections, liveInstances, streams, loopback } = status;
    print(`Engine ${version} (${host}), process ${pid}, since ${new Date(startedAt).toLocaleString()}`);
    print(`  clients ${clients}, connected clusters ${connections.length}, open streams ${streams}`);
    print(`  running apps and jobs ${liveInstances}`);
    if (loopback) print(`  ${describeLoopback(loopback)}`);
  });
}

const describeLoopback = ({ port, error }: LoopbackStatus): string =>
  port === null ? `API on 127.0.0.1: ${error?.message ?? 'starting'}` : `API on http://127.0.0.1:${port}, with a token`;

/** Another program may have started it already, which is as good. */
export async function startEngine(options: JsonOption): Promise<void> {
  await withEngine(async ({ request }) => {
    const status = await request('engine.status', undefined);
    printDone(options, status, `Engine ${status.version} runs, process ${status.pid}.`);
  });
}

export function stopEngine({ force = false, json }: StopEngineOptions): Promise<void> {
  return withRunningEngine(async (client, { pid }) => {
    await client.request('engine.stop', { force });
    while (isRunning(pid)) await delay(END_MS);
    printDone({ json }, { pid }, 'The engine has ended.');
  });
}

/** @throws AppError `not-found` where no engine runs: none is started to be asked this */
async function withRunningEngine(work: (client: CoreClient, address: EngineAddress) => Promise<void>): Promise<void> {
  const address = readEngineAddress(dataDirectory());
  try {
    if (address) return await work(createSocketClient(address, ownVersion), address);
  } catch (error) {
    if (!(error instanceof NotSentError)) throw error;
  }
  throw new AppError('not-found', 'No engine runs.', { hint: 'The next command that needs one starts it.' });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function printEngineLog({ follow }: LogOptions): Promise<void> {
  const file = engineLogFile(dataDirectory());
  if (!existsSync(file)) {
    throw new AppError('not-found', 'No engine has run in the background yet.', {
      hint: message`It would log to ${{ file }}.`,
    });
  }
  const interrupted = new AbortController();
  onEndingSignal(() => interrupted.abort());
  for (let offset = 0; ; ) {
    const { size } = await stat(file);
    // A new engine begins the file again.
    if (size < offset) offset = 0;
    if (size > offset) {
      await pipeline(createReadStream(file, { start: offset, end: size - 1 }), process.stdout, { end: false });
      offset = size;
    }
    if (!follow || interrupted.signal.aborted) return;
    await delay(FOLLOW_MS, undefined, { signal: interrupted.signal }).catch(() => undefined);
  }
}
