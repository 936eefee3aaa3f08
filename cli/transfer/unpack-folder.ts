import { createWriteStream } from 'node:fs';
import { constants, copyFile, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import type { ByteStream } from '../../electron/client/byte-stream.ts';
import { errorCode } from '../../electron/client/storage-error.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import { countedBy } from '../progress-bar.ts';
import { type CopyOptions, partOf, reasonOf } from './byte-copies.ts';

export interface Unpacked {
  files: number;
  /** Symbolic links and devices, which are not made here. */
  left: string[];
}

/** Writes an archive that the engine sends into a folder here. @throws AppError */
export async function receiveFolder(
  stream: ByteStream<unknown, { bytes: number }>,
  folder: string,
  { bar, signal }: CopyOptions,
): Promise<Unpacked & { bytes: number }> {
  const counted = countedBy(bar);
  const fed = pipeline(stream.data, counted, { signal });
  // It is awaited below; a failure may come before.
  fed.catch((error: unknown) => counted.destroy(AppError.from(error)));
  try {
    const unpacked = await unpackFolder(counted, folder);
    await fed;
    return { ...unpacked, ...(await stream.closed) };
  } catch (error) {
    stream.data.destroy();
    throw error instanceof AppError && error.code === 'bad-input'
      ? error
      : await reasonOf(error, stream, folder, signal);
  }
}

/**
 * Writes the files and folders of a tar archive into a folder, each under its name when it is complete. The archive comes from
 * elsewhere: nothing is written outside, also not behind a link that was there before, and no link is made.
 * @throws AppError `bad-input` for a name that leads out of the folder
 */
export async function unpackFolder(source: Readable, folder: string): Promise<Unpacked> {
  await mkdir(folder, { recursive: true });
  const unpacked: Unpacked = { files: 0, left: [] };
  const archive = extract();
  const fed = pipeline(source, archive);
  // It is awaited below; a failure may come before.
  fed.catch(() => undefined);
  for await (const entry of archive) {
    const { name, type, mode = 0o600 } = entry.header;
    const parts = partsOfName(name);
    const path = join(folder, ...parts);
    await checkFolders(folder, type === 'directory' ? parts : parts.slice(0, -1));
    if (type === 'directory') await mkdir(path, { recursive: true });
    else if (type === 'file') {
      await mkdir(dirname(path), { recursive: true });
      await writeEntry(entry, path, mode);
      unpacked.files += 1;
      continue;
    } else if (type === 'link' && (await copyUnpacked(folder, entry.header.linkname ?? '', path))) unpacked.files += 1;
    else unpacked.left.push(name);
    entry.resume();
  }
  await fed;
  return unpacked;
}

/** @throws AppError `bad-input` where one of the folders on the way is a link */
async function checkFolders(folder: string, parts: readonly string[]): Promise<void> {
  for (let count = 1; count <= parts.length; count += 1) {
    const path = join(folder, ...parts.slice(0, count));
    const found = await lstat(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    });
    if (found?.isSymbolicLink()) {
      throw new AppError('bad-input', message`${{ path }} is a link, behind which nothing is unpacked.`, {
        hint: 'Remove the link, or choose another folder.',
      });
    }
  }
}

type Entry = ReturnType<typeof extract> extends AsyncIterable<infer E> ? E : never;

async function writeEntry(entry: Entry, path: string, mode: number): Promise<void> {
  const part = partOf(path);
  try {
    await rm(part, { force: true });
    await pipeline(entry, createWriteStream(part, { mode: mode & 0o777, flags: 'wx' }));
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

/** A second name of a file that came before, as tar writes it. False: there is no such file here. */
async function copyUnpacked(folder: string, linkname: string, path: string): Promise<boolean> {
  const parts = partsOfName(linkname);
  await checkFolders(folder, parts.slice(0, -1));
  const source = join(folder, ...parts);
  const found = await lstat(source).catch(() => null);
  if (!found?.isFile()) return false;
  await mkdir(dirname(path), { recursive: true });
  const part = partOf(path);
  try {
    await rm(part, { force: true });
    await copyFile(source, part, constants.COPYFILE_EXCL);
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
  return true;
}

export function partsOfName(name: string): string[] {
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.includes('..') || name.includes('\0') || /^[A-Za-z]:/.test(name)) {
    throw new AppError('bad-input', message`The archive holds “${{ name }}”, which leads out of its folder.`);
  }
  return parts;
}
