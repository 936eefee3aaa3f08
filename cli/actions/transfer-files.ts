import { stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../electron/shared/errors.ts';
import type { EngineSession } from '../engine-session.ts';
import { formatBytes } from '../format.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printProgress } from '../output.ts';
import { countedBy, startProgressBar } from '../progress-bar.ts';
import { type CopyOptions, describeLocalFile, reasonOf, receiveFile, sendFile } from '../transfer/byte-copies.ts';
import { localFileError } from '../transfer/local-file-error.ts';
import { measureFolder, packFolder } from '../transfer/pack-folder.ts';
import { receiveFolder } from '../transfer/unpack-folder.ts';
import { onCluster } from './files.ts';

interface RemotePath {
  clusterId: string;
  path: string;
}

/** Copies a file or folder of a cluster to this computer. */
export function getFile(cluster: string, path: string, target: string | undefined, options: JsonOption): Promise<void> {
  return onCluster(cluster, async (session, clusterId) => {
    const { kind, size, mode, path: whole } = await session.request('files.stat', { clusterId, path });
    const name = localName(path, whole);
    const to = await insideFolder(target ?? '.', name, target === undefined);
    const bar = startProgressBar(name, size);
    const copy = { bar, signal: session.interrupted };
    try {
      const source = { clusterId, path };
      const bytes =
        kind === 'folder'
          ? await getFolder(session, source, to, copy)
          : await receiveFile(await session.openStream('files.download', source), to, copy, { mode: mode ?? 0o666 });
      bar.end();
      printDone(options, { path: whole, file: to, bytes }, `${to}: ${formatBytes(bytes)}`);
    } finally {
      bar.end();
    }
  });
}

/** What it is called here: as it was asked for, since what the cluster says could be any name, such as `.bashrc`. */
export function localName(asked: string, whole: string): string {
  const isName = (name: string) => !['', '.', '..', '~'].includes(name);
  return [asked, whole].map((path) => posix.basename(path)).find(isName) ?? 'files';
}

async function getFolder({ openStream }: EngineSession, source: RemotePath, to: string, copy: CopyOptions) {
  const { left, bytes } = await receiveFolder(await openStream('files.downloadArchive', source), to, copy);
  copy.bar.end();
  if (left.length > 0) printProgress(`${left.length} links and special files were left out, e.g. ${left[0]}`);
  return bytes;
}

/** A path in a folder that is there; any other path as it is. */
async function insideFolder(target: string, name: string, isCurrent: boolean): Promise<string> {
  if (isCurrent) return name;
  const found = await stat(target).catch(() => null);
  return found?.isDirectory() ? join(target, name) : target;
}

/** Copies a file or folder of this computer to a cluster; into a folder that is there, else under the path given. */
export function putFile(cluster: string, file: string, path: string | undefined, options: JsonOption): Promise<void> {
  return onCluster(cluster, async (session, clusterId) => {
    const found = await stat(file).catch((cause: unknown) => {
      throw localFileError(cause, file) ?? AppError.from(cause);
    });
    const target = { clusterId, path: await remoteTarget(session, clusterId, path, basename(file)) };
    const bar = startProgressBar(basename(file), found.isDirectory() ? (await measureFolder(file)).bytes : found.size);
    const copy = { bar, signal: session.interrupted };
    try {
      const bytes = found.isDirectory()
        ? await putFolder(session, file, target, copy)
        : await putOne(session, file, target, copy);
      bar.end();
      printDone(options, { file, path: target.path, bytes }, `${target.path}: ${formatBytes(bytes)}`);
    } finally {
      bar.end();
    }
  });
}

async function putOne({ openStream }: EngineSession, file: string, target: RemotePath, copy: CopyOptions) {
  return sendFile(file, await openStream('files.upload', { ...target, ...(await describeLocalFile(file)) }), copy);
}

async function remoteTarget(
  { request }: EngineSession,
  clusterId: string,
  path: string | undefined,
  name: string,
): Promise<string> {
  if (path === undefined || path === '~') return name;
  try {
    const { kind } = await request('files.stat', { clusterId, path });
    return kind === 'folder' ? posix.join(path, name) : path;
  } catch (error) {
    if (AppError.from(error).code === 'not-found') return path;
    throw error;
  }
}

async function putFolder(
  { openStream }: EngineSession,
  folder: string,
  target: RemotePath,
  { bar, signal }: CopyOptions,
): Promise<number> {
  const stream = await openStream('files.uploadArchive', target);
  stream.data.resume();
  try {
    await pipeline(packFolder(folder), countedBy(bar), stream.data, { signal });
    return (await stream.closed).bytes;
  } catch (error) {
    throw await reasonOf(error, stream, folder, signal);
  }
}
