import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { ByteStream } from '../../client/byte-stream.ts';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';

/**
 * Gives the body of a request to a stream as fast as that takes it; resolves with how the stream ended. A client that leaves before the
 * end of its body ends the stream, so that nothing gets the final name.
 */
export async function receiveBytes(
  request: IncomingMessage,
  stream: ByteStream,
  signal: AbortSignal,
): Promise<unknown> {
  const { data } = stream;
  data.on('error', () => undefined);
  const giveUp = (reason: unknown) => data.destroy(AppError.from(reason));
  const forget = onAbort(signal, () => giveUp(signal.reason));
  const arrived = finished(request, { writable: false }).catch(() =>
    giveUp(new AppError('cancelled', 'The client left before the end of its upload.')),
  );
  request.pipe(data);
  try {
    const value = await stream.closed;
    await arrived;
    return value;
  } catch (error) {
    // Why it was given up says more than how that ended.
    throwIfAborted(signal);
    throw error;
  } finally {
    forget();
    // What still comes of a body that nobody takes is read by the server, within its limits.
    request.unpipe(data);
    request.resume();
  }
}

/** What conditions of a request say of the file that an upload replaces. @throws AppError `bad-input` */
export function expectedVersion(ifMatch: string | undefined, ifNoneMatch: string | undefined): string | undefined {
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() === '*') return '';
    throw new AppError('bad-input', 'If-None-Match of an upload is *: nothing may be there.');
  }
  if (ifMatch === undefined) return undefined;
  const [, version] = /^"([^"]{1,300})"$/.exec(ifMatch.trim()) ?? [];
  if (version === undefined) throw new AppError('bad-input', 'If-Match of an upload is one ETag.');
  return version;
}
