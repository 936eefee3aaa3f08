import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';

/** One line of `git ls-tree -r -l -z`. */
interface TreeEntry {
  mode: string;
  type: string;
  hash: string;
  bytes: number;
  path: string;
}

const MAX_FILES = 5000;
const MAX_BYTES = 50 * 1024 * 1024;

export function readTreeList(text: string): TreeEntry[] {
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const match = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line);
      if (!match)
        throw new AppError('command-failed', 'git lists the files in a form that is not known.', { detail: line });
      const [, mode = '', type = '', hash = '', size = '', path = ''] = match;
      return { mode, type, hash, bytes: size === '-' ? 0 : Number(size), path };
    });
}

/**
 * Which files of a repository are taken over: regular ones, in their own folder. Links and other repositories are left out
 * and named. @throws AppError `recipe-invalid` where it is too large
 */
export function chooseFiles(entries: readonly TreeEntry[]): { files: TreeEntry[]; left: string[] } {
  const files: TreeEntry[] = [];
  const left: string[] = [];
  for (const entry of entries) {
    const why = reason(entry);
    if (why === null) files.push(entry);
    else left.push(`${entry.path}: left out, ${why}`);
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (files.length > MAX_FILES || bytes > MAX_BYTES) {
    throw new AppError(
      'recipe-invalid',
      message`The repository has ${{ count: files.length }} files and ${{ mib: Math.ceil(bytes / 1024 / 1024) }} MiB.`,
      {
        hint: message`Recipes are small: at most ${{ maxFiles: MAX_FILES }} files and ${{ maxMiB: MAX_BYTES / 1024 / 1024 }} MiB are taken.`,
      },
    );
  }
  return { files, left };
}

function reason({ mode, type, path }: TreeEntry): string | null {
  if (type === 'commit') return 'it is another repository';
  if (mode === '120000') return 'it is a link';
  if (type !== 'blob' || (mode !== '100644' && mode !== '100755')) return `it is no ordinary file (${mode})`;
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')) {
    return 'its name leads elsewhere';
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a name with such characters is what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path) || Buffer.byteLength(path) > 1000) return 'its name has strange characters';
  return null;
}
