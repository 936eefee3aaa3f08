import { AppError } from '../../../electron/shared/errors.ts';
import { openStream } from '../../bridge.ts';

/** Part of a file in the directory of a job; shorter where the file ends. @throws AppError */
export async function readPart(
  { jobId, path, offset, length }: { jobId: string; path: string; offset: number; length: number },
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const take = (bytes: Uint8Array, done: () => void) => {
    pieces.push(bytes);
    done();
  };
  const stream = await openStream('jobs.download', { id: jobId, path, offset, length }, take, signal);
  await whileWanted(stream, signal, () => stream.closed);
  return joinBytes(pieces);
}

/** Writes a file of this computer into the directory of a job. @throws AppError */
export async function uploadFile(
  { jobId, path, file }: { jobId: string; path: string; file: Blob },
  onBytes: (sent: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = await openStream('jobs.upload', { id: jobId, path, size: file.size }, (_, done) => done(), signal);
  await whileWanted(stream, signal, async () => {
    let sent = 0;
    const reader = file.stream().getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        await stream.send(value);
        sent += value.length;
        onBytes(sent);
      }
    } finally {
      await reader.cancel();
    }
    stream.endInput();
    await stream.closed;
  });
}

/** Does the work with a stream and ends the stream when it is not wanted any more, or when the work fails. */
async function whileWanted(
  stream: { close(): void },
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

function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
