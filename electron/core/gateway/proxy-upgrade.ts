import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Logger } from '../deps.ts';
import { breakOff, sendHead, sendOwn } from './answer.ts';
import { Unreachable } from './app-channel.ts';
import type { Sides } from './headers.ts';
import { plainAnswer } from './pages.ts';
import { type ProxiedApp, requestHeadersTo, responseHeadersFrom } from './proxied-app.ts';
import { RefusedAnswer } from './upstream-head.ts';
import { requestOn } from './upstream-request.ts';

/** A response to an upgrade that is not a 101: written as HTTP, then the socket is closed. */
export function responseFor(req: IncomingMessage, socket: Duplex): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(socket as Socket);
  res.once('finish', () => socket.end(() => socket.destroy()));
  return res;
}

/** Passes a WebSocket through. Held while the tunnel is down, as any request; after the handshake only bytes. */
export async function proxyUpgrade(
  app: ProxiedApp,
  sides: Sides,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  logger: Logger,
  signedInAgain = false,
): Promise<void> {
  const path = req.url ?? '/';
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  socket.on('error', () => socket.destroy());
  const refuse = (status: number, message: string): void =>
    sendOwn(req, responseFor(req, socket), plainAnswer(status, message));
  if (req.headers.upgrade?.toLowerCase() !== 'websocket') return refuse(400, 'Only WebSockets are passed on.');
  try {
    await app.signIn?.ready(gone.signal, true);
    const deadline = app.channel.deadline();
    const { signal } = gone;
    const channel = await app.channel.acquire({ signal, sending: true, patient: true, deadline, kind: 'long' });
    const headers = { ...requestHeadersTo(app, req, sides), connection: 'Upgrade', upgrade: 'websocket' };
    const request = requestOn(app.channel.pool, channel, { method: 'GET', path, headers });
    let isBroken = false;
    request.on('error', (error) => {
      if (isBroken) return;
      isBroken = true;
      const why = error instanceof RefusedAnswer ? error.message : 'The app closed the connection before it answered.';
      if (!gone.signal.aborted && socket.writable) refuse(502, why);
    });
    request.once('response', (answer) => {
      const signedOut = app.signIn?.leadsToLogin(answer, path) || (app.signIn && answer.statusCode === 401);
      if (!signedOut || signedInAgain) return passRefusal(app, answer, path, sides, responseFor(req, socket));
      answer.resume();
      app.signIn?.forget();
      void proxyUpgrade(app, sides, req, socket, head, logger, true);
    });
    request.once('upgrade', (answer, stream, rest) => {
      app.channel.pool.detach(channel);
      forget();
      if (socket.destroyed) {
        stream.destroy();
        return;
      }
      socket.write(handshake(app, answer, path, sides));
      if (rest.length > 0) socket.write(rest);
      if (head.length > 0) stream.write(head);
      join(socket, stream);
    });
    request.end();
    const forget = onAbort(gone.signal, () => request.destroy());
  } catch (error) {
    if (gone.signal.aborted) return;
    logger.debug('A WebSocket found no app', { instance: app.channel.target.id });
    refuse(...refusalFor(error));
  }
}

function refusalFor(error: unknown): [status: number, message: string] {
  if (error instanceof Unreachable)
    return [error.kind === 'ended' ? 410 : error.kind === 'down' ? 503 : 502, error.message];
  return [502, error instanceof AppError ? error.message : 'The request could not be passed on to the app.'];
}

function passRefusal(app: ProxiedApp, answer: IncomingMessage, path: string, sides: Sides, res: ServerResponse): void {
  answer.once('aborted', () => breakOff(res));
  answer.on('error', () => breakOff(res));
  sendHead(res, answer.statusCode ?? 502, answer.statusMessage ?? '', responseHeadersFrom(app, answer, path, sides));
  answer.pipe(res);
}

/** Header values were parsed from HTTP/1.1 by node:http, so none holds a line break. */
function handshake(app: ProxiedApp, answer: IncomingMessage, path: string, sides: Sides): Buffer {
  const lines = ['HTTP/1.1 101 Switching Protocols'];
  for (const [name, value] of Object.entries(responseHeadersFrom(app, answer, path, sides, true))) {
    for (const one of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${one}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Bytes both ways with back pressure; each side's end is passed on, and a side that breaks takes the other with it. */
export function join(left: Duplex, right: Duplex): void {
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.pipe(to);
    from.on('error', () => from.destroy());
    from.once('close', () => {
      if (!from.readableEnded || to.writableFinished) to.destroy();
      else to.once('finish', () => to.destroy());
    });
  }
}
