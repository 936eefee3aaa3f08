import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SocketStream } from '../../../electron/client/socket-stream.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

test('however much is written at once, no frame has more than 1 MiB of it, and all of it comes in order', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  closing.push(() => server.close());
  await once(server, 'listening');
  const sizes: number[] = [];
  const received: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    server.on('connection', (socket) =>
      socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) return resolve();
        sizes.push(data.length - 1);
        received.push(data.subarray(1));
      }),
    );
  });
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  closing.push(() => socket.terminate());
  await once(socket, 'open');
  const { data } = new SocketStream(socket, () => null);
  const sent = Buffer.alloc(3_500_000, 'abcdefg');
  data.write(sent);
  data.end('and more');
  await ended;
  expect(Math.max(...sizes)).toBe(1024 * 1024);
  expect(Buffer.concat(received).equals(Buffer.concat([sent, Buffer.from('and more')]))).toBe(true);
});
