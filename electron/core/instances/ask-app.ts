import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Serve } from '../../shared/recipes.ts';
import { UpstreamStream } from '../gateway/upstream-stream.ts';

const MAX_BYTES = 256 * 1024;
const LIMIT_MS = 10_000;

export interface AppAnswer {
  status: number;
  type: string;
  location: string;
  body: Buffer;
}

/** One GET of an app over a channel, for what the app says of itself; at most 256 KiB. The channel is used up. */
export async function askApp(
  channel: Duplex,
  serve: Serve,
  host: string,
  token: string,
  path: string,
  signal: AbortSignal,
): Promise<AppAnswer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  channel.on('error', () => channel.destroy());
  try {
    // Its certificate is pinned by the gateway; nothing secret is asked for here.
    const stream = serve.scheme === 'https' ? connectTls({ socket: channel, rejectUnauthorized: false }) : channel;
    const headers: Record<string, string> = { host, connection: 'close', accept: '*/*' };
    if (serve.token) headers[serve.token.header] = serve.token.value.replaceAll('{token}', token);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(
        { createConnection: () => new UpstreamStream(stream, 'GET'), path, headers, signal: limit },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end();
    });
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MAX_BYTES)
        throw new AppError('limit-exceeded', message`${{ path }} is longer than ${{ maxKiB: MAX_BYTES / 1024 }} KiB.`);
      parts.push(part);
    }
    const { statusCode = 0, headers: got } = response;
    return {
      status: statusCode,
      type: got['content-type'] ?? '',
      location: got.location ?? '',
      body: Buffer.concat(parts),
    };
  } finally {
    channel.destroy();
  }
}
