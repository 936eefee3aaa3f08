import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Serve } from '../../shared/recipes.ts';
import type { Logger } from '../deps.ts';
import { type FrontRequest, type FrontResponse, sendOwn } from './answer.ts';
import { type AppChannel, Unreachable } from './app-channel.ts';
import { plainAnswer } from './pages.ts';
import { join as joinStreams, responseFor } from './proxy-upgrade.ts';
import { signInToRfb } from './rfb-sign-in.ts';

/** Where the page opens its WebSocket. */
const CHANNEL_PATH = '/channel';
/** The WebSocket's close code when the app cannot be used; its reason is shown (RFC 6455 section 7.4.2: 4000 and above). */
const CLOSE_FAILED = 4000;

const TYPES = new Map([
  ['index.html', 'text/html; charset=utf-8'],
  ['page.js', 'text/javascript; charset=utf-8'],
  ['page.css', 'text/css; charset=utf-8'],
  ['mono.woff2', 'font/woff2'],
]);

/** xterm.js writes its colours into style elements; nothing else may be inline. */
const policy = (protocol: Serve['protocol']): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    protocol === 'terminal' ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** RFB messages are small; a paste into a terminal may be long. */
const MAX_MESSAGE = 16 * 1024 * 1024;

/**
 * An app that speaks no HTTP: a desktop (RFB) or a terminal. Its page is bundled with Tunel and served here, and a WebSocket
 * of that page carries the app's bytes. Who may ask was judged before.
 */
export class OwnApp {
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE });

  /** `folder`: of the bundled pages, with one folder each. */
  constructor(
    private readonly app: AppChannel,
    private readonly folder: string,
    private readonly logger: Logger,
  ) {}

  /** Never rejects: what fails becomes an answer. */
  async request(req: FrontRequest, res: FrontResponse): Promise<void> {
    const { protocol } = this.app.target.serve;
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
    const name = path === '/' ? 'index.html' : path.slice(1);
    const type = TYPES.get(name);
    if (req.method !== 'GET' && req.method !== 'HEAD') return sendOwn(req, res, plainAnswer(405, 'Only to be read.'));
    if (type === undefined) return sendOwn(req, res, plainAnswer(404, 'There is nothing here.'));
    try {
      const body = await readFile(join(this.folder, protocol, name));
      const headers = {
        'content-type': type,
        'content-security-policy': policy(protocol),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      };
      sendOwn(req, res, { status: 200, headers, body });
    } catch (error) {
      this.logger.error('A page of the app itself is missing', { name, error: String(error) });
      sendOwn(req, res, plainAnswer(500, 'Tunel is not whole: this page is missing. Install it again.'));
    }
  }

  /** The page's WebSocket. Does not wait for the tunnel: the page says what is happening, and comes again. */
  async upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    socket.on('error', () => socket.destroy());
    const refuse = (status: number, message: string): void =>
      sendOwn(req, responseFor(req, socket), plainAnswer(status, message));
    if (req.url !== CHANNEL_PATH) return refuse(404, 'There is nothing here.');
    if (req.headers.upgrade?.toLowerCase() !== 'websocket') return refuse(400, 'Only WebSockets are passed on.');
    try {
      const deadline = this.app.deadline();
      const channel = await this.app.acquire({
        signal: gone.signal,
        sending: true,
        patient: false,
        deadline,
        kind: 'long',
      });
      this.app.pool.detach(channel);
      channel.stream.on('error', () => channel.stream.destroy());
      onAbort(gone.signal, () => channel.stream.destroy());
      if (gone.signal.aborted) return;
      this.#sockets.handleUpgrade(req, socket, head, (client) => void this.#join(client, channel.stream, gone.signal));
    } catch (error) {
      if (gone.signal.aborted) return;
      if (!(error instanceof Unreachable)) return refuse(502, 'The app could not be reached.');
      refuse(error.kind === 'ended' ? 410 : 503, error.message);
    }
  }

  async #join(client: WebSocket, upstream: Duplex, gone: AbortSignal): Promise<void> {
    const { serve, token } = this.app.target;
    const page = createWebSocketStream(client);
    page.on('error', () => page.destroy());
    try {
      if (serve.protocol === 'vnc')
        await signInToRfb({ server: upstream, client: page, password: token.slice(0, 8), signal: gone });
      joinStreams(page, upstream);
    } catch (error) {
      upstream.destroy();
      const { message } = AppError.from(error);
      this.logger.info('A page’s channel did not open', { instance: this.app.target.id, error: message });
      // The reason of a close has at most 123 bytes.
      client.close(CLOSE_FAILED, Buffer.from(message).subarray(0, 120).toString());
    }
  }

  dispose(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
  }
}
