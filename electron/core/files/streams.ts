import { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { AppError } from '../../shared/errors.ts';
import { producedStream, type StreamHandlersOf } from '../byte-streams.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connections } from '../ssh/types.ts';

/** Bytes of a file that are asked for at a time. */
const CHUNK = 4 * 1024 * 1024;
/** An upload is held in memory until it is complete. */
const MAX_UPLOAD = 512 * 1024 * 1024;

interface FileStreamDeps {
  connections: Pick<Connections, 'acquire'>;
  /** @throws AppError `not-found` */
  checkCluster: (id: string) => unknown;
}

export function fileStreams(deps: FileStreamDeps): StreamHandlersOf<'files.upload' | 'files.download'> {
  const { connections, checkCluster } = deps;
  return {
    async 'files.download'({ clusterId, path, offset }) {
      checkCluster(clusterId);
      return producedStream({}, (write, signal) =>
        withConnection(connections, clusterId, signal, async (connection) => {
          let next = offset;
          for (;;) {
            const part = await connection.readFile(path, { offset: next, maxBytes: CHUNK, signal });
            if (part.length > 0) await write(part);
            next += part.length;
            if (part.length < CHUNK) return { bytes: next - offset };
          }
        }),
      );
    },
    async 'files.upload'({ clusterId, path, mode }, signal) {
      checkCluster(clusterId);
      const { data, content } = collectBytes();
      const closed = (async () => {
        const bytes = await content;
        await withConnection(connections, clusterId, signal, (connection) =>
          connection.writeFile(path, bytes, { mode, signal }),
        );
        return { bytes: bytes.length };
      })();
      closed.catch(() => undefined);
      return { opened: {}, data, stderr: null, closed, control: () => undefined };
    },
  };
}

/** Takes bytes until they end, and gives none back. */
function collectBytes(): { data: Duplex; content: Promise<Buffer> } {
  const chunks: Buffer[] = [];
  let size = 0;
  const data = new Duplex({
    read() {
      this.push(null);
    },
    write(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      chunks.push(chunk);
      done(
        size > MAX_UPLOAD ? new AppError('limit-exceeded', 'A file of more than 512 MiB cannot be uploaded.') : null,
      );
    },
  });
  const content = finished(data, { readable: false }).then(
    () => Buffer.concat(chunks),
    (error: unknown) => {
      throw error instanceof AppError ? error : new AppError('cancelled', 'The upload was given up.', { cause: error });
    },
  );
  return { data, content };
}
