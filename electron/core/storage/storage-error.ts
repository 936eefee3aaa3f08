import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

/** What to do about a failed write, by the code of the operating system or of SQLite. */
const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space, then try again.',
  EDQUOT: 'Your quota is used up. Free some space, then try again.',
  SQLITE_FULL: 'The disk is full. Free some space, then try again.',
  EROFS: 'The disk is read-only. Make it writable, or set TUNEL_DATA_DIR to another folder.',
  EACCES: 'Make the folder yours and writable, or set TUNEL_DATA_DIR to another folder.',
  EPERM: 'Make the folder yours and writable, or set TUNEL_DATA_DIR to another folder.',
  SQLITE_READONLY: 'Make the folder yours and writable, or set TUNEL_DATA_DIR to another folder.',
  SQLITE_CANTOPEN: 'Check that the folder exists and is yours, then start Tunel again.',
  ENOENT: 'The folder was removed or moved. Start Tunel again to make a new one.',
  SQLITE_BUSY: 'Another process of Tunel uses it. Try again in a moment.',
  SQLITE_IOERR: 'Check the disk, then start Tunel again.',
};

/** A failed read or write below the data directory. */
export function storageError(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = errorCode(cause);
  const known = Object.keys(hints).find((key) => code === key || code.startsWith(`${key}_`));
  return new AppError('storage', message`Tunel could not read or write ${{ path }}.`, {
    hint: hints[known ?? ''] ?? 'Check that the disk has space and the folder is yours.',
    detail: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
