import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../electron/shared/errors.ts';
import { describeForeignFolder, type ForeignFolder } from '../electron/shared/foreign-folder-policy.ts';
import { message } from '../electron/shared/messages.ts';

/** Deep enough for `NAME/launcher/socket/app.yaml`, and no walk of a whole home directory. */
const MAX_DEPTH = 4;
const MAX_NAMES = 2000;

/** What a folder on this computer is, by its files; null: no folder, or none of those that are told apart. */
export function describePath(path: string): ForeignFolder | null {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return null;
  const names: string[] = [];
  const visit = (folder: string, base: string, depth: number): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (names.length >= MAX_NAMES || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isFile()) names.push(base + entry.name);
      else if (entry.isDirectory() && depth < MAX_DEPTH)
        visit(join(folder, entry.name), `${base}${entry.name}/`, depth + 1);
    }
  };
  visit(path, '', 0);
  return describeForeignFolder(names, path);
}

/** Runs what takes the name of a recipe; where a path was given instead, the error says what that path is. */
export async function explainPath<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isUnknown = error instanceof AppError && error.code === 'not-found';
    if (!isUnknown || !/[/.~]/.test(name) || !statSync(name, { throwIfNoEntry: false })) throw error;
    const known = describePath(name);
    throw new AppError(
      'bad-input',
      known
        ? message`${{ path: name }} is a path, and the name of a recipe is wanted. ${{ what: known.message }}`
        : message`${{ path: name }} is a path, and the name of a recipe is wanted.`,
      {
        hint: known?.hint ?? message`Run it as a folder of your own: tunel folder add ${{ path: name }}`,
        cause: error,
      },
    );
  }
}
