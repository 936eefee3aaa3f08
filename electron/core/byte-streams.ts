import { once } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import type { ByteStream } from '../client/byte-stream.ts';
import type { ParsedStreamInput, StreamClosed, StreamName, StreamOpened } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';

/** What opens some of the contract's streams; `signal` fires when the client leaves before it is open. */
export type StreamHandlersOf<N extends StreamName> = {
  [K in N]: (input: ParsedStreamInput<K>, signal: AbortSignal) => Promise<ByteStream<StreamOpened<K>, StreamClosed<K>>>;
};
export type StreamHandlers = StreamHandlersOf<StreamName>;

/** A stream that only carries bytes; its end carries nothing more. `onClosed` runs once. */
export function plainStream<O>(
  opened: O,
  data: Duplex,
  onClosed: () => void = () => undefined,
): ByteStream<O, Record<string, never>> {
  const closed = new Promise<Record<string, never>>((resolve, reject) => {
    let failure: unknown = null;
    data.on('error', (error) => {
      failure ??= error;
    });
    data.once('close', () => {
      onClosed();
      if (failure) reject(AppError.from(failure));
      else resolve({});
    });
  });
  // Whoever needs the reason of the end awaits it; nobody has to.
  closed.catch(() => undefined);
  return { opened, data, stderr: null, closed, control: () => undefined };
}

/** A stream whose end is the end of some work that writes to it. The work is aborted when the reader goes. */
export function producedStream<O, C>(
  opened: O,
  produce: (write: (chunk: Uint8Array) => Promise<void>, signal: AbortSignal) => Promise<C>,
): ByteStream<O, C> {
  const data = new PassThrough();
  const life = new AbortController();
  data.once('close', () => life.abort(new AppError('cancelled', 'The reader has gone.')));
  data.on('error', () => undefined);
  const write = async (chunk: Uint8Array) => {
    if (!data.write(chunk)) await once(data, 'drain', { signal: life.signal });
  };
  const closed = produce(write, life.signal).then(
    (value) => {
      data.end();
      return value;
    },
    (error: unknown) => {
      const failure = AppError.from(error);
      data.destroy(failure);
      throw failure;
    },
  );
  closed.catch(() => undefined);
  return { opened, data, stderr: null, closed, control: () => undefined };
}
