import { rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, type ErrorCode } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';

type StorageCode = Extract<ErrorCode, 'storage' | `storage-${string}`>;

const hints: Readonly<Record<StorageCode, string>> = {
  'storage-full': 'The disk is full. Free some space, then try again.',
  'storage-quota': 'Your quota is used up. Free some space, then try again.',
  'storage-read-only': 'The disk is read-only. Make it writable, or set TUNEL_DATA_DIR to another folder.',
  'storage-denied': 'Make the folder yours and writable, or set TUNEL_DATA_DIR to another folder.',
  'storage-removed': 'The folder was removed or moved. Start Tunel again to make a new one.',
  storage: 'Check that the disk has space and the folder is yours.',
};

/** Codes of the operating system. */
const systemCodes = new Map<string, StorageCode>([
  ['ENOSPC', 'storage-full'],
  ['EDQUOT', 'storage-quota'],
  ['EROFS', 'storage-read-only'],
  ['EACCES', 'storage-denied'],
  ['EPERM', 'storage-denied'],
  ['ENOENT', 'storage-removed'],
  ['ENOTDIR', 'storage-removed'],
]);

/** A failed read or write of `path`, which lies in the data directory or is it. */
export function storageError(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = errorCode(cause);
  const found = systemCodes.get(code) ?? causeInFolder(path, code);
  return new AppError(found, message`Tunel could not read or write ${{ path }}.`, {
    hint: code.startsWith('SQLITE_BUSY') ? 'Another process of Tunel uses it. Try again in a moment.' : hints[found],
    detail: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}

/** The data directory cannot be made or entered. */
export function directoryUnusable(directory: string, cause: unknown): AppError {
  const { code, hint, detail } = storageError(directory, cause);
  // Nothing of ours was there yet, so a missing part of the path is a mistake in the path.
  const isMissing = code === 'storage-removed';
  return new AppError(isMissing ? 'storage' : code, message`Tunel cannot use its data directory ${{ directory }}.`, {
    hint: isMissing
      ? 'A part of the path is missing or a file. Correct it, or set TUNEL_DATA_DIR to another folder.'
      : hint,
    detail,
    cause,
  });
}

/** A failure of the disk or of SQLite that nobody has explained yet. */
export const isStorageFailure = (error: unknown): boolean =>
  !(error instanceof AppError) && (systemCodes.has(errorCode(error)) || errorCode(error).startsWith('SQLITE_'));

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** SQLite has one code for many causes: the folder itself is asked by a small file. */
function causeInFolder(path: string, code: string): StorageCode {
  if (code.startsWith('SQLITE_FULL')) return 'storage-full';
  if (!/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM)/.test(code)) return 'storage';
  const folder = isFolder(path) ? path : dirname(path);
  const probe = join(folder, `.probe.${process.pid}`);
  try {
    writeFileSync(probe, Buffer.alloc(64 * 1024), { mode: 0o600 });
    // The folder can be written, so it is the file.
    return code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM') ? 'storage-denied' : 'storage';
  } catch (error) {
    return systemCodes.get(errorCode(error)) ?? 'storage';
  } finally {
    rmSync(probe, { force: true });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
