import { AppError } from '../../shared/errors.ts';
import { producedStream, type StreamHandlersOf } from '../byte-streams.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connection, Connections } from '../ssh/types.ts';
import type { Jobs } from './types.ts';

interface JobStreamDeps {
  jobs: Pick<Jobs, 'locate' | 'locateWrite'>;
  connections: Pick<Connections, 'acquire'>;
  /** What carries the bytes, here as for every other file of a cluster. */
  files: StreamHandlersOf<'files.upload' | 'files.downloadArchive'>;
}

type Names = 'jobs.upload' | 'jobs.download' | 'jobs.downloadArchive';

export function jobStreams({ jobs, connections, files }: JobStreamDeps): StreamHandlersOf<Names> {
  return {
    async 'jobs.upload'({ id, path, mode, size }, signal) {
      const { clusterId, directory } = await jobs.locateWrite(id, path, signal);
      return files['files.upload']({ clusterId, path: `${directory}/${path}`, mode, size }, signal);
    },
    async 'jobs.download'({ id, path, offset, length }, opening) {
      const { clusterId, directory } = await jobs.locate(id, opening);
      const file = { path: `${directory}/${path}`, offset, length };
      return producedStream({}, (write, signal) =>
        withConnection(connections, clusterId, signal, async (connection) => ({
          bytes: await downloadPart(connection, file, write, signal),
        })),
      );
    },
    async 'jobs.downloadArchive'({ id }, signal) {
      const { clusterId, directory } = await jobs.locate(id, signal);
      return files['files.downloadArchive']({ clusterId, path: directory }, signal);
    },
  };
}

interface FilePart {
  path: string;
  offset: number;
  /** Absent: to its end. */
  length?: number;
}

/** Gives a part of a file; resolves with how many bytes that were. */
async function downloadPart(
  connection: Connection,
  { path, offset, length = Number.POSITIVE_INFINITY }: FilePart,
  write: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  const enough = new AbortController();
  let bytes = 0;
  const writeWanted = async (chunk: Uint8Array) => {
    const wanted = chunk.subarray(0, length - bytes);
    bytes += wanted.length;
    if (wanted.length > 0) await write(wanted);
    if (bytes >= length) enough.abort(new AppError('cancelled', 'The part that was wanted is read.'));
  };
  try {
    await connection.download(path, writeWanted, { offset, signal: AbortSignal.any([signal, enough.signal]) });
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  }
  return bytes;
}
