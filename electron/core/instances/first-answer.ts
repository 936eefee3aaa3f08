import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Serve } from '../../shared/recipes.ts';
import type { FirstAnswer } from '../recipes/tunel/sign-in-policy.ts';

/** What an app answers a stranger at the path where its view begins. */
export async function firstAnswer(
  serve: Serve,
  open: (signal: AbortSignal) => Promise<Duplex>,
  signal: AbortSignal,
): Promise<FirstAnswer> {
  const channel = await open(signal);
  channel.on('error', () => channel.destroy());
  try {
    const stream = serve.scheme === 'https' ? tlsConnect({ socket: channel, rejectUnauthorized: false }) : channel;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { host: serve.host, connection: 'close', accept: 'text/html,*/*' };
      const outgoing = request({ createConnection: () => stream, path: serve.path, headers, signal }, resolve);
      outgoing.on('error', reject);
      outgoing.end();
    });
    response.on('error', () => response.destroy());
    response.destroy();
    return { status: response.statusCode ?? 0, challenge: response.headers['www-authenticate'] ?? '' };
  } finally {
    channel.destroy();
  }
}
