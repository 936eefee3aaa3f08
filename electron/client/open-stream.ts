import { WebSocket } from 'ws';
import type { StreamInput, StreamName } from '../shared/contract/index.ts';
import { AppError, throwIfAborted } from '../shared/errors.ts';
import type { ByteStream } from './byte-stream.ts';
import type { EngineEndpoint } from './engine-address.ts';
import { streamPath } from './engine-paths.ts';
import { isNobodyThere, NotSentError } from './not-sent.ts';
import { reviveProblem } from './revive-problem.ts';
import { SocketStream } from './socket-stream.ts';
import type { StreamMessage } from './wire.ts';

/** Opens a stream of the contract over a WebSocket of the engine's socket. */
export async function openSocketStream<N extends StreamName>(
  address: EngineEndpoint,
  headers: Record<string, string>,
  name: N,
  input: StreamInput<N>,
  signal?: AbortSignal,
): Promise<ByteStream> {
  throwIfAborted(signal);
  const socket = new WebSocket(`ws+unix:${address.socket}:${streamPath(name)}`, {
    headers,
    perMessageDeflate: false,
    maxPayload: 0,
    // Masks protect proxies that read along; here they would cost both ends a pass over every byte.
    generateMask: (mask) => mask.fill(0),
  });
  const abort = () => socket.terminate();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const remote = new SocketStream(socket, readTrusted);
    // Listened for from the beginning: the end may come in the same moment as the first message.
    const closed = untilClosed(remote);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        response.once('end', () => reject(reviveProblem(body)));
      });
      socket.on('error', (error) =>
        reject(isNobodyThere(error) ? new NotSentError(error.message, { cause: error }) : streamLost(error)),
      );
    });
    socket.send(JSON.stringify({ input: input ?? null }));
    const first = await nextMessage(remote);
    if (first.kind === 'failed') throw AppError.revive(first.error);
    if (first.kind !== 'opened') throw streamLost();
    return asByteStream(remote, first, closed);
  } catch (error) {
    socket.terminate();
    throw signal?.aborted ? AppError.from(signal.reason) : error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function asByteStream(
  remote: SocketStream,
  { value, hasStderr }: Extract<StreamMessage, { kind: 'opened' }>,
  closed: Promise<unknown>,
): ByteStream {
  return {
    opened: value,
    data: remote.data,
    stderr: hasStderr ? remote.stderr : null,
    closed,
    control: (message) => remote.send({ kind: 'control', message }),
  };
}

function untilClosed(remote: SocketStream): Promise<unknown> {
  const closed = new Promise<unknown>((resolve, reject) => {
    remote.on('message', (message) => {
      if (message.kind === 'closed') resolve(message.value);
      else if (message.kind === 'failed') reject(AppError.revive(message.error));
    });
    remote.once('closed', () => reject(streamLost()));
  });
  // The reason of the end is for whoever awaits it.
  closed.catch(() => undefined);
  return closed;
}

function nextMessage(remote: SocketStream): Promise<StreamMessage> {
  return new Promise((resolve, reject) => {
    const onClosed = () => reject(streamLost());
    remote.once('closed', onClosed);
    remote.once('message', (message) => {
      remote.off('closed', onClosed);
      resolve(message);
    });
  });
}

function streamLost(cause?: unknown): AppError {
  return new AppError('engine-down', 'The engine ended while a stream was open.', {
    hint: 'Running apps on clusters are not touched. Try again.',
    cause,
  });
}

/** The engine of this version wrote it, and every command that opens a stream would load zod to check it. */
function readTrusted(text: string): StreamMessage | null {
  try {
    return JSON.parse(text) as StreamMessage;
  } catch {
    return null;
  }
}
