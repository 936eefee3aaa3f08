import { openStream } from '../../bridge.ts';
import { collectBytes, whileWanted } from '../../stream-bytes.ts';

/** Part of a file in the directory of a job; shorter where the file ends. @throws AppError */
export const readPart = (
  { jobId, path, offset, length }: { jobId: string; path: string; offset: number; length: number },
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> =>
  collectBytes((take) => openStream('jobs.download', { id: jobId, path, offset, length }, take, signal), signal);

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
