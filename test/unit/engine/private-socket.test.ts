import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listenPrivately } from '../../../electron/client/private-socket.ts';

let folder = '';
let umask = 0;
const path = () => join(folder, 's');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-test-'));
  umask = process.umask();
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true, force: true });
});

it('makes a socket that only its user reaches, and leaves the mask as it was', async () => {
  process.umask(0);
  const server = createServer();
  listenPrivately(server, path());
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(process.umask()).toBe(0);
  await once(server, 'listening');
  server.close();
});

/** What the function does in a thread of a process with this mask: the socket's mode, or the error's message. */
async function inThread(mask: number): Promise<unknown> {
  const file = join(folder, `thread-${mask}.mjs`);
  await build({
    stdin: {
      contents: `import { statSync } from 'node:fs';
        import { createServer } from 'node:net';
        import { parentPort, workerData } from 'node:worker_threads';
        import { listenPrivately } from './private-socket.ts';
        const server = createServer();
        try {
          listenPrivately(server, workerData);
          parentPort.postMessage(statSync(workerData).mode & 0o777);
          server.close();
        } catch (error) {
          parentPort.postMessage(error.message);
        }`,
      resolveDir: join(import.meta.dirname, '../../../electron/client'),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: file,
    logLevel: 'error',
  });
  process.umask(mask);
  const thread = new Worker(file, { workerData: path() });
  const [message] = await once(thread, 'message');
  await once(thread, 'exit');
  return message;
}

it('relies in a thread on a mask that keeps others from writing, and refuses to listen under another', async () => {
  expect(await inThread(0o022)).toBe(0o755);
  expect(await inThread(0o002)).toBe('This process makes sockets for everybody.');
});
