import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';

/** Redirects that one request follows. */
const MAX_REDIRECTS = 5;

/** One HTTP/1.1 connection to a program on the cluster, and what every request on it carries. */
export interface HttpConnection {
  stream: Duplex;
  host: string;
  headers: Record<string, string>;
}
export type OpenHttpConnection = () => Promise<HttpConnection>;

/**
 * One GET, with redirects to the same host followed and cookies kept meanwhile.
 * @throws AppError of the connection, or `connection-lost`
 */
export async function httpGet(open: OpenHttpConnection, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const cookies = new Map<string, string>();
  for (let left = MAX_REDIRECTS, next = path; ; left -= 1) {
    const connection = await open();
    const response = await sendGet(connection, next, cookies, signal);
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name, value] = /^\s*([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined) cookies.set(name, value ?? '');
    }
    const target = redirectTarget(response, connection.host, next);
    if (target === null || left === 0) return response;
    response.resume();
    next = target;
  }
}

/** The path that an answer redirects to; null: it redirects nowhere, or to another host. */
function redirectTarget({ statusCode = 0, headers }: IncomingMessage, host: string, from: string): string | null {
  if (statusCode < 301 || statusCode > 308 || !headers.location) return null;
  const base = new URL(from, `https://${host}`);
  const target = URL.canParse(headers.location, base) ? new URL(headers.location, base) : null;
  return target && target.host === base.host ? `${target.pathname}${target.search}` : null;
}

function sendGet(
  { stream, host, headers: given }: HttpConnection,
  path: string,
  cookies: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { host, accept: '*/*', connection: 'close', ...given, ...(cookie ? { cookie } : {}) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ createConnection: () => stream, path, headers, signal }, resolve);
    outgoing.on('error', (cause) => {
      stream.destroy();
      if (signal.aborted) return reject(AppError.from(signal.reason));
      reject(
        new AppError('connection-lost', message`There was no whole answer to ${{ path }}.`, {
          hint: 'What listens there may not speak HTTP.',
          detail: cause.message,
          cause,
        }),
      );
    });
    outgoing.end();
  });
}
