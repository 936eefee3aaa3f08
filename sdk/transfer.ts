import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asTunelError } from './error-conversion.ts';
import { ConnectionLostError } from './errors.ts';
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
type OpenStream = (signal: AbortSignal) => Promise<ByteStream<unknown, Closed>>;

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

/** Writes what comes beside the target, and under its name once it is complete. */
export async function receiveFile(
  target: string,
  open: OpenStream,
  { progress, signal, total }: Omit<TransferOptions, 'signal'> & { signal: AbortSignal; total: number | null },
): Promise<number> {
  const part = `${target}.${randomBytes(4).toString('hex')}.part`;
  try {
    const received = await repeatWhilePassing(async () => {
      const stream = await open(signal);
      let bytes = 0;
      const count = counter(total, (now) => {
        bytes = now.bytes;
        progress?.(now);
      });
      await carry(pipeline(stream.data, count, createWriteStream(part, { mode: 0o600 }), { signal }), stream);
      const closed = await stream.closed;
      if (closed.bytes !== bytes) {
        throw new ConnectionLostError('connection-lost', `${bytes} of ${closed.bytes} bytes of the file arrived.`);
      }
      return bytes;
    }, signal);
    await rename(part, target);
    return received;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
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
