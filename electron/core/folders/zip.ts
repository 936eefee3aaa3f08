import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

const maxEntries = 50_000;
const maxBytes = 2 * 1024 ** 3;
const TYPE = 0o170000;
const LINK = 0o120000;

/**
 * Unpacks a zip into a folder, which is replaced as a whole. Refused: names that lead out (by yauzl), links, encrypted
 * files, more than 50 000 files or 2 GiB however it is packed.
 * @returns the folder that holds the files: a single one at the top is entered, as GitHub and Finder pack
 */
export async function unpackZip(path: string, target: string, signal?: AbortSignal, limit = maxBytes): Promise<string> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = await mkdtemp(`${target}.new-`);
  try {
    await unpack(path, temporary, limit, signal);
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error instanceof AppError ? error : refused(path, error instanceof Error ? error.message : String(error));
  }
  return topOf(target);
}

async function topOf(folder: string): Promise<string> {
  const entries = (await readdir(folder)).filter((name) => name !== '__MACOSX' && name !== '.DS_Store');
  const [only] = entries;
  if (entries.length !== 1 || only === undefined) return folder;
  const inner = join(folder, only);
  return (await stat(inner)).isDirectory() ? inner : folder;
}

async function unpack(path: string, target: string, limit: number, signal?: AbortSignal): Promise<void> {
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { autoClose: false, strictFileNames: true });
  } catch (cause) {
    throw new AppError('bad-input', message`${{ path }} cannot be read as a zip.`, {
      hint: 'Pack it anew, or choose its folder instead.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  try {
    if (zip.entryCount > maxEntries) throw refused(path, `it has more than ${maxEntries} files`);
    let left = limit;
    for await (const entry of zip.eachEntry()) {
      throwIfAborted(signal);
      left -= await unpackOne(zip, path, entry, target, left);
    }
  } finally {
    zip.close();
  }
}

/** @returns its size as it really is: the one a zip claims may be a lie. */
async function unpackOne(zip: ZipFile, path: string, entry: Entry, target: string, left: number): Promise<number> {
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & TYPE) === LINK) throw refused(path, `${entry.fileName} is a link`);
  if (entry.isEncrypted()) throw refused(path, `${entry.fileName} is encrypted`);
  const output = join(target, entry.fileName);
  if (entry.fileName.endsWith('/')) {
    await mkdir(output, { recursive: true });
    return 0;
  }
  await mkdir(dirname(output), { recursive: true });
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > left ? refused(path, `it unpacks to more than is allowed`) : null, chunk);
    },
  });
  const source = await zip.openReadStreamPromise(entry);
  await pipeline(source, counted, createWriteStream(output, { flags: 'wx', mode: mode & 0o777 || 0o644 }));
  return size;
}

const refused = (path: string, why: string): AppError =>
  new AppError('bad-input', message`The zip ${{ path }} is refused: ${{ reason: why }}.`, {
    hint: 'Unpack it yourself and look at it, then choose the folder.',
  });
