import { AppError } from '../../../shared/errors.ts';
import { type Message, message } from '../../../shared/messages.ts';

export type FileProblem =
  | 'quota'
  | 'no-space'
  | 'too-large'
  | 'read-only'
  | 'not-permitted'
  | 'not-found'
  | 'is-folder'
  | 'exists'
  | 'not-empty';

/** What was being done to a file when it failed. */
export type FileAction =
  | 'written'
  | 'read'
  | 'made'
  | 'moved'
  | 'copied'
  | 'changed'
  | 'removed'
  | 'trashed'
  | 'restored';

const patterns: readonly (readonly [RegExp, FileProblem])[] = [
  [/quota exceeded/i, 'quota'],
  [/no space left/i, 'no-space'],
  [/file too large/i, 'too-large'],
  [/read-only file system/i, 'read-only'],
  [/permission denied|not permitted/i, 'not-permitted'],
  [/no such file|not a directory|directory nonexistent/i, 'not-found'],
  [/is a directory/i, 'is-folder'],
  [/file exists/i, 'exists'],
  [/not empty/i, 'not-empty'],
];

/** The problem that a shell, a program or sftp printed `output` about; null: none of these. */
export const classifyFileProblem = (output: string): FileProblem | null =>
  patterns.find(([pattern]) => pattern.test(output))?.[1] ?? null;

/** The error for a file that a shell or sftp printed `output` about. */
export function fileError(output: string, node: string, path: string, doing: FileAction): AppError {
  const problem = classifyFileProblem(output);
  const detail = output.trim().slice(-1000);
  if (problem) return fileProblemError(problem, node, path, doing, detail);
  const why = output.trim().split('\n').at(-1) || 'the cluster did not say why';
  return new AppError('command-failed', sentence(node, path, doing, why), { detail });
}

export function fileProblemError(
  problem: FileProblem,
  node: string,
  path: string,
  doing: FileAction,
  detail?: string,
): AppError {
  const make = (code: AppError['code'], why: string, hint?: Message) =>
    new AppError(code, sentence(node, path, doing, why), { detail, hint });
  switch (problem) {
    case 'quota':
      return make('no-space', 'your quota is used up', makeRoom('quota -s', path));
    case 'no-space':
    case 'too-large':
      return make('no-space', 'the disk is full', makeRoom('df -h', path));
    case 'read-only': {
      const hint = message`Choose a work directory that can be written, elsewhere than ${{ path }}, or tell the administrators.`;
      return make('read-only', 'the file system is read-only', hint);
    }
    case 'not-permitted':
      return make('not-permitted', 'permission denied', message`Check who owns it: ls -ld '${{ path }}'`);
    case 'not-found':
      return make('not-found', 'there is no such file or folder');
    case 'is-folder':
      return make('conflict', 'it is a folder');
    case 'exists':
      return make('conflict', 'there is something of that name already');
    case 'not-empty':
      return make('conflict', 'the folder is not empty');
  }
}

function sentence(node: string, path: string, doing: FileAction, why: string): Message {
  switch (doing) {
    case 'read':
      return message`${{ path }} on ${{ node }} cannot be read: ${{ why }}.`;
    case 'made':
      return message`${{ path }} on ${{ node }} cannot be made: ${{ why }}.`;
    case 'moved':
      return message`${{ path }} on ${{ node }} cannot be moved: ${{ why }}.`;
    case 'copied':
      return message`${{ path }} on ${{ node }} cannot be copied: ${{ why }}.`;
    case 'changed':
      return message`${{ path }} on ${{ node }} cannot be changed: ${{ why }}.`;
    case 'trashed':
      return message`${{ path }} on ${{ node }} cannot be put in the trash: ${{ why }}.`;
    case 'restored':
      return message`${{ path }} on ${{ node }} cannot be restored: ${{ why }}.`;
    case 'removed':
      return message`${{ path }} on ${{ node }} cannot be removed: ${{ why }}.`;
    case 'written':
      return message`${{ path }} on ${{ node }} cannot be written: ${{ why }}.`;
  }
}

const makeRoom = (command: string, path: string): Message =>
  message`Free some space there (see: ${{ command }}; du -sh ~/*), or choose a work directory elsewhere than ${{ path }}.`;
