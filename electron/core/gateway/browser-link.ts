import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../deps.ts';
import { judgeBrowserRequest, sameSecret, type Verdict } from './access-policy.ts';
import { sendOwn } from './answer.ts';
import { readCookie } from './headers.ts';
import { messagePage, plainAnswer } from './pages.ts';
import { responseFor } from './proxy-upgrade.ts';
import { MAX_HEAD } from './upstream-answer.ts';

const TICKET = 'tunel-ticket';
const COOKIE = 'tunel-view';
/** ms */
const TICKET_LIFE = 60_000;

/** What a browser's request is handed on to, once it may pass. */
interface BrowserFront {
  /** The path the app begins at. */
  start(): string;
  request(front: URL, req: IncomingMessage, res: ServerResponse): void;
  upgrade(front: URL, req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** A loopback listener for the user's own browser, opened when first asked for. One instance each. */
export class BrowserLink {
  static readonly cookieNames = [COOKIE] as const;

  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #cookie = randomBytes(32).toString('base64url');
  #tickets = new Map<string, number>();
  #host = '';
  #listening: Promise<void> | null = null;

  constructor(
    private readonly id: string,
    private readonly front: BrowserFront,
    private readonly clock: Clock,
  ) {
    this.#server = createServer({ maxHeaderSize: MAX_HEAD, requestTimeout: 0 });
    this.#server.maxHeadersCount = 0;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    const onRequest = (req: IncomingMessage, res: ServerResponse): void => this.#onRequest(req, res);
    this.#server.on('request', onRequest).on('checkContinue', onRequest);
    this.#server.on('upgrade', (req, socket, head) => this.#onUpgrade(req, socket, head));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** A link that works once and for a minute. Rejects with `internal` when no port can be had. */
  async link(): Promise<string> {
    this.#listening ??= this.#listen();
    await this.#listening;
    const now = this.clock.now();
    this.#tickets = new Map([...this.#tickets].filter(([, until]) => until > now));
    const ticket = randomBytes(32).toString('base64url');
    this.#tickets.set(ticket, now + TICKET_LIFE);
    return `http://${this.#host}/?${TICKET}=${ticket}`;
  }

  async dispose(): Promise<void> {
    this.#tickets.clear();
    if (!this.#listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      // One that comes later is of a connection that could not be accepted.
      this.#server.on('error', (cause) => {
        if (this.#server.listening) return;
        this.#listening = null;
        reject(new AppError('internal', 'No port could be opened for your browser on this computer.', { cause }));
      });
      this.#server.listen(0, '127.0.0.1', () => {
        const { port } = this.#server.address() as AddressInfo;
        this.#host = `${this.id}.localhost:${port}`;
        resolve();
      });
    });
  }

  get #front(): URL {
    return new URL(`http://${this.#host}`);
  }

  #judge(req: IncomingMessage, upgrade: boolean): Verdict {
    const { headers } = req;
    const site = headers['sec-fetch-site'];
    return judgeBrowserRequest(
      {
        method: req.method ?? '',
        url: req.url ?? '',
        host: headers.host,
        cookie: readCookie(headers.cookie, COOKIE),
        origin: headers.origin,
        fetchSite: typeof site === 'string' ? site : undefined,
        upgrade,
      },
      { host: this.#host, cookie: this.#cookie },
    );
  }

  #onRequest(req: IncomingMessage, res: ServerResponse): void {
    if (this.#redeem(req)) {
      res.writeHead(303, {
        location: this.front.start(),
        'set-cookie': `${COOKIE}=${this.#cookie}; Path=/; HttpOnly; SameSite=Strict`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-length': 0,
      });
      res.end();
      return;
    }
    const verdict = this.#judge(req, false);
    if (verdict.allow) this.front.request(this.#front, req, res);
    else sendOwn(req, res, messagePage(verdict.status, 'Not from here.', verdict.message, false));
  }

  #onUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const verdict = this.#judge(req, true);
    if (verdict.allow) {
      this.front.upgrade(this.#front, req, socket, head);
      return;
    }
    socket.on('error', () => socket.destroy());
    sendOwn(req, responseFor(req, socket), plainAnswer(verdict.status, verdict.message));
  }

  /** Spends the ticket of a request that has one. */
  #redeem(req: IncomingMessage): boolean {
    if (req.method !== 'GET' || req.headers.host !== this.#host || !req.url?.startsWith(`/?${TICKET}=`)) return false;
    const given = req.url.slice(`/?${TICKET}=`.length);
    for (const [ticket, until] of this.#tickets) {
      if (!sameSecret(given, ticket)) continue;
      this.#tickets.delete(ticket);
      return until > this.clock.now();
    }
    return false;
  }
}
