import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

/**
 * What a failure to read a file of the user's means. `conflict`: it changed or went away meanwhile, as editors' own files do;
 * another look at the folder finds what is there then.
 */
export function localError(name: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (/\b(EACCES|EPERM)\b/.test(String(cause))) {
    return new AppError('not-permitted', message`${{ name }} cannot be read: permission denied.`, {
      hint: 'Make it readable, or name it in a .gitignore so that it stays here.',
      cause,
    });
  }
  return new AppError('conflict', message`${{ name }} changed or went away while it was sent.`, {
    hint: 'Launch again.',
    cause,
  });
}
