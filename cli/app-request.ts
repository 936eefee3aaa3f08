import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ViewAccess } from '../electron/shared/contract/instances.ts';
import { AppError } from '../electron/shared/errors.ts';

/** Of `Location`s, as many as curl would be asked to follow by hand. */
const MOST_REDIRECTS = 5;

/** How the answers to GETs come here: a byte stream for each, and what every request carries. */
interface Way {
  open(): Promise<Duplex>;
  host: string;
  headers: Record<string, string>;
}

/** Through the gateway, as the app's view: it adds the app's credentials and signs in where the app wants that. */
export function throughGateway(access: ViewAccess): Way {
  const { host, secretHeader } = access;
  return {
    host,
    headers: { [secretHeader.name]: secretHeader.value },
    async open() {
      const proxy = await connectProxy(access);
      // The certificate was made by the gateway in this very process; its fingerprint is compared instead of a chain.
      const stream = connectTls({
        socket: proxy,
        servername: host,
        rejectUnauthorized: false,
        ALPNProtocols: ['http/1.1'],
      });
      await new Promise<void>((resolve, reject) => {
        stream.once('secureConnect', resolve);
        stream.once('error', reject);
      });
      const { fingerprint256 } = stream.getPeerCertificate();
      const seen = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64');
      if (`sha256/${seen}` !== access.certificateFingerprint) {
        stream.destroy();
        throw new AppError('internal', 'Something else answers in place of the gateway.');
      }
      return stream;
    },
  };
}

function connectProxy({ proxyPort, host }: ViewAccess): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: proxyPort, method: 'CONNECT', path: `${host}:443` });
    outgoing.once('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket as Socket);
      else reject(new AppError('internal', `The gateway refused: ${response.statusCode}.`));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** One GET, redirects to the same place followed, cookies kept on the way. @throws AppError of the way, or `connection-lost` */
export async function get(way: Way, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const cookies = new Map<string, string>();
  for (let left = MOST_REDIRECTS, next = path; ; left -= 1) {
    const response = await ask(way, next, cookies, signal);
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name, value] = /^\s*([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined) cookies.set(name, value ?? '');
    }
    const to = redirected(response, way.host, next);
    if (to === null || left === 0) return response;
    response.resume();
    next = to;
  }
}

/** The path that an answer sends on to; null: nowhere, or away from here. */
function redirected({ statusCode = 0, headers }: IncomingMessage, host: string, from: string): string | null {
  if (statusCode < 301 || statusCode > 308 || !headers.location) return null;
  const base = new URL(from, `https://${host}`);
  const to = URL.canParse(headers.location, base) ? new URL(headers.location, base) : null;
  return to && to.host === base.host ? `${to.pathname}${to.search}` : null;
}

async function ask(
  way: Way,
  path: string,
  cookies: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const stream = await way.open();
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { host: way.host, accept: '*/*', connection: 'close', ...way.headers, ...(cookie ? { cookie } : {}) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ createConnection: () => stream, path, headers, signal }, resolve);
    outgoing.on('error', (cause) => {
      stream.destroy();
      const error = signal.aborted ? AppError.from(signal.reason) : null;
      reject(
        error ??
          new AppError('connection-lost', `There was no whole answer to ${path}.`, {
            hint: 'What listens there may not speak HTTP.',
            detail: cause.message,
            cause,
          }),
      );
    });
    outgoing.end();
  });
}
