import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { _electron, type ElectronApplication } from '@playwright/test';
import { findRuntime } from '../../build/setup/electron.mjs';
import { createGateway } from '../../electron/core/gateway/gateway.ts';
import type { Gateway } from '../../electron/core/gateway/types.ts';
import { serveSchema } from '../../electron/shared/recipes.ts';
import { appRoot } from './electron.ts';

/** The Chromium of Electron without anything of ours. */
export function launchPlainChromium(): Promise<ElectronApplication> {
  const runtime = findRuntime();
  if (!runtime) throw new Error('There is no Electron on this machine yet: run `node build/setup.mjs test` first.');
  return _electron.launch({
    executablePath: runtime.path,
    args: [join(appRoot, 'test/fixtures/plain-chromium')],
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** A gateway in this process with one app, `id`, that listens on a port of this computer. */
export async function startGatewayFor(
  id: string,
  server: Server,
  serve: Record<string, unknown> = {},
): Promise<Gateway> {
  const { port } = server.address() as AddressInfo;
  const gateway = createGateway({
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    clock: {
      now: () => Date.now(),
      sleep: (ms, signal) => delay(ms, undefined, { signal, ref: false }),
    },
    pages: join(appRoot, 'dist/pages'),
  });
  await gateway.start();
  gateway.add({
    id,
    serve: serveSchema.parse(serve),
    user: 'ada',
    token: '',
    open: () =>
      new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => resolve(socket));
        socket.on('error', reject);
      }),
    status: () => ({ state: 'up', message: '' }),
  });
  return gateway;
}
