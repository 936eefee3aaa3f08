import { AppError } from '../electron/shared/errors.ts';
import type { TakeBytes } from './page-stream.ts';

interface OpenStream {
  readonly closed: Promise<unknown>;
  close(): void;
}

/** Does the work with a stream and ends the stream when it is not wanted any more, or when the work fails. @throws AppError */
export async function whileWanted(
  stream: OpenStream,
  signal: AbortSignal,
  work: () => Promise<unknown>,
): Promise<void> {
  const close = () => stream.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    await work();
  } catch (error) {
    stream.close();
    throw AppError.from(error);
  } finally {
    signal.removeEventListener('abort', close);
  }
}

/** All bytes of a stream. @throws AppError */
export async function collectBytes(
  open: (take: TakeBytes) => Promise<OpenStream>,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const stream = await open((bytes, done) => {
    pieces.push(bytes);
    done();
  });
  await whileWanted(stream, signal, () => stream.closed);
  return joinBytes(pieces);
}

export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
