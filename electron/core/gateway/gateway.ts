import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ViewAccess } from '../../shared/contract/instances.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Clock, Logger } from '../deps.ts';
import { connectTarget, DOMAIN, isHostLabel } from './access-policy.ts';
import { createCertificate, type GatewayCertificate } from './certificate.ts';
import { InstanceFront, SECRET_HEADER } from './instance-front.ts';
import type { Gateway, GatewayTarget } from './types.ts';

const REFUSAL_TEXT = 'This port serves only the windows of Tunel.\n';
const REFUSED = `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${REFUSAL_TEXT.length}\r\nConnection: close\r\n\r\n${REFUSAL_TEXT}`;

/** See docs/gateway.md. Nothing listens before `start`. `pages`: the folder of bundled pages. */
export function createGateway(deps: { logger: Logger; clock: Clock; pages: string }): Gateway {
  return new LoopbackGateway(deps.logger, deps.clock, deps.pages);
}

class LoopbackGateway implements Gateway {
  readonly #fronts = new Map<string, InstanceFront>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #certificate: GatewayCertificate | null = null;
  #starting: Promise<void> | null = null;

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
    private readonly pages: string,
  ) {
    this.#server = createServer({ requestTimeout: 0 });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('connect', (req, socket, head) => this.#onConnect(req, socket as Socket, head));
    this.#server.on('request', (_req, res) => this.#refuse(res.socket, 'not a CONNECT'));
    this.#server.on('upgrade', (_req, socket) => this.#refuse(socket, 'not a CONNECT'));
    this.#server.on('clientError', (_error, socket) => this.#refuse(socket, 'not HTTP'));
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  add(target: GatewayTarget): void {
    const known = this.#fronts.get(target.id);
    if (known) {
      known.replace(target);
      return;
    }
    if (!isHostLabel(target.id))
      throw new AppError('bad-input', message`"${{ id: target.id }}" cannot be part of a host name.`);
    if (!this.#certificate) throw new AppError('internal', 'The gateway has not been started.');
    this.#fronts.set(target.id, new InstanceFront(target, this.#certificate, this.clock, this.logger, this.pages));
  }

  async remove(id: string): Promise<void> {
    const front = this.#fronts.get(id);
    this.#fronts.delete(id);
    await front?.dispose();
  }

  access(id: string): ViewAccess {
    const front = this.#front(id);
    const address = this.#server.address() as AddressInfo | null;
    if (!address || !this.#certificate) throw new AppError('internal', 'The gateway is not running.');
    return {
      origin: `https://${front.host}`,
      host: front.host,
      proxyPort: address.port,
      secretHeader: { name: SECRET_HEADER, value: front.secret },
      certificateFingerprint: this.#certificate.fingerprint,
    };
  }

  async browserLink(id: string): Promise<string> {
    return await this.#front(id).browserLink();
  }

  wake(id: string): void {
    this.#fronts.get(id)?.wake();
  }

  async dispose(): Promise<void> {
    const fronts = [...this.#fronts.values()];
    this.#fronts.clear();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all(fronts.map((front) => front.dispose()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #start(): Promise<void> {
    this.#certificate = await createCertificate(DOMAIN, this.clock.now());
    await new Promise<void>((resolve, reject) => {
      this.#server.on('error', (cause) => {
        if (this.#server.listening) this.logger.warn('The gateway cannot accept', { error: cause.message });
        reject(new AppError('internal', 'No loopback port could be opened on this computer.', { cause }));
      });
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  #front(id: string): InstanceFront {
    const front = this.#fronts.get(id);
    if (!front) throw new AppError('not-found', 'This app is not open here.');
    return front;
  }

  #onConnect(req: IncomingMessage, socket: Socket, head: Buffer): void {
    const id = connectTarget(req.url);
    const front = id === null ? undefined : this.#fronts.get(id);
    if (!front || this.#certificate === null) {
      this.#refuse(socket, 'unknown target');
      return;
    }
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    front.take(socket, head);
  }

  #refuse(socket: Duplex | null, why: string): void {
    this.logger.debug('The gateway refused a connection', { why });
    if (!socket) return;
    socket.on('error', () => socket.destroy());
    if (socket.writable) socket.end(REFUSED, () => socket.destroy());
    else socket.destroy();
  }
}
