import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { ByteStream } from '../../client/byte-stream.ts';
import { SocketStream } from '../../client/socket-stream.ts';
import { parseStreamMessage } from '../../client/wire.ts';
import { AppError } from '../../shared/errors.ts';
import type { Caller } from '../../shared/tokens.ts';
import type { Core } from '../core.ts';
import { unlessAborted } from '../unless-aborted.ts';

const firstFrame = z.object({ input: z.unknown() });

interface StreamCall {
  core: Core;
  name: string;
  caller: Caller;
}

/**
 * Opens one stream of the contract for a WebSocket and carries it to its end, or until `stopping` fires, whose reason is
 * sent to the client. Never rejects.
 */
export async function serveStream(
  { core, name, caller }: StreamCall,
  socket: WebSocket,
  stopping: AbortSignal,
): Promise<void> {
  const leaving = new AbortController();
  socket.once('close', () => leaving.abort(new AppError('cancelled', 'The client has gone.')));
  // Its close follows; without a listener a client that breaks the protocol would end the engine.
  socket.on('error', () => socket.terminate());
  let remote: SocketStream | null = null;
  try {
    const [first] = (await unlessAborted(once(socket, 'message', { signal: leaving.signal }), stopping)) as [Buffer];
    remote = new SocketStream(socket, parseStreamMessage);
    const opening = core.open(name, inputOf(first), { caller, signal: AbortSignal.any([leaving.signal, stopping]) });
    const stream = await unlessAborted(opening, stopping);
    remote.send({ kind: 'opened', value: stream.opened, hasStderr: stream.stderr !== null });
    await unlessAborted(carry(stream, remote), stopping);
  } catch (error) {
    remote?.send({ kind: 'failed', error: AppError.from(error).serialize() });
  } finally {
    socket.close();
  }
}

/** @throws AppError `bad-input` */
function inputOf(frame: Buffer): unknown {
  try {
    return firstFrame.parse(JSON.parse(frame.toString('utf8'))).input;
  } catch (cause) {
    throw new AppError('bad-input', 'The first frame is not {"input": …} as JSON.', { cause });
  }
}

async function carry(stream: ByteStream, remote: SocketStream): Promise<void> {
  const { data, stderr } = stream;
  // A client that goes breaks each of them; `closed` reports how the stream ended.
  for (const bytes of [data, stderr, remote.data, remote.stderr]) bytes?.on('error', () => undefined);
  remote.on('message', (message) => {
    if (message.kind === 'control') stream.control(message.message);
  });
  remote.once('closed', () => {
    data.destroy();
    // A channel of ssh2 closes, and gives its session back, only once all of its output was read.
    for (const output of [data, stderr]) output?.unpipe().resume();
  });
  remote.data.pipe(data);
  data.pipe(remote.data);
  stderr?.pipe(remote.stderr);
  // What was read before the end is on its way before the end is reported.
  const sent = Promise.all([
    untilSent(data, remote),
    stderr && finished(stderr, { writable: false }).catch(() => undefined),
  ]);
  const value = await stream.closed;
  await sent;
  remote.send({ kind: 'closed', value });
}

/** Until all of the data is sent with its end, or no more of it will be. */
function untilSent(data: Duplex, remote: SocketStream): Promise<void> {
  return new Promise((resolve) => {
    remote.data.once('finish', resolve);
    remote.once('closed', resolve);
    data.once('close', () => {
      if (!data.readableEnded) resolve();
    });
  });
}
