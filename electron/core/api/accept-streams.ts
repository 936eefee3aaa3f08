import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { streamPath } from '../../client/engine-paths.ts';
import { streams } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Caller } from '../../shared/tokens.ts';
import { admit } from './admission.ts';
import { callerLife } from './caller-life.ts';
import { problemOf } from './problem.ts';
import type { RouteDeps } from './route-context.ts';
import { serveStream } from './serve-stream.ts';
import { asksForWebSocket, headWithoutUpgrade } from './upgrade-policy.ts';

/** A client of ours sends at most 1 MiB of bytes in a frame, and a script of 1,000,000 characters in the first one. */
const MAX_FRAME = 8 * 1024 * 1024;

/** Opens streams as WebSockets. The returned function closes those that are open. */
export function acceptStreams(
  server: Server,
  { core, clock, activity, admission, stopping, open }: RouteDeps,
): () => void {
  const names = new Map(Object.keys(streams).map((name) => [streamPath(name), name]));
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME,
    // What follows the first frame is for listeners that are added once it was read.
    allowSynchronousEvents: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!asksForWebSocket(request)) {
      answerWithoutUpgrade(server, request, socket, head);
      return;
    }
    // Node has taken its own listener off; a client may go before it reads that it is refused.
    socket.on('error', () => socket.destroy());
    // What follows may hold a secret of the client, and is written down where it is refused.
    const [path = ''] = (request.url ?? '').split('?');
    const name = names.get(path);
    let caller: Caller;
    let release: () => void;
    try {
      caller = admit(request.headers, path, admission);
      if (name === undefined)
        throw new AppError('not-found', message`There is no stream at ${{ path: path.slice(0, 100) }}.`);
      release = open.streams.begin(caller);
    } catch (error) {
      refuseUpgrade(socket, error);
      return;
    }
    // Also where the client goes before its stream is open.
    socket.once('close', release);
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const end = activity.begin('streams');
      const life = callerLife(core, clock, caller, null);
      opened.once('close', () => {
        life.end();
        end();
      });
      void serveStream({ core, name, caller }, opened, AbortSignal.any([stopping, life.signal]));
    });
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
  };
}

/** Node has taken the connection out of its server; it begins there again as if nothing but HTTP/1.1 had been asked for. */
function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, body: Buffer): void {
  socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(request), 'latin1'), body]));
  server.emit('connection', socket);
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { status, body } = problemOf(error);
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
