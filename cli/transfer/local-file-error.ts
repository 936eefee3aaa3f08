import { AppError, type ErrorCode } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';

const codes: Readonly<Record<string, { code: ErrorCode; hint: string }>> = {
  ENOENT: { code: 'not-found', hint: 'Check the path.' },
  EACCES: { code: 'storage-denied', hint: 'Look at its permissions, and those of its folder.' },
  EPERM: { code: 'storage-denied', hint: 'Look at its permissions, and those of its folder.' },
  EROFS: { code: 'storage-read-only', hint: 'Choose a folder on another disk.' },
  ENOSPC: { code: 'storage-full', hint: 'Free some space on that disk.' },
  EDQUOT: { code: 'storage-quota', hint: 'Your quota there is used up: free some space.' },
  EISDIR: { code: 'conflict', hint: 'A folder has that name.' },
  ENOTDIR: { code: 'conflict', hint: 'A part of the path is a file.' },
};

/** What a failure of a file of this computer means; null: it is about something else. */
export function localFileError(error: unknown, file: string): AppError | null {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null;
  const { code, hint } = codes[String(error.code)] ?? { code: 'storage', hint: undefined };
  return new AppError(code, message`${{ path: file }} cannot be read or written here.`, {
    ...(hint !== undefined && { hint }),
    detail: error.message,
    cause: error,
  });
}
