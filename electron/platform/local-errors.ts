import { errorCode } from '../client/storage-error.ts';
import { AppError, type ErrorCode } from '../shared/errors.ts';
import { displayName } from '../shared/file-names.ts';
import { message } from '../shared/messages.ts';

const known: Readonly<Record<string, [ErrorCode, string]>> = {
  ENOENT: ['not-found', 'there is no such file or folder'],
  ENOTDIR: ['not-found', 'it is not a folder'],
  EACCES: ['not-permitted', 'permission denied'],
  EPERM: ['not-permitted', 'permission denied'],
  EEXIST: ['conflict', 'there is something of that name already'],
  ERR_FS_CP_EEXIST: ['conflict', 'there is something of that name already'],
  ENOTEMPTY: ['conflict', 'the folder is not empty'],
  ENOSPC: ['no-space', 'the disk is full'],
  EDQUOT: ['no-space', 'your quota is used up'],
  EROFS: ['read-only', 'the file system is read-only'],
  EISDIR: ['conflict', 'it is a folder'],
  EINVAL: ['bad-input', 'this name is not possible here'],
};

/** The error for a file of this computer. */
export function localError(cause: unknown, path: string): AppError {
  if (cause instanceof AppError) return cause;
  const [code, why] = known[errorCode(cause)] ?? ['internal', cause instanceof Error ? cause.message : String(cause)];
  return new AppError(code, message`${{ path: displayName(path) }}: ${{ why }}.`, { cause });
}
