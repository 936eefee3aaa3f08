import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Serve } from '../../shared/recipes.ts';
import { UpstreamStream } from '../gateway/upstream-stream.ts';
import type { FirstAnswer } from '../recipes/legacy/sign-in-policy.ts';

const MAX_PAGE = 256 * 1024;
const MAX_TURNS = 3;

type Open = (signal: AbortSignal) => Promise<Duplex>;

/** What an app answers a stranger where its view begins, and the page to which that sends on. */
export async function firstAnswer(serve: Serve, open: Open, signal: AbortSignal): Promise<FirstAnswer> {
  let path = serve.path;
  let first: Answer | null = null;
  for (let turns = 0; turns < MAX_TURNS; turns += 1) {
    const answer = await ask(serve, path, open, signal);
    first ??= answer;
    const base = `http://${serve.host}${path}`;
    const leads = answer.location !== '' && URL.canParse(answer.location, base);
    const next = leads ? new URL(answer.location, base) : null;
    if (answer.status < 300 || answer.status >= 400 || next === null) {
      return { status: first.status, challenge: first.challenge, page: { path, html: answer.text } };
    }
    path = next.pathname + next.search;
  }
  return { status: first?.status ?? 0, challenge: '', page: { path: '', html: '' } };
}

interface Answer {
  status: number;
  challenge: string;
  location: string;
  text: string;
}

async function ask(serve: Serve, path: string, open: Open, signal: AbortSignal): Promise<Answer> {
  const channel = await open(signal);
  channel.on('error', () => channel.destroy());
  try {
    const stream = serve.scheme === 'https' ? tlsConnect({ socket: channel, rejectUnauthorized: false }) : channel;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { host: serve.host, connection: 'close', accept: 'text/html,*/*' };
      const outgoing = request(
        { createConnection: () => new UpstreamStream(stream, 'GET'), path, headers, signal },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end();
    });
    const text = /^text\/html\b|^$/.test(response.headers['content-type'] ?? '') ? await readText(response) : '';
    response.on('error', () => response.destroy());
    response.destroy();
    const { headers, statusCode } = response;
    return {
      status: statusCode ?? 0,
      challenge: headers['www-authenticate'] ?? '',
      location: headers.location ?? '',
      text,
    };
  } finally {
    channel.destroy();
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length >= MAX_PAGE) break;
  }
  return text;
}
