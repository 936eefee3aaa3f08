import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../../shared/errors.ts';
import type { Clock, Logger } from '../deps.ts';
import { DOMAIN, judgeViewRequest, OWN_PREFIX, type Verdict } from './access-policy.ts';
import { type FrontRequest, type FrontResponse, sendOwn } from './answer.ts';
import { AppChannel, Unreachable } from './app-channel.ts';
import { BrowserLink } from './browser-link.ts';
import type { GatewayCertificate } from './certificate.ts';
import { type Sides, startPath } from './headers.ts';
import { OwnApp } from './own-app.ts';
import { messagePage, plainAnswer, redirectAnswer, statusAnswer } from './pages.ts';
import type { ProxiedApp } from './proxied-app.ts';
import { proxyRequest } from './proxy-request.ts';
import { proxyUpgrade, responseFor } from './proxy-upgrade.ts';
import { SignIn } from './sign-in.ts';
import type { GatewayTarget } from './types.ts';
import { MAX_HEAD } from './upstream-answer.ts';

const oneHeader = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join() : value);

export const SECRET_HEADER = 'x-tunel-view';

const MIB = 1024 * 1024;
/** Of one page. Each open event stream is one, and nothing else may wait for it. */
const MOST_STREAMS = 2048;
const MOST_HEADERS = 10_000;

/** One instance as the page sees it: TLS, its secret, and behind both the app. */
export class InstanceFront {
  readonly #channel: AppChannel;
  readonly #app: ProxiedApp;
  readonly host: string;
  readonly secret = randomBytes(32).toString('base64url');
  readonly #server: Http2SecureServer;
  readonly #sockets = new Set<Socket>();
  readonly #browser: BrowserLink;
  readonly #origin: URL;
  readonly #own: OwnApp | null;

  constructor(
    target: GatewayTarget,
    certificate: GatewayCertificate,
    clock: Clock,
    private readonly logger: Logger,
    pages: string,
  ) {
    this.host = `${target.id}.${DOMAIN}`;
    this.#origin = new URL(`https://${this.host}`);
    const channel = new AppChannel(target, this.host, clock);
    const { login, protocol } = target.serve;
    this.#channel = channel;
    this.#app = { channel, signIn: login ? new SignIn(channel, login, clock) : null };
    this.#own = protocol === 'http' ? null : new OwnApp(channel, pages, logger);
    this.#server = this.#createServer(certificate);
    this.#browser = new BrowserLink(
      target.id,
      {
        start: () => startPath(this.#channel.target.serve),
        request: (front, req, res) => this.#serve(front, req, res),
        upgrade: (front, req, socket, head) => this.#upgrade(front, req, socket, head),
      },
      clock,
    );
  }

  replace(target: GatewayTarget): void {
    this.#channel.replace(target);
  }

  /** Requests held while the tunnel was down go on. */
  wake(): void {
    this.#channel.wake();
  }

  /** A socket on which the CONNECT to this instance has been granted. */
  take(socket: Socket, head: Buffer): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (head.length > 0) socket.unshift(head);
    this.#server.emit('connection', socket);
  }

  browserLink(): Promise<string> {
    return this.#browser.link();
  }

  async dispose(): Promise<void> {
    this.#channel.dispose();
    this.#own?.dispose();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await this.#browser.dispose();
  }

  #createServer({ key, cert }: GatewayCertificate): Http2SecureServer {
    const server = createSecureServer({
      key,
      cert,
      allowHTTP1: true,
      minVersion: 'TLSv1.2',
      // One upload may be in flight this far; more would only fill memory.
      // Node resets new requests of a session above 10 MB; a page has one session for everything.
      maxSessionMemory: 256,
      settings: {
        initialWindowSize: MIB,
        maxConcurrentStreams: MOST_STREAMS,
        enablePush: false,
        maxHeaderListSize: MAX_HEAD,
      },
      // Over HTTP/2 each cookie is a header of its own.
      maxHeaderListPairs: MOST_HEADERS,
      maxSendHeaderBlockLength: 2 * MAX_HEAD,
    });
    // An upload may take longer than node:http's five minutes.
    Object.assign(server, { requestTimeout: 0, maxHeaderSize: MAX_HEAD, maxHeadersCount: 0 });
    server.on('session', (session) => {
      session.setLocalWindowSize(32 * MIB);
      session.on('error', (error) => this.logger.debug('HTTP/2 ended', { instance: this.host, why: error.message }));
    });
    const onRequest = (req: FrontRequest, res: FrontResponse): void => this.#onRequest(req, res);
    server.on('request', onRequest).on('checkContinue', onRequest);
    server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => this.#onUpgrade(req, socket, head));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.on('clientError', (_error: Error, socket: Duplex) => socket.destroy());
    server.on('unknownProtocol', (socket) => socket.destroy());
    return server;
  }

  #judge(req: FrontRequest): Verdict {
    return judgeViewRequest(
      {
        method: req.method ?? '',
        url: req.url ?? '',
        authority: 'authority' in req ? req.authority : undefined,
        host: req.headers.host,
        servername: (req.socket as TLSSocket).servername,
        secret: req.headers[SECRET_HEADER],
        fetchSite: oneHeader(req.headers['sec-fetch-site']),
      },
      { host: this.host, secret: this.secret },
    );
  }

  #onRequest(req: FrontRequest, res: FrontResponse): void {
    const verdict = this.#judge(req);
    if (verdict.allow) {
      this.#serve(this.#origin, req, res);
      return;
    }
    this.logger.debug('Refused', { instance: this.host, why: verdict.message });
    req.on('error', () => undefined);
    sendOwn(req, res, plainAnswer(verdict.status, verdict.message));
  }

  #onUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const verdict = this.#judge(req);
    if (verdict.allow) {
      this.#upgrade(this.#origin, req, socket, head);
      return;
    }
    this.logger.debug('Refused', { instance: this.host, why: verdict.message });
    socket.on('error', () => socket.destroy());
    sendOwn(req, responseFor(req, socket), plainAnswer(verdict.status, verdict.message));
  }

  #serve(front: URL, req: FrontRequest, res: FrontResponse): void {
    // A stream that breaks also closes its response, which is what ends the work for it.
    req.on('error', () => undefined);
    res.on('error', () => undefined);
    const url = req.url ?? '/';
    const { serve } = this.#channel.target;
    if (url === `${OWN_PREFIX}status`) sendOwn(req, res, statusAnswer(this.#channel.target.status()));
    else if (url.startsWith(OWN_PREFIX)) sendOwn(req, res, plainAnswer(404, 'There is nothing here.'));
    else if (req.method === 'GET' && url.split('?', 1)[0] === this.#app.signIn?.loginPath) void this.#signIn(req, res);
    else if (this.#own) void this.#own.request(req, res);
    else if (url === '/' && serve.basePath !== '' && startPath(serve) !== '/') {
      sendOwn(req, res, redirectAnswer(startPath(serve)));
    } else void proxyRequest(this.#app, this.#sides(front), req, res, this.logger);
  }

  /** Instead of the app's own form. */
  async #signIn(req: FrontRequest, res: FrontResponse): Promise<void> {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
      await this.#app.signIn?.ready(gone.signal, true);
      sendOwn(req, res, redirectAnswer(startPath(this.#channel.target.serve)));
    } catch (error) {
      if (gone.signal.aborted) return;
      const message = error instanceof Unreachable ? error.message : AppError.from(error).message;
      sendOwn(req, res, messagePage(502, 'Not signed in.', message, true));
    }
  }

  #upgrade(front: URL, req: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#own) void this.#own.upgrade(req, socket, head);
    else void proxyUpgrade(this.#app, this.#sides(front), req, socket, head, this.logger);
  }

  #sides(front: URL): Sides {
    const { serve, token } = this.#channel.target;
    return {
      front,
      serve,
      viewHost: this.host,
      token,
      dropHeaders: [SECRET_HEADER],
      dropCookies: BrowserLink.cookieNames,
    };
  }
}
