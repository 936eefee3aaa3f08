import { Duplex, PassThrough } from 'node:stream';
import type { ByteStream } from '../../client/byte-stream.ts';
import { AppError } from '../../shared/errors.ts';
import { producedStream, type StreamHandlersOf } from '../byte-streams.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connection, Connections, UploadOptions } from '../ssh/types.ts';
import { packArchive, unpackArchive } from './archive.ts';
import { downloadPart, type Write } from './download-part.ts';
import { checkVersion, partOf } from './file-part-policy.ts';
import type { Files } from './files.ts';
import { sftpPath } from './paths.ts';
import { placeFile } from './place-file.ts';
import { replaceFile } from './replace-file.ts';
import type { UnfinishedUploads } from './unfinished-uploads.ts';

/** Of an upload, held until the cluster takes them. */
const HELD_BYTES = 1024 * 1024;

interface FileStreamDeps {
  connections: Pick<Connections, 'acquire'>;
  /** @throws AppError `not-found` */
  checkCluster: (id: string) => unknown;
  stat: Files['stat'];
  entries: Files['entries'];
  unfinished: Pick<UnfinishedUploads, 'begin'>;
}

type Names = 'files.entries' | 'files.upload' | 'files.download' | 'files.uploadArchive' | 'files.downloadArchive';

export function fileStreams(deps: FileStreamDeps): StreamHandlersOf<Names> {
  const { connections, checkCluster, stat, entries, unfinished } = deps;
  const download = <O>(
    clusterId: string,
    opened: O,
    work: (connection: Connection, write: Write, signal: AbortSignal) => Promise<number>,
  ) => {
    checkCluster(clusterId);
    return producedStream(opened, (write, signal) =>
      withConnection(connections, clusterId, signal, async (connection) => ({
        bytes: await work(connection, write, signal),
      })),
    );
  };
  return {
    async 'files.entries'(input) {
      checkCluster(input.clusterId);
      return producedStream({}, (write, signal) =>
        entries(input, (found) => write(Buffer.from(`${JSON.stringify(found)}\n`)), signal),
      );
    },
    async 'files.download'({ clusterId, path, ...wanted }, opening) {
      const file = wanted.stat || wanted.offset < 0 ? await stat({ clusterId, path }, opening) : null;
      const { offset, maxBytes } = partOf(wanted, file);
      return download(clusterId, { file, offset }, async (connection, write, signal) =>
        maxBytes === 0 ? 0 : downloadPart(connection, path, write, { offset, maxBytes, signal }),
      );
    },
    'files.downloadArchive': async ({ clusterId, path }) =>
      download(clusterId, {}, (connection, write, signal) =>
        packArchive(connection, sftpPath(path), write, { signal }),
      ),
    async 'files.upload'({ clusterId, path, mode, size, ifVersion, ifSha256 }, opening) {
      if (ifSha256 !== undefined) {
        const expected = { path, sha256: ifSha256, version: ifVersion ?? null };
        return upload(deps, { clusterId, opening }, (connection, source, signal) =>
          replaceFile(connection, expected, source, signal),
        );
      }
      const check = async (signal: AbortSignal) => {
        if (ifVersion !== undefined) await checkVersion(stat({ clusterId, path }, signal), path, ifVersion);
      };
      await check(opening);
      const expected = ifVersion === undefined ? null : { check, replaces: ifVersion !== '' };
      return upload(deps, { clusterId, opening }, (connection, source, signal) =>
        keepTrack(unfinished, clusterId, (onTemporary) => {
          const options = { mode, size, signal, onTemporary };
          return uploadFile(connection, sftpPath(path), source, options, expected);
        }),
      );
    },
    'files.uploadArchive': async ({ clusterId, path }, opening) =>
      upload(deps, { clusterId, opening }, (connection, source, signal) =>
        unpackArchive(connection, sftpPath(path), source, signal),
      ),
  };
}

function upload(
  { connections, checkCluster }: Pick<FileStreamDeps, 'connections' | 'checkCluster'>,
  { clusterId, opening }: { clusterId: string; opening: AbortSignal },
  work: (connection: Connection, source: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<number>,
): ByteStream<Record<string, never>, { bytes: number }> {
  checkCluster(clusterId);
  const { data, source, left } = receiveBytes();
  const signal = AbortSignal.any([opening, left]);
  const closed = withConnection(connections, clusterId, signal, async (connection) => ({
    bytes: await work(connection, source, signal),
  }));
  data.on('error', () => undefined);
  closed.catch((error: unknown) => data.destroy(AppError.from(error)));
  return { opened: {}, data, stderr: null, closed, control: () => undefined };
}

/** Looks at what is there once more before the file gets its name: something else may have come while the bytes did. */
function uploadFile(
  connection: Connection,
  path: string,
  source: AsyncIterable<Uint8Array>,
  options: UploadOptions & { signal: AbortSignal },
  expected: { check: (signal: AbortSignal) => Promise<void>; replaces: boolean } | null,
): Promise<number> {
  if (!expected) return connection.upload(path, source, options);
  const { check, replaces } = expected;
  const { signal } = options;
  const place = async (temporary: string) => {
    await check(signal);
    await placeFile(connection, { temporary, path, replaces }, signal);
  };
  return connection.upload(path, source, { ...options, place });
}

/** The temporary file of an upload is known until the upload is over. */
async function keepTrack<T>(
  unfinished: Pick<UnfinishedUploads, 'begin'>,
  clusterId: string,
  upload: (onTemporary: (path: string) => void) => Promise<T>,
): Promise<T> {
  const begun: ReturnType<UnfinishedUploads['begin']>[] = [];
  try {
    const value = await upload((path) => begun.push(unfinished.begin(clusterId, path)));
    for (const each of begun) each.done();
    return value;
  } catch (error) {
    for (const each of begun) each.failed();
    throw error;
  }
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
