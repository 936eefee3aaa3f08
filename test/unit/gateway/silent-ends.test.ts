import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { AppChannel } from '../../../electron/core/gateway/app-channel.ts';
import { createGatewayDialer } from '../../../electron/core/gateway/gateway-dialer.ts';
import { serveSchema } from '../../../electron/shared/recipes.ts';
import { ManualClock, settle } from './manual-clock.ts';

it('an app that is to speak TLS and says nothing is given up, and its channel closed', async () => {
  const clock = new ManualClock();
  const silent = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const app = new AppChannel(
    {
      id: 'a',
      serve: serveSchema.parse({ scheme: 'https' }),
      user: 'ada',
      token: 't',
      open: async () => silent,
      status: () => ({ state: 'up', message: '' }),
    },
    'a.apps.internal',
    clock,
  );
  const { signal } = new AbortController();
  const acquired = app.acquire({ signal, sending: false, patient: false, deadline: app.deadline() }).then(
    () => null,
    (error: unknown) => error,
  );
  await settle();
  await clock.pass(30_000);
  expect(await acquired).toMatchObject({ kind: 'failed', message: expect.stringContaining('TLS') });
  await vi.waitFor(() => expect(silent.destroyed).toBe(true));
});

it('a connection that the gateway refuses is closed', async () => {
  const sockets: Socket[] = [];
  const server = createServer();
  server.on('connect', (_req, socket: Socket) => {
    sockets.push(socket);
    socket
      .on('error', () => undefined)
      .on('end', () => socket.end())
      .resume();
    socket.write('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const access = {
    origin: 'https://a.internal',
    host: 'a.internal',
    proxyPort: (server.address() as AddressInfo).port,
    certificateFingerprint: 'sha256/x',
    secretHeader: { name: 'x', value: 'y' },
    startPath: '/',
  };
  const dial = createGatewayDialer(() => access);
  await expect(dial('a', new AbortController().signal)).rejects.toMatchObject({
    message: expect.stringContaining('403'),
  });
  await vi.waitFor(() => expect(sockets[0]?.closed).toBe(true));
  server.close();
});

it('one that the gateway takes and leaves silent ends with its caller', async () => {
  const sockets: Socket[] = [];
  const server = createServer();
  server.on('connect', (_req, socket: Socket) => {
    sockets.push(socket);
    socket
      .on('error', () => undefined)
      .on('end', () => socket.end())
      .resume();
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const access = {
    origin: 'https://a.internal',
    host: 'a.internal',
    proxyPort: (server.address() as AddressInfo).port,
    certificateFingerprint: 'sha256/x',
    secretHeader: { name: 'x', value: 'y' },
    startPath: '/',
  };
  const caller = new AbortController();
  const dialing = createGatewayDialer(() => access)('a', caller.signal);
  dialing.catch(() => undefined);
  await vi.waitFor(() => expect(sockets).toHaveLength(1));
  await settle();
  caller.abort();
  await expect(dialing).rejects.toThrow();
  await vi.waitFor(() => expect(sockets[0]?.closed).toBe(true));
  server.close();
});
