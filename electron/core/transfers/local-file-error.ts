import { errorCode } from '../../client/storage-error.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

/** What a failure with a file of this computer means. */
export function localFileError(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  const options = { detail, cause };
  switch (errorCode(cause)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('not-found', message`${{ path }} on this computer is not there.`, options);
    case 'EACCES':
    case 'EPERM':
      return new AppError(
        'not-permitted',
        message`${{ path }} on this computer cannot be used: permission denied.`,
        options,
      );
    case 'ENOSPC':
      return new AppError('no-space', message`${{ path }} cannot be written: the disk of this computer is full.`, {
        ...options,
        hint: 'Free some space, then try again.',
      });
    case 'EDQUOT':
      return new AppError('no-space', message`${{ path }} cannot be written: your quota on this computer is used up.`, {
        ...options,
        hint: 'Free some space, then try again.',
      });
    case 'EROFS':
      return new AppError('read-only', message`${{ path }} cannot be written: the disk is read-only.`, options);
    case 'EISDIR':
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new AppError('conflict', message`${{ path }} cannot be written: something else has that name.`, options);
    case 'ENAMETOOLONG':
    case 'EINVAL':
    case 'EILSEQ':
      return invalidName(path, cause);
    default:
      return AppError.from(cause);
  }
}

export const invalidName = (path: string, cause?: unknown): AppError =>
  new AppError('bad-input', message`${{ path }} is no name that a file can have here.`, {
    hint: 'Rename it where it is, then copy it again.',
    cause,
  });

export const changedFile = (path: string): AppError =>
  new AppError('file-changed', message`${{ path }} changed while it was copied.`, { hint: 'Copy it again.' });

export const nameTaken = (path: string): AppError =>
  new AppError('conflict', message`${{ path }} cannot be written: something else has that name.`);
