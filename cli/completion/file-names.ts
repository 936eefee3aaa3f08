import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Choice } from './live-values.ts';

/** The paths of this computer that a word can become; a folder ends with a slash. */
export function fileNames(word: string): Choice[] {
  const [, folder = '', begun = ''] = /^(.*\/)?([^/]*)$/s.exec(word) ?? [];
  try {
    return readdirSync(resolveFolder(folder), { withFileTypes: true })
      .filter(({ name }) => name.startsWith(begun) && (begun.startsWith('.') || !name.startsWith('.')))
      .map((entry) => ({ value: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`, description: '' }));
  } catch {
    // A folder that is not there or cannot be read offers nothing.
    return [];
  }
}

function resolveFolder(folder: string): string {
  if (folder === '') return '.';
  return folder.startsWith('~/') ? join(homedir(), folder.slice(2)) : folder;
}
