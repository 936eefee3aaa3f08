import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../electron/shared/errors.ts';
import { withEngine } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress } from '../output.ts';
import { dataDirectory } from '../paths.ts';

export interface StopEngineOptions {
  force?: boolean;
}
export interface LogOptions {
  follow?: boolean;
}

/** Between two looks at a log file that grows. */
const FOLLOW_MS = 500;

export function showStatus({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const status = await request('engine.status', undefined);
    if (json) return printJson(status);
    const { version, host, pid, startedAt, clients, connections, liveInstances, streams } = status;
    printProgress(`Engine ${version} (${host}), process ${pid}, since ${new Date(startedAt).toLocaleString()}`);
    printProgress(`  clients ${clients}, connected clusters ${connections.length}, open streams ${streams}`);
    printProgress(`  running apps and jobs ${liveInstances}`);
  });
}

export function stopEngine({ force = false }: StopEngineOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    await request('engine.stop', { force });
    printProgress('The engine ends.');
  });
}

export async function printEngineLog({ follow }: LogOptions): Promise<void> {
  const file = join(dataDirectory(), 'engine.log');
  if (!existsSync(file)) {
    throw new AppError('not-found', 'No engine has run in the background yet.', { hint: `It would log to ${file}.` });
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
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
