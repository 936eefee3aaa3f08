import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connectTcp, reuseBuffer } from '../../../electron/core/ssh/client/tcp-stream.ts';

let server: Server;
const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
  server.close();
});

async function pair(onConnection: (peer: Socket) => void): Promise<Socket> {
  server = createServer((peer) => {
    open.push(peer);
    onConnection(peer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connectTcp({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  open.push(socket);
  await once(socket, 'connect');
  return socket;
}

const sha = (...parts: Buffer[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

test('keeps what comes before anybody listens, and after its end there is no more', async () => {
  const socket = await pair((peer) => peer.end('hello'));
  const parts: Buffer[] = [];
  while (socket.readableLength === 0) await new Promise(setImmediate);
  socket.on('data', (chunk) => parts.push(chunk));
  await once(socket, 'end');
  expect(Buffer.concat(parts).toString()).toBe('hello');
});

test('makes a buffer for each chunk as long as its reader may keep it', async () => {
  const sent = randomBytes(5_000_000);
  const socket = await pair((peer) => peer.end(sent));
  reuseBuffer(socket, () => false);
  const parts: Buffer[] = [];
  socket.on('data', (chunk) => parts.push(chunk));
  await once(socket, 'end');
  expect(sha(...parts)).toBe(sha(sent));
});

test('uses one buffer for all chunks of a reader that keeps none', async () => {
  const sent = randomBytes(5_000_000);
  const socket = await pair((peer) => peer.end(sent));
  reuseBuffer(socket, () => true);
  const buffers = new Set<ArrayBufferLike>();
  const hash = createHash('sha256');
  socket.on('data', (chunk) => {
    buffers.add(chunk.buffer);
    hash.update(chunk);
  });
  await once(socket, 'end');
  expect(hash.digest('hex')).toBe(sha(sent));
  // What came before the listener has buffers of its own.
  expect(buffers.size).toBeLessThanOrEqual(2);
});

test('holds the sender while its reader pauses, and loses nothing', async () => {
  const sent = randomBytes(30_000_000);
  let peer: Socket | undefined;
  const socket = await pair((accepted) => {
    peer = accepted;
    accepted.end(sent);
  });
  reuseBuffer(socket, () => true);
  const hash = createHash('sha256');
  let bytes = 0;
  socket.on('data', (chunk) => {
    hash.update(chunk);
    bytes += chunk.length;
    socket.pause();
    setImmediate(() => socket.resume());
  });
  while (bytes === 0) await new Promise(setImmediate);
  expect(peer?.writableLength).toBeGreaterThan(0);
  await once(socket, 'end');
  expect(hash.digest('hex')).toBe(sha(sent));
});
