/**
 * Processes of a bench, each on its own so that what it costs is not counted with what is measured. The role and its options
 * come as JSON in the first argument; a line on standard output says that it listens.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import { webApp } from './web-app.ts';

export const roleSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('proxy'), port: z.number(), oneWayMs: z.number() }),
  z.object({ role: z.literal('app'), path: z.string() }),
  z.object({ role: z.literal('web'), path: z.string() }),
]);
export type Role = z.input<typeof roleSchema>;

/** Kept in memory for each direction of a connection: more than any rate here times any delay. */
const MOST_QUEUED = 256 * 1024 * 1024;
const BLOCK = Buffer.alloc(1024 * 1024, 'tunel bench block ');

/** A distance: each chunk arrives `oneWayMs` later, in order, whatever the rate. */
function delayed(from: Socket, to: Socket, oneWayMs: number): void {
  const queue: { due: number; chunk: Buffer | null }[] = [];
  let queued = 0;
  let isTimed = false;
  const flush = () => {
    isTimed = false;
    const now = performance.now();
    to.cork();
    while (queue[0] && queue[0].due <= now + 0.5) {
      const chunk = queue.shift()?.chunk;
      if (chunk) {
        queued -= chunk.length;
        to.write(chunk);
      } else to.end();
    }
    to.uncork();
    if (queue[0]) flushIn(queue[0].due - now);
    if (from.isPaused() && queued + to.writableLength < MOST_QUEUED) from.resume();
  };
  const flushIn = (ms: number) => {
    if (!isTimed) setTimeout(flush, ms);
    isTimed = true;
  };
  const add = (chunk: Buffer | null) => {
    queue.push({ due: performance.now() + oneWayMs, chunk });
    queued += chunk?.length ?? 0;
    if (queued + to.writableLength > MOST_QUEUED) from.pause();
    flushIn(oneWayMs);
  };
  to.on('drain', () => from.isPaused() && from.resume());
  from.on('data', add);
  from.on('end', () => add(null));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroy(), oneWayMs + 100));
}

function proxy({ port, oneWayMs }: { port: number; oneWayMs: number }): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    delayed(near, far, oneWayMs);
    delayed(far, near, oneWayMs);
  });
}

/** `d` and a size: sends so many bytes. `u`: counts to the end and answers with the count. Otherwise all comes back. */
function app(): Server {
  return createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      const order = first.toString('latin1', 0, 1);
      if (order === 'd') send(socket, Number(first.toString('latin1', 1)));
      else if (order === 'u') count(socket, first.length);
      else {
        socket.write(first);
        socket.pipe(socket);
      }
    });
  });
}

function send(socket: Socket, size: number): void {
  let left = size;
  const more = () => {
    while (left > 0) {
      const block = left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
      left -= block.length;
      if (!socket.write(block)) {
        socket.once('drain', more);
        return;
      }
    }
    socket.end();
  };
  more();
}

function count(socket: Socket, already: number): void {
  let bytes = already;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.once('end', () => socket.end(String(bytes)));
}

const role = roleSchema.parse(JSON.parse(process.argv[2] ?? ''));
const server = role.role === 'proxy' ? proxy(role) : role.role === 'web' ? webApp() : app();
const listening = () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'string' ? address : address?.port}\n`);
};
if (role.role === 'proxy') server.listen(0, '127.0.0.1', listening);
else server.listen(role.path, listening);
process.on('disconnect', () => process.exit());
