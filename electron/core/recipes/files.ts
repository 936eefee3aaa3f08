import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { TemplateFault } from '../jinja/fault.ts';

const maxFileBytes = 1024 * 1024;
const maxFiles = 500;
const maxTotalBytes = 20 * 1024 * 1024;

/** The text of a file's bytes. @throws AppError naming file and line where they are no UTF-8, or hold a NUL */
function textOf(path: string, bytes: Uint8Array): string {
  const hasNul = bytes.includes(0);
  if (!hasNul && isUtf8(bytes)) return Buffer.from(bytes).toString('utf8');
  // A newline byte is never part of another character, so each line can be judged alone.
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const next = bytes.indexOf(10, start);
    const end = next === -1 ? bytes.length : next;
    const one = bytes.subarray(start, end);
    if (one.includes(0) || !isUtf8(one)) break;
    start = end + 1;
  }
  const reason = `it has ${hasNul ? 'a NUL character' : 'bytes that are not UTF-8'}`;
  throw new AppError('recipe-invalid', message`${{ path }}:${{ line }} is not text: ${{ reason }}.`, {
    hint: 'Save it as UTF-8 text.',
    cause: new TemplateFault(reason).at(path, line),
  });
}

/**
 * Text of a file below a folder, or null when there is none. A name that leads out of the folder, by `..`, an absolute
 * path or a link, is refused.
 */
export function readBelow(folder: string, name: string): string | null {
  const path = join(folder, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) {
    if (!isBelow(folder, path)) throw escapes(folder, name);
    return null;
  }
  if (!isBelow(realpathSync(folder), realpathSync(path))) throw escapes(folder, name);
  if (stat.size > maxFileBytes) {
    throw new AppError(
      'recipe-invalid',
      message`${{ path }} is larger than ${{ maxMiB: maxFileBytes / 1024 / 1024 }} MiB.`,
      {
        hint: 'Keep scripts small; put data beside the recipe in its files folder.',
      },
    );
  }
  return textOf(path, readFileSync(path));
}

function isBelow(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !inside.startsWith(sep);
}

function escapes(folder: string, name: string): AppError {
  return new AppError('recipe-invalid', message`“${{ name }}” leads out of the recipe's folder ${{ folder }}.`, {
    hint: 'Name a file inside the folder.',
  });
}

/** All regular files below a folder, links left out; name (with `/`) -> bytes. An absent folder is empty. */
export function readTree(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let total = 0;
  const visit = (directory: string) => {
    for (const entry of readdirSync(directory).sort()) {
      const path = join(directory, entry);
      const stat = lstatSync(path);
      if (stat.isDirectory()) visit(path);
      if (!stat.isFile()) continue;
      total += stat.size;
      if (files.size >= maxFiles || total > maxTotalBytes) {
        throw new AppError(
          'recipe-invalid',
          message`${{ folder }} has more than ${{ maxFiles }} files or ${{ maxMiB: maxTotalBytes / 1024 / 1024 }} MiB.`,
          { hint: 'A recipe carries small files only; keep data on the cluster.' },
        );
      }
      files.set(relative(folder, path).split(sep).join('/'), readFileSync(path));
    }
  };
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) visit(folder);
  return files;
}
