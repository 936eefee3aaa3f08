import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ByteStream } from '../client/byte-stream.ts';
import { AppError } from '../shared/errors.ts';
import { type FromPage, fromPageSchema, type ToPage, UNREAD_LIMIT } from '../shared/stream-port.ts';

/** The main process's end of a message channel to a page. */
export interface StreamPort {
  post(message: ToPage): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The page has closed its end, or is gone. */
  onClosed(listener: () => void): void;
}

/**
 * Opens a stream and carries it over the port until either side ends it. Never rejects: the page hears why it failed, and closes
 * the port after the last message.
 */
export async function servePort(port: StreamPort, open: (signal: AbortSignal) => Promise<ByteStream>): Promise<void> {
  const life = new AbortController();
  port.onClosed(() => life.abort(new AppError('cancelled', 'The page has closed the stream.')));
  try {
    const stream = await open(life.signal);
    const value = await carry(stream, port, life.signal);
    port.post({ kind: 'closed', value });
  } catch (error) {
    if (!life.signal.aborted) port.post({ kind: 'failed', error: AppError.from(error).serialize() });
  }
}

/** Tells the page once they are taken, so that it sends no faster than they are. */
function takeBytes(data: Duplex, bytes: Uint8Array, port: StreamPort): void {
  data.write(bytes, (error) => {
    if (!error) port.post({ kind: 'taken', count: bytes.length });
  });
}

async function carry(stream: ByteStream, port: StreamPort, signal: AbortSignal): Promise<unknown> {
  const { data } = stream;
  let unread = 0;
  const onMessage = (message: FromPage) => {
    if (message.kind === 'bytes') takeBytes(data, message.bytes, port);
    else if (message.kind === 'end') data.end();
    else if (message.kind === 'control') stream.control(message.message);
    else {
      unread -= message.count;
      if (unread < UNREAD_LIMIT) data.resume();
    }
  };
  port.onMessage((message) => {
    const parsed = fromPageSchema.safeParse(message);
    if (parsed.success) onMessage(parsed.data);
    else data.destroy(new AppError('bad-input', 'The page sent something that is no part of a stream.'));
  });
  const end = () => data.destroy();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  // The page shows none of it, and what is not read would stop the command.
  stream.stderr?.resume();
  port.post({ kind: 'opened', value: stream.opened });
  data.on('data', (bytes: Buffer) => {
    // A copy: a message carries the whole memory that a buffer is a part of.
    port.post({ kind: 'bytes', bytes: new Uint8Array(bytes) });
    unread += bytes.length;
    if (unread >= UNREAD_LIMIT) data.pause();
  });
  // The end of the bytes comes first, so that `closed` is the last thing said.
  await finished(data, { writable: false }).catch((error: unknown) => {
    if (error instanceof AppError) throw error;
  });
  return stream.closed;
}
