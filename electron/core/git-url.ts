import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';

/** An address git may be given: never an option, never a program. @throws AppError `bad-input` */
export function checkGitUrl(url: string): string {
  const isUrl = /^(https?|ssh|git|file):\/\/[^\s\0]+$/.test(url);
  const isShort = /^[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][\w.-]*:[^\s\0-][^\s\0]*$/.test(url);
  if ((isUrl && !/^\w+:\/\/-/.test(url)) || isShort) return url;
  throw new AppError('bad-input', message`“${{ url }}” is no address of a git repository.`, {
    hint: 'Write https://…, ssh://…, or user@host:path.',
  });
}
