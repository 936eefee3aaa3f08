import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  request as plainRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import http2 from 'node:http2';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock, Logger } from '../../../electron/core/deps.ts';
import { createGateway } from '../../../electron/core/gateway/gateway.ts';
import type { Gateway, GatewayTarget } from '../../../electron/core/gateway/types.ts';
import type { ViewAccess } from '../../../electron/shared/contract/instances.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { serveSchema } from '../../../electron/shared/recipes.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';

export const clock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal, ref: false });
  },
};

/** Keeps every line, so that tests can search them for secrets. */
export class MemoryLogger implements Logger {
  readonly lines: string[] = [];
  debug = (message: string, fields?: Record<string, unknown>): void => this.#keep(message, fields);
  info = this.debug;
  warn = this.debug;
  error = this.debug;
  #keep(message: string, fields?: Record<string, unknown>): void {
    this.lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  }
}

export interface App {
  socketPath: string;
  server: Server;
  connections: Set<Socket>;
  /** Connections ever made. */
  made: number;
  close(): Promise<void>;
}

/** A real HTTP server on a Unix socket. */
export async function startApp(handler: (req: IncomingMessage, res: ServerResponse) => void): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'gw-'));
  const server = createServer({ requestTimeout: 0, maxHeaderSize: 1024 * 1024 }, handler);
  server.maxHeadersCount = 0;
  const app: App = {
    socketPath: join(folder, 's'),
    server,
    connections: new Set(),
    made: 0,
    async close() {
      for (const socket of app.connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
  server.on('connection', (socket) => {
    app.made += 1;
    app.connections.add(socket);
    socket.once('close', () => app.connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(app.socketPath, resolve));
  return app;
}

export function openSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once('error', (cause) => reject(new AppError('channel-refused', `No answer at the socket.`, { cause })));
    socket.once('connect', () => resolve(socket));
  });
}

/** A tunnel that tests can cut and mend. */
export class Tunnel {
  state: 'up' | 'down' | 'ended' = 'up';
  message = 'Connected.';
  opened = 0;
  readonly channels = new Set<Socket>();

  constructor(public path: string) {}

  open = async (): Promise<Socket> => {
    if (this.state !== 'up') throw new AppError('connection-lost', 'The connection was lost.');
    this.opened += 1;
    const socket = await openSocket(this.path);
    this.channels.add(socket);
    socket.once('close', () => this.channels.delete(socket));
    return socket;
  };

  cut(state: 'down' | 'ended', message: string): void {
    this.state = state;
    this.message = message;
    for (const socket of this.channels) socket.destroy();
  }
}

export const TOKEN = 'the-app-token-5d1c';

export function targetOf(id: string, tunnel: Tunnel, serve: Record<string, unknown> = {}): GatewayTarget {
  return {
    id,
    serve: serveSchema.parse(serve),
    user: 'ada',
    token: TOKEN,
    open: tunnel.open,
    status: () => ({ state: tunnel.state, message: tunnel.message }),
  };
}

export interface Bench {
  gateway: Gateway;
  logger: MemoryLogger;
}

export async function startGateway(): Promise<Bench> {
  const logger = new MemoryLogger();
  const gateway = createGateway({ logger, clock, pages: join(import.meta.dirname, '../../../dist/pages') });
  await gateway.start();
  return { gateway, logger };
}

/** CONNECT by hand: the status line, and the socket to go on with. */
export function connectThrough(port: number, authority: string): Promise<{ status: number; socket: Socket }> {
  return new Promise((resolve, reject) => {
    const request = plainRequest({ host: '127.0.0.1', port, method: 'CONNECT', path: authority, agent: false });
    request.once('connect', (response, socket) => resolve({ status: response.statusCode ?? 0, socket }));
    request.once('error', reject);
    request.end();
  });
}

export async function tlsThrough(access: ViewAccess, protocol: string, servername = access.host): Promise<TLSSocket> {
  const { socket, status } = await connectThrough(access.proxyPort, `${access.host}:443`);
  if (status !== 200) throw new Error(`CONNECT: ${status}`);
  return await new Promise((resolve, reject) => {
    const tls = connectTls({
      socket,
      servername,
      rejectUnauthorized: false,
      ALPNProtocols: [protocol],
    });
    tls.once('secureConnect', () => resolve(tls));
    tls.once('error', reject);
  });
}

export interface Answer {
  status: number;
  headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;
  trailers: http2.IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

/** A view's browser: one HTTP/2 session through the gateway, with the partition's header. */
export class View {
  private constructor(
    readonly session: http2.ClientHttp2Session,
    readonly access: ViewAccess,
  ) {}

  static async open(access: ViewAccess): Promise<View> {
    const tls = await tlsThrough(access, 'h2');
    const session = http2.connect(access.origin, {
      createConnection: () => tls as Socket,
      // As Chromium: headers of up to 256 KB.
      settings: { initialWindowSize: 4 * 1024 * 1024, maxHeaderListSize: 256 * 1024 },
      maxHeaderListPairs: 10_000,
      maxSendHeaderBlockLength: 256 * 1024,
    });
    session.on('error', () => undefined);
    await new Promise<void>((resolve) => session.once('connect', () => resolve()));
    session.setLocalWindowSize(16 * 1024 * 1024);
    return new View(session, access);
  }

  stream(path: string, headers: http2.OutgoingHttpHeaders = {}, endStream?: boolean): http2.ClientHttp2Stream {
    const { name, value } = this.access.secretHeader;
    return this.session.request(
      { ':path': path, [name]: value, ...headers },
      endStream === undefined ? {} : { endStream },
    );
  }

  get(path: string, headers: http2.OutgoingHttpHeaders = {}): Promise<Answer> {
    return collect(this.stream(path, headers, true));
  }

  send(path: string, body: string | Buffer, headers: http2.OutgoingHttpHeaders = {}): Promise<Answer> {
    const stream = this.stream(path, { ':method': 'POST', ...headers });
    const answer = collect(stream);
    stream.end(body);
    return answer;
  }

  close(): void {
    this.session.destroy();
  }
}

export function collect(stream: http2.ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let headers: Answer['headers'] = {};
    let trailers: Answer['trailers'] = {};
    const chunks: Buffer[] = [];
    stream.once('response', (given) => {
      headers = given;
    });
    stream.once('trailers', (given) => {
      trailers = given;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', reject);
    stream.once('close', () => {
      if (stream.rstCode !== 0) {
        reject(new Error(`reset ${stream.rstCode}`));
        return;
      }
      const body = Buffer.concat(chunks);
      resolve({ status: Number(headers[':status']), headers, trailers, body, text: body.toString() });
    });
  });
}

/** Waits for a condition. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Not within ${PATIENCE_MS} ms: ${what}`);
    await delay(10);
  }
}
