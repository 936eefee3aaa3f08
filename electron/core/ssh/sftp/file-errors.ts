import { AppError } from '../../../shared/errors.ts';

/** What a shell's or sftp's words about a file mean. `doing`: `written` or `read`. */
export function fileError(words: string, node: string, path: string, doing: 'written' | 'read'): AppError {
  const message = (why: string) => `${path} on ${node} cannot be ${doing}: ${why}.`;
  const detail = words.trim().slice(-1000);
  if (/no space left|disk quota exceeded|quota exceeded|file too large/i.test(words)) {
    const quota = /quota/i.test(words);
    return new AppError('no-space', message(quota ? 'your quota is used up' : 'the disk is full'), {
      hint: `Free some space there (see: ${quota ? 'quota -s' : 'df -h'}; du -sh ~/*), or choose a work directory elsewhere than ${path}.`,
      detail,
    });
  }
  if (/read-only file system/i.test(words)) {
    return new AppError('read-only', message('the file system is read-only'), {
      hint: `Choose a work directory that can be written, elsewhere than ${path}, or tell the administrators.`,
      detail,
    });
  }
  if (/permission denied|not permitted/i.test(words)) {
    return new AppError('not-permitted', message('permission denied'), {
      hint: `Check who owns it: ls -ld '${path}'`,
      detail,
    });
  }
  if (/no such file|not a directory/i.test(words)) {
    return new AppError('not-found', message('there is no such file or folder'), { detail });
  }
  if (/is a directory/i.test(words)) return new AppError('conflict', message('it is a folder'), { detail });
  return new AppError('command-failed', message(words.trim().split('\n').at(-1) || 'the cluster did not say why'), {
    detail,
  });
}
