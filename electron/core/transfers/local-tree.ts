import type { Stats } from 'node:fs';
import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../../shared/errors.ts';
import type { TransferOptions } from '../../shared/transfers.ts';
import { invalidName, localFileError } from './local-file-error.ts';
import { isText } from './name-policy.ts';
import type { FileKind, FileTree, FoundFile } from './types.ts';

const kindOf = (stats: Stats): FileKind => {
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'other';
};

/** What is at a path of this computer. */
export async function describeLocal(path: string, name: string, follows: boolean): Promise<FoundFile> {
  const own = await lstat(path);
  const isLink = own.isSymbolicLink();
  const target = isLink ? await stat(path).catch(() => null) : own;
  const shown = isLink && follows && target ? target : own;
  const kind = kindOf(shown);
  return {
    name,
    kind,
    leadsTo: target ? kindOf(target) : 'other',
    size: kind === 'file' ? shown.size : 0,
    modified: Math.round(shown.mtimeMs),
    mode: process.platform === 'win32' ? 0o644 : shown.mode & 0o777,
    link: kind === 'link' ? await readlink(path) : null,
  };
}

interface Walk {
  root: string;
  follows: boolean;
  tree: FileTree;
  signal: AbortSignal;
}

/** Everything at and below a path. @throws AppError where the path itself cannot be read */
export async function walkLocal(root: string, links: TransferOptions['links'], signal: AbortSignal): Promise<FileTree> {
  const follows = links === 'follow';
  const walk: Walk = { root, follows, tree: { files: [], failures: [] }, signal };
  const found = await describeLocal(root, '', follows).catch((cause: unknown) => {
    throw localFileError(root, cause);
  });
  walk.tree.files.push(found);
  if (found.kind === 'folder') await walkFolder(walk, '', []);
  if (links === 'skip') walk.tree.files = walk.tree.files.filter(({ kind }) => kind !== 'link');
  return walk.tree;
}

/** `above`: the real paths of the folders on the way, which a link may lead back to. */
async function walkFolder(walk: Walk, name: string, above: readonly string[]): Promise<void> {
  throwIfAborted(walk.signal);
  const { root, tree, follows } = walk;
  const path = join(root, name);
  try {
    const own = follows ? await realpath(path) : path;
    if (above.includes(own)) return;
    const names = (await readdir(path)).sort();
    const entries = await Promise.all(names.map((entry) => describeEntry(walk, name, entry)));
    for (const entry of entries) {
      if (!entry) continue;
      tree.files.push(entry);
      if (entry.kind === 'folder') await walkFolder(walk, entry.name, [...above, own]);
    }
  } catch (cause) {
    throwIfAborted(walk.signal);
    tree.failures.push({ path, error: localFileError(path, cause) });
  }
}

async function describeEntry({ root, tree, follows }: Walk, folder: string, entry: string): Promise<FoundFile | null> {
  const name = folder === '' ? entry : `${folder}/${entry}`;
  const path = join(root, name);
  try {
    if (!isText(entry)) throw invalidName(path);
    return await describeLocal(path, name, follows);
  } catch (cause) {
    tree.failures.push({ path, error: localFileError(path, cause) });
    return null;
  }
}
