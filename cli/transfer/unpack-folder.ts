import { createWriteStream } from 'node:fs';
import { copyFile, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import type { ByteStream } from '../../electron/client/byte-stream.ts';
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
 * elsewhere: nothing is written outside, and no link is made through which that could happen.
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
    const path = join(folder, ...partsOfName(name));
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

type Entry = ReturnType<typeof extract> extends AsyncIterable<infer E> ? E : never;

async function writeEntry(entry: Entry, path: string, mode: number): Promise<void> {
  const part = partOf(path);
  try {
    await pipeline(entry, createWriteStream(part, { mode: mode & 0o777 }));
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

/** A second name of a file that came before, as tar writes it. False: there is no such file here. */
async function copyUnpacked(folder: string, linkname: string, path: string): Promise<boolean> {
  const source = join(folder, ...partsOfName(linkname));
  const found = await lstat(source).catch(() => null);
  if (!found?.isFile()) return false;
  await mkdir(dirname(path), { recursive: true });
  const part = partOf(path);
  try {
    await copyFile(source, part);
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
