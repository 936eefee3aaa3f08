import { type Duplex, PassThrough } from 'node:stream';
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
    async 'files.upload'({ clusterId, path, mode }) {
      checkCluster(clusterId);
      const data = new PassThrough();
      const life = new AbortController();
      data.once('close', () => {
        if (!data.readableEnded) life.abort(new AppError('cancelled', 'The upload was given up.'));
      });
      const closed = (async () => {
        const content = await collect(data);
        await withConnection(connections, clusterId, life.signal, (connection) =>
          connection.writeFile(path, content, { mode, signal: life.signal }),
        );
        return { bytes: content.length };
      })();
      closed.catch(() => undefined);
      return { opened: {}, data, stderr: null, closed, control: () => undefined };
    },
  };
}

async function collect(data: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of data as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_UPLOAD) throw new AppError('limit-exceeded', 'A file of more than 512 MiB cannot be uploaded.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
