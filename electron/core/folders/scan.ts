import type { Stats } from 'node:fs';
import { lstat, open, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Ignore } from 'ignore';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { type FolderLook, readablePath } from './folder-look.ts';
import { alwaysIgnored, rulesOf } from './ignore-policy.ts';
import { localError } from './local-error.ts';

export interface LocalFile {
  /** Relative, with `/`. */
  name: string;
  /** Absolute, here. */
  path: string;
  size: number;
  /** Milliseconds; with the size it says whether a file must be read again. */
  mtimeMs: number;
  /** As in chmod, the nine bits of rwx. */
  mode: number;
}

export interface Scan {
  root: string;
  files: LocalFile[];
  bytes: number;
  left: { name: string; why: string }[];
}

const maxFiles = 50_000;
const maxDepth = 50;
const maxBytes = 20 * 1024 ** 3;
const headBytes = 64 * 1024;

/**
 * Every file of a folder that is to be sent: what .gitignore (at any depth) names stays, as do version control, caches and
 * environments. A link is followed when it stays inside the folder.
 * @throws AppError `not-found`, `not-permitted`, `limit-exceeded`
 */
export async function scanFolder(path: string, signal?: AbortSignal): Promise<Scan> {
  const root = await realpath(resolve(path)).catch((cause: unknown) => {
    throw new AppError('not-found', message`The folder ${{ path }} cannot be opened.`, {
      hint: 'It may have been moved.',
      cause,
    });
  });
  if (!(await stat(root)).isDirectory()) throw new AppError('bad-input', message`${{ path }} is no folder.`);
  const scan: Scan = { root, files: [], bytes: 0, left: [] };
  await visit(scan, root, [{ base: '', rules: rulesOf(alwaysIgnored) }], 0, signal);
  scan.files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return scan;
}

interface Rules {
  /** The folder whose .gitignore it is, with a `/` at its end; empty: the root. */
  base: string;
  rules: Ignore;
}

async function visit(scan: Scan, directory: string, inherited: Rules[], depth: number, signal?: AbortSignal) {
  throwIfAborted(signal);
  const base = prefixOf(scan.root, directory);
  if (depth > maxDepth)
    throw new AppError('limit-exceeded', message`${{ base }} lies more than ${{ maxDepth }} folders deep.`);
  const entries: string[] = await readdir(directory).catch((error: unknown) => {
    // Gone since its parent was read: nothing of it is to be sent.
    if (isGone(error) && depth > 0) return [];
    throw localError(base || scan.root, error);
  });
  const own = entries.includes('.gitignore') ? await ignoreFile(join(directory, '.gitignore'), base) : null;
  const rules = own === null ? inherited : [...inherited, { base, rules: rulesOf(own) }];
  for (const entry of entries.sort()) {
    const path = join(directory, entry);
    const name = base + entry;
    // The system gives bytes that are no UTF-8 as this sign, and a file of that name is another.
    if (entry.includes('\ufffd')) {
      scan.left.push({ name, why: 'a name that is not UTF-8' });
      continue;
    }
    const found = await lstat(path).catch((error: unknown) => {
      if (isGone(error)) return null;
      throw localError(name, error);
    });
    // Editors' own files come and go.
    if (found === null) continue;
    const seen = found.isSymbolicLink() ? await follow(scan, path, name) : found;
    if (!seen) continue;
    const isFolder = seen.isDirectory();
    if (isIgnored(rules, name, isFolder) || (isFolder && (await isPythonEnvironment(path)))) {
      scan.left.push({ name: isFolder ? `${name}/` : name, why: 'ignored' });
    } else if (isFolder) {
      // A link to a folder would show its files twice, or for ever.
      if (found.isSymbolicLink()) scan.left.push({ name, why: 'a link to a folder' });
      else await visit(scan, path, rules, depth + 1, signal);
    } else if (seen.isFile()) {
      add(scan, { name, path, size: seen.size, mtimeMs: seen.mtimeMs, mode: seen.mode & 0o777 });
    } else {
      scan.left.push({ name, why: 'neither a file nor a folder' });
    }
  }
}

function add(scan: Scan, file: LocalFile): void {
  scan.files.push(file);
  scan.bytes += file.size;
  if (scan.files.length > maxFiles || scan.bytes > maxBytes) {
    throw new AppError(
      'limit-exceeded',
      message`${{ root: scan.root }} has more than ${{ maxFiles }} files or ${{ maxGiB: maxBytes / 1024 ** 3 }} GiB.`,
      {
        hint: 'Name what need not be sent in a .gitignore, and keep data on the cluster.',
      },
    );
  }
}

const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** A .gitignore as git reads it: only a file, no link. */
async function ignoreFile(path: string, base: string): Promise<string | null> {
  try {
    return (await lstat(path)).isFile() ? await readFile(path, 'utf8') : null;
  } catch (error) {
    throw localError(`${base}.gitignore`, error);
  }
}

/** What a link leads to, or null when that is not in the folder. */
async function follow(scan: Scan, path: string, name: string): Promise<Stats | null> {
  try {
    const target = await realpath(path);
    const inside = relative(scan.root, target);
    if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(scan.root, inside) !== target) {
      scan.left.push({ name, why: 'a link that leads out of the folder' });
      return null;
    }
    return await stat(target);
  } catch {
    const target = await readlink(path).catch(() => '?');
    scan.left.push({ name, why: `a link to ${target}, which is not there` });
    return null;
  }
}

const isPythonEnvironment = (path: string): Promise<boolean> =>
  lstat(join(path, 'pyvenv.cfg')).then(
    (found) => found.isFile(),
    () => false,
  );

const prefixOf = (root: string, directory: string): string => {
  const path = relative(root, directory).split(sep).join('/');
  return path === '' ? '' : `${path}/`;
};

/** As git does: the rules of the deepest folder have the last word. */
function isIgnored(rules: readonly Rules[], name: string, isFolder: boolean): boolean {
  let ignored = false;
  for (const { base, rules: own } of rules) {
    const tested = own.test(name.slice(base.length) + (isFolder ? '/' : ''));
    if (tested.ignored) ignored = true;
    else if (tested.unignored) ignored = false;
  }
  return ignored;
}

/** What recognition looks at. */
export async function lookAt(scan: Scan): Promise<FolderLook> {
  const heads = new Map<string, string>();
  const readable = new RegExp(readablePath);
  const wanted = scan.files.filter(({ name }) => readable.test(name)).slice(0, 200);
  for (const { name, path } of wanted) {
    const file = await open(path, 'r').catch((error: unknown) => {
      throw localError(name, error);
    });
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      heads.set(name, buffer.subarray(0, bytesRead).toString('utf8'));
    } finally {
      await file.close();
    }
  }
  return { names: scan.files.map(({ name }) => name), heads };
}
