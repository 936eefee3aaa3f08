import http2 from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import type { ViewAccess } from '../../electron/shared/contract/instances.ts';

export interface Answer {
  status: number;
  headers: http2.IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

export interface AskOptions {
  headers?: http2.OutgoingHttpHeaders;
  /** Default true: with the header that only the view's partition adds. */
  secret?: boolean;
}

/** One instance as its view reaches it: CONNECT, pinned TLS, the secret header, cookies of its own. */
export class GatewayClient {
  readonly access: ViewAccess;
  /** Name to value, as a browser would keep them for this origin. */
  readonly cookies = new Map<string, string>();
  #session: http2.ClientHttp2Session | null = null;

  constructor(access: ViewAccess) {
    this.access = access;
  }

  get(path: string, options: AskOptions = {}): Promise<Answer> {
    return this.#ask('GET', path, undefined, options);
  }

  /** `body`: bytes or text as they are, or a value sent as JSON. */
  send(method: string, path: string, body: Buffer | string | object, options: AskOptions = {}): Promise<Answer> {
    if (typeof body === 'string' || Buffer.isBuffer(body)) return this.#ask(method, path, Buffer.from(body), options);
    const headers = { 'content-type': 'application/json', ...options.headers };
    return this.#ask(method, path, Buffer.from(JSON.stringify(body)), { ...options, headers });
  }

  /** Posts a form as a page of this origin does. */
  form(path: string, fields: Record<string, string>, options: AskOptions = {}): Promise<Answer> {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: this.access.origin,
      referer: `${this.access.origin}/`,
      ...options.headers,
    };
    return this.#ask('POST', path, Buffer.from(new URLSearchParams(fields).toString()), { ...options, headers });
  }

  /** Posts one file as a browser's upload form does. */
  upload(path: string, field: string, name: string, data: Buffer): Promise<Answer> {
    const boundary = 'tunel-test-boundary';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    return this.#ask('POST', path, Buffer.concat([Buffer.from(head), data, Buffer.from(`\r\n--${boundary}--\r\n`)]), {
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, origin: this.access.origin },
    });
  }

  /** An open WebSocket; rejects with the status when it is refused. */
  async webSocket(path: string, secret = true, protocols: string[] = []): Promise<WebSocket> {
    const stream = await this.#tls('http/1.1');
    const socket = new WebSocket(`wss://${this.access.host}${path}`, protocols, {
      createConnection: () => stream,
      headers: this.#headers({ secret }) as Record<string, string>,
      origin: this.access.origin,
    });
    return await new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  close(): void {
    this.#session?.destroy();
    this.#session = null;
  }

  async #ask(method: string, path: string, body: Buffer | undefined, options: AskOptions): Promise<Answer> {
    if (!this.#session || this.#session.destroyed) {
      const stream = await this.#tls('h2');
      this.#session = http2.connect(this.access.origin, { createConnection: () => stream as Socket });
      this.#session.on('error', () => undefined);
    }
    const request = this.#session.request(
      {
        ':method': method,
        ':path': path,
        // As browsers do for a body they have whole.
        ...(body === undefined ? {} : { 'content-length': body.length }),
        ...this.#headers(options),
      },
      { endStream: body === undefined },
    );
    return await new Promise((resolve, reject) => {
      let headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader = {};
      const chunks: Buffer[] = [];
      request.once('response', (given) => {
        headers = given;
      });
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('error', reject);
      request.once('close', () => {
        this.#keepCookies(headers['set-cookie'] ?? []);
        const all = Buffer.concat(chunks);
        resolve({ status: headers[':status'] ?? 0, headers, body: all, text: all.toString() });
      });
      if (body !== undefined) request.end(body);
    });
  }

  #headers({ headers = {}, secret = true }: AskOptions): http2.OutgoingHttpHeaders {
    const { name, value } = this.access.secretHeader;
    const cookie = [...this.cookies].map(([key, kept]) => `${key}=${kept}`).join('; ');
    return { ...(secret ? { [name]: value } : {}), ...(cookie ? { cookie } : {}), ...headers };
  }

  #keepCookies(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }

  async #tls(protocol: string): Promise<TLSSocket> {
    const { host, proxyPort, certificateFingerprint } = this.access;
    const socket = await connectThrough(proxyPort, host);
    return await new Promise((resolve, reject) => {
      const stream = connectTls({ socket, servername: host, ALPNProtocols: [protocol], rejectUnauthorized: false });
      stream.once('error', reject);
      stream.once('secureConnect', () => {
        const shown = fingerprint(stream.getPeerCertificate());
        if (shown === certificateFingerprint) resolve(stream);
        else reject(new Error(`The gateway shows ${shown}, pinned is ${certificateFingerprint}.`));
      });
    });
  }
}

/** `sha256/<base64>` of the certificate, as Electron spells it. */
function fingerprint(certificate: PeerCertificate): string {
  return `sha256/${Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64')}`;
}

function connectThrough(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port, '127.0.0.1', () =>
      socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`),
    );
    socket.once('error', reject);
    socket.once('data', (data) =>
      data.toString().startsWith('HTTP/1.1 200') ? resolve(socket) : reject(new Error(data.toString())),
    );
  });
}
