import { Duplex, PassThrough } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { producedStream, type StreamHandlersOf } from '../byte-streams.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connections } from '../ssh/types.ts';

/** Of an upload, held until the cluster takes them. */
const HELD_BYTES = 1024 * 1024;

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
        withConnection(connections, clusterId, signal, async (connection) => ({
          bytes: await connection.download(path, write, { offset, signal }),
        })),
      );
    },
    async 'files.upload'({ clusterId, path, mode, size }, signal) {
      checkCluster(clusterId);
      const { data, source, left } = receiveBytes();
      const ended = AbortSignal.any([signal, left]);
      const closed = withConnection(connections, clusterId, ended, async (connection) => ({
        bytes: await connection.upload(path, source, { mode, size, signal: ended }),
      }));
      data.on('error', () => undefined);
      closed.catch((error: unknown) => data.destroy(AppError.from(error)));
      return { opened: {}, data, stderr: null, closed, control: () => undefined };
    },
  };
}

/** Takes bytes as fast as `source` is read, and gives none back. `left` fires when the sender goes before the end. */
function receiveBytes(): { data: Duplex; source: AsyncIterable<Uint8Array>; left: AbortSignal } {
  const source = new PassThrough({ highWaterMark: HELD_BYTES });
  // Whoever reads it learns of its error there.
  source.on('error', () => undefined);
  const leaving = new AbortController();
  const data = new Duplex({
    writableHighWaterMark: HELD_BYTES,
    read() {
      this.push(null);
    },
    write(chunk: Buffer, _encoding, done) {
      source.write(chunk, (error) => done(error));
    },
    final(done) {
      source.end(done);
    },
    destroy(error, done) {
      if (!source.writableEnded) {
        const reason = new AppError('cancelled', 'The upload was given up.', { cause: error });
        source.destroy(reason);
        leaving.abort(reason);
      }
      done(error);
    },
  });
  return { data, source, left: leaving.signal };
}
