import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import type { LocalAddress } from '../shared/tunnels.ts';
import { listenPrivately } from './private-socket.ts';

/** `path: null`: a socket in a private folder. */
export type LocalEnd = { kind: 'socket'; path: string | null } | { kind: 'port'; port: number };

export interface LocalListener {
  address: LocalAddress;
  close(): void;
}

interface Forward {
  /** A stream for one connection. */
  open: () => Promise<Duplex>;
  /** A connection was closed at once, because no stream could be opened for it. */
  onRefused: (error: AppError) => void;
}

/** Accepts connections on this computer and connects each to a stream of its own. @throws AppError `conflict`, `bad-input` */
export async function listenLocally(end: LocalEnd, forward: Forward): Promise<LocalListener> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    connectTo(socket, forward);
  });
  // Without a descriptor to spare, a connection cannot be accepted; the next ones may be.
  server.on('error', (cause) => {
    if (server.listening) forward.onRefused(AppError.from(cause));
  });
  const listener = await (end.kind === 'port' ? listenOnPort(server, end.port) : listenOnSocket(server, end.path));
  return {
    address: listener.address,
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function connectTo(socket: Socket, { open, onRefused }: Forward): void {
  socket.on('error', () => socket.destroy());
  open().then(
    (channel) => {
      if (socket.destroyed) {
        channel.destroy();
        return;
      }
      channel.on('error', () => channel.destroy());
      channel.once('close', () => socket.destroySoon());
      socket.once('close', () => channel.destroy());
      socket.pipe(channel).pipe(socket);
    },
    (error: unknown) => {
      onRefused(AppError.from(error));
      socket.destroy();
    },
  );
}

async function listenOnPort(server: Server, port: number): Promise<LocalListener> {
  await untilListening(server, () => server.listen(port, '127.0.0.1'), `Port ${port}`);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new AppError('internal', 'A port has no number.');
  return { address: { kind: 'port', port: address.port }, close: () => server.close() };
}

async function listenOnSocket(server: Server, given: string | null): Promise<LocalListener> {
  const folder = given === null ? mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), 'tunel-')) : null;
  const path = given === null ? join(folder ?? '', 's') : resolve(given);
  const removeFolder = () => {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilListening(server, () => listenPrivately(server, path), path);
    chmodSync(path, 0o600);
  } catch (error) {
    removeFolder();
    throw error;
  }
  return {
    address: { kind: 'socket', path },
    close() {
      server.close();
      removeFolder();
    },
  };
}

function untilListening(server: Server, listen: () => void, what: string): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      reject(
        new AppError(isTaken ? 'conflict' : 'bad-input', message`${{ address: what }} cannot be listened on here.`, {
          hint: isTaken
            ? 'Something has it already; choose another one, or remove the old file.'
            : message`See ${{ folder: dirname(what) }}.`,
          detail: cause.message,
          cause,
        }),
      );
    });
    server.once('listening', () => resolvePromise());
    listen();
  });
}
