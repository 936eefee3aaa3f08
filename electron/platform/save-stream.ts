import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteStream } from '../client/byte-stream.ts';
import { throwIfAborted } from '../shared/errors.ts';

/** Writes the bytes of a stream to a file, under a temporary name until they are complete. @throws AppError of the stream */
export async function saveStream(
  stream: ByteStream,
  path: string,
  onBytes: (total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const partPath = `${path}.part`;
  let total = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      onBytes(total);
      done(null, chunk);
    },
  });
  try {
    await pipeline(stream.data, counted, createWriteStream(partPath), { signal });
    await stream.closed;
    await rename(partPath, path);
  } catch (error) {
    stream.data.destroy();
    await rm(partPath, { force: true });
    throwIfAborted(signal);
    throw error;
  }
}
