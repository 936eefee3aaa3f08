import { createHash, randomUUID } from 'node:crypto';
import { chmod, chown, mkdtemp, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../client/storage-error.ts';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import { localError } from './local-errors.ts';

type Path = string | Buffer;

const beside = (path: Path): Path => {
  const end = `.tunel-edit-${randomUUID()}`;
  return typeof path === 'string' ? `${path}${end}` : Buffer.concat([path, Buffer.from(end)]);
};

/** Of a file that is written in place, what it held is put back when that fails, and kept where it cannot be. */
export async function writeInPlace(
  path: Path,
  bytes: Uint8Array,
  before: Uint8Array,
  write = writeFile,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tunel-edit-'));
  const copy = join(folder, 'old');
  let isNeeded = false;
  try {
    await writeFile(copy, before, { mode: 0o600 });
    isNeeded = true;
    await write(path, bytes).catch(async (error: unknown) => {
      const failure = localError(error, path.toString());
      await write(path, before).catch(() => {
        throw new AppError(failure.code, failure.message, { hint: message`What it held is in ${{ copy }}.` });
      });
      isNeeded = false;
      throw failure;
    });
    isNeeded = false;
  } finally {
    if (!isNeeded) await rm(folder, { recursive: true, force: true });
  }
}

/** Writes beside with mode and owner of the file and renames; false: it could not have those. */
async function writeBeside(path: Path, bytes: Uint8Array): Promise<boolean> {
  const { mode, uid, gid, nlink } = await stat(path);
  if (nlink > 1) return false;
  const unfinished = beside(path);
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    const own = await stat(unfinished);
    if (own.uid !== uid || own.gid !== gid) await chown(unfinished, uid, gid);
    await chmod(unfinished, mode & 0o7777);
    await rename(unfinished, path);
    return true;
  } catch (error) {
    await rm(unfinished, { force: true });
    if (['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

/**
 * Replaces the content of a file of this computer, and keeps its mode, owner and links.
 * @throws AppError `file-changed` where it has another content than that with the SHA-256
 */
export async function replaceLocalFile(path: Path, bytes: Uint8Array, sha256: string): Promise<void> {
  const file = await realpath(path, { encoding: 'buffer' });
  const target = typeof path === 'string' ? file.toString() : file;
  const before = await readFile(target);
  if (createHash('sha256').update(before).digest('hex') !== sha256)
    throw new AppError('file-changed', 'The file is not what it is expected to be.');
  // Renaming another file to its name would not ask.
  if (((await stat(target)).mode & 0o222) === 0) throw new AppError('not-permitted', 'The file is read-only.');
  if (!(await writeBeside(target, bytes))) await writeInPlace(target, bytes, before);
}

/** Writes a file that nothing has the name of. */
export async function writeNewLocalFile(path: Path, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
