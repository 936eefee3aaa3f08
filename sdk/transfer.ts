import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asTunelError } from './error-conversion.ts';
import { repeatWhilePassing } from './repeat.ts';
import type { ByteStream } from './types.ts';

/** How far a transfer has come. `total` is null while it is not known. */
export interface Progress {
  bytes: number;
  total: number | null;
}

export interface TransferOptions {
  progress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

type Closed = { bytes: number };

/** A local file by its path, or bytes. */
export type UploadSource = string | Uint8Array;

/** Sends all of the source, from its beginning again where the engine or the connection ended under it. */
export async function sendSource(
  source: UploadSource,
  open: (size: number, signal: AbortSignal) => Promise<ByteStream<unknown, Closed>>,
  { progress, signal }: Omit<TransferOptions, 'signal'> & { signal: AbortSignal },
): Promise<number> {
  const total = typeof source === 'string' ? (await stat(source)).size : source.byteLength;
  return repeatWhilePassing(async () => {
    const stream = await open(total, signal);
    stream.data.resume();
    const bytes = typeof source === 'string' ? createReadStream(source) : Readable.from([source]);
    await carry(pipeline(bytes, counter(total, progress), stream.data, { signal, end: true }), stream);
    return (await stream.closed).bytes;
  }, signal);
}

/** The stream's own end knows best why its bytes ended early. */
async function carry(bytes: Promise<void>, stream: ByteStream<unknown, Closed>): Promise<void> {
  try {
    await bytes;
  } catch (error) {
    if (isOfDisk(error)) {
      stream.data.destroy();
      throw error;
    }
    if (error instanceof Error && error.name === 'AbortError') throw asTunelError(error);
    await stream.closed;
    throw asTunelError(error);
  }
}

/** A failure of this computer's own disk, and not of the socket to an engine that has ended. */
const isOfDisk = (error: unknown): boolean =>
  error instanceof Error &&
  'syscall' in error &&
  !('code' in error && ['EPIPE', 'ECONNRESET'].includes(`${error.code}`));

function counter(total: number | null, progress: ((progress: Progress) => void) | undefined): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength;
      progress?.({ bytes, total });
      done(null, chunk);
    },
  });
}
