import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import { AppError } from '../../shared/errors.ts';
import type { Serve } from '../../shared/recipes.ts';
import type { Clock } from '../deps.ts';
import { parseVersion, readExactly } from '../gateway/rfb-sign-in.ts';
import { UpstreamStream } from '../gateway/upstream-stream.ts';

interface ProbeTarget {
  id: string;
  serve: Serve;
  token: string;
  open(signal?: AbortSignal): Promise<Duplex>;
}

/** An app that accepts but never answers must not hold the next try for ever. */
const ONE_TRY = 10_000;

/**
 * Asks until the app answers with an accepted status.
 * @throws AppError `not-ready` whose message is the last answer, after `deadline` (epoch ms)
 */
export async function waitUntilReady(
  target: ProbeTarget,
  options: { clock: Clock; deadline: number; signal: AbortSignal },
): Promise<void> {
  const { clock, deadline, signal } = options;
  let pause = 300;
  for (;;) {
    const last = await probe(target, signal);
    if (last === null) return;
    if (clock.now() >= deadline) throw new AppError('not-ready', last);
    await clock.sleep(Math.min(pause, Math.max(50, deadline - clock.now())), signal);
    pause = Math.min(1000, pause + 100);
  }
}

/** @returns null when it is ready, else a description of what came instead */
export async function probe(target: ProbeTarget, signal: AbortSignal): Promise<string | null> {
  signal.throwIfAborted();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ONE_TRY)]);
  try {
    if (target.serve.protocol !== 'http') return await greeting(target, limit);
    const status = await ask(target, limit);
    if (target.serve.ready.status.includes(status)) return null;
    return `it answered ${target.serve.ready.path} with status ${status}`;
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return 'it accepted the connection but did not answer';
    return `it did not answer (${error instanceof Error ? error.message.replace(/\.$/, '') : String(error)})`;
  }
}

/** Such apps speak first. @returns null when that is what its protocol begins with, else a description of what came instead */
async function greeting(target: ProbeTarget, signal: AbortSignal): Promise<string | null> {
  const channel = await target.open(signal);
  channel.on('error', () => channel.destroy());
  try {
    if (target.serve.protocol === 'terminal') {
      const head = await readExactly(channel, 5, signal);
      return head.toString('latin1', 0, 1) === 'H' ? null : 'what answered is not a terminal';
    }
    return parseVersion(await readExactly(channel, 12, signal)) === null ? 'what answered is not a VNC server' : null;
  } finally {
    channel.destroy();
  }
}

async function ask(target: ProbeTarget, signal: AbortSignal): Promise<number> {
  const { serve } = target;
  const channel = await target.open(signal);
  // A channel that fails between two listeners must not end the process.
  channel.on('error', () => channel.destroy());
  try {
    const host = serve.host.replaceAll('{host}', `${target.id}.apps.internal`);
    const stream =
      serve.scheme === 'https'
        ? // Its certificate is pinned by the gateway; here only an answer is awaited.
          tlsConnect({ socket: channel, rejectUnauthorized: false, servername: /^[\d.:]+$/.test(host) ? '' : host })
        : channel;
    const path = serve.ready.path.startsWith(serve.basePath) ? serve.ready.path : serve.basePath + serve.ready.path;
    const headers: Record<string, string> = { host, connection: 'close', accept: '*/*' };
    if (serve.token) headers[serve.token.header] = serve.token.value.replaceAll('{token}', target.token);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // No `agent` at all: with `false` Node makes one that dials by itself and never asks for our stream.
      const outgoing = request(
        { createConnection: () => new UpstreamStream(stream, 'GET'), path, headers, signal },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end();
    });
    response.on('error', () => response.destroy());
    response.destroy();
    return response.statusCode ?? 0;
  } finally {
    channel.destroy();
  }
}
