import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import type { EngineSession } from '../engine-session.ts';
import { formatBytes } from '../format.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress } from '../output.ts';
import { countedBy, type ProgressBar, startProgressBar } from '../progress-bar.ts';
import { measureFolder, packFolder } from '../transfer/pack-folder.ts';
import { unpackFolder } from '../transfer/unpack-folder.ts';
import { onCluster } from './files.ts';

/** Copies a file or folder of a cluster to this computer. */
export function getFile(
  cluster: string,
  path: string,
  target: string | undefined,
  { json }: JsonOption,
): Promise<void> {
  return onCluster(cluster, async (session, clusterId) => {
    const { kind, size, path: whole } = await session.request('files.stat', { clusterId, path });
    const to = await insideFolder(target ?? '.', posix.basename(whole) || 'files', target === undefined);
    const bar = startProgressBar(posix.basename(whole), size);
    const source = { clusterId, path };
    try {
      const bytes =
        kind === 'folder' ? await getFolder(session, source, to, bar) : await getOne(session, source, to, bar);
      bar.end();
      if (json) printJson({ path: whole, file: to, bytes });
      else printProgress(`${to}: ${formatBytes(bytes)}`);
    } finally {
      bar.end();
    }
  });
}

interface RemotePath {
  clusterId: string;
  path: string;
}

/** Under another name until it is complete. */
async function getOne(
  { openStream }: EngineSession,
  source: RemotePath,
  to: string,
  bar: ProgressBar,
): Promise<number> {
  const part = `${to}.tunel-part`;
  const { data, closed } = await openStream('files.download', source);
  try {
    await pipeline(data, countedBy(bar), createWriteStream(part)).catch(async (error: unknown) => {
      await closed;
      throw error;
    });
    const { bytes } = await closed;
    await rename(part, to);
    return bytes;
  } finally {
    await rm(part, { force: true });
  }
}

async function getFolder(
  { openStream }: EngineSession,
  source: RemotePath,
  to: string,
  bar: ProgressBar,
): Promise<number> {
  const { data, closed } = await openStream('files.downloadArchive', source);
  const counted = countedBy(bar);
  const fed = pipeline(data, counted).catch(() => closed);
  const { left } = await unpackFolder(counted, to);
  await fed;
  const { bytes } = await closed;
  bar.end();
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
export function putFile(cluster: string, file: string, path: string | undefined, { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async (session, clusterId) => {
    const found = await stat(file).catch((cause: unknown) => {
      throw new AppError('not-found', message`${{ path: file }} cannot be read here.`, { cause });
    });
    const target = { clusterId, path: await remoteTarget(session, clusterId, path, basename(file)) };
    const size = found.isDirectory() ? (await measureFolder(file)).bytes : found.size;
    const bar = startProgressBar(basename(file), size);
    try {
      const bytes = found.isDirectory()
        ? await putFolder(session, file, target, bar)
        : await putOne(session, file, target, { size, mode: found.mode & 0o777 }, bar);
      bar.end();
      if (json) printJson({ file, path: target.path, bytes });
      else printProgress(`${target.path}: ${formatBytes(bytes)}`);
    } finally {
      bar.end();
    }
  });
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

async function putOne(
  { openStream }: EngineSession,
  file: string,
  target: RemotePath,
  about: { size: number; mode: number },
  bar: ProgressBar,
): Promise<number> {
  const { data, closed } = await openStream('files.upload', { ...target, ...about });
  data.resume();
  await pipeline(createReadStream(file), countedBy(bar), data, { end: true }).catch(() => closed);
  return (await closed).bytes;
}

async function putFolder(
  { openStream }: EngineSession,
  folder: string,
  target: RemotePath,
  bar: ProgressBar,
): Promise<number> {
  const { data, closed } = await openStream('files.uploadArchive', target);
  data.resume();
  await pipeline(packFolder(folder), countedBy(bar), data).catch(() => closed);
  return (await closed).bytes;
}
