import { lstat, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AppError } from '../../electron/shared/errors.ts';
import { hasOddBytes } from '../../electron/shared/file-names.ts';
import { type FileEntry, fileEntrySchema } from '../../electron/shared/files.ts';
import { message } from '../../electron/shared/messages.ts';
import type { EngineSession } from '../engine-session.ts';
import { localFileError } from '../transfer/local-file-error.ts';
import type { Tree, TreeEntry } from './plan.ts';
import { workOnAll } from './work-on-all.ts';

/** Folders of a cluster that are read at the same time. */
const FOLDERS_AT_ONCE = 4;

/** All that is in a folder here. @throws AppError where it cannot be read whole, so that nothing is taken for removed */
export async function readLocalTree(root: string): Promise<Tree> {
  const entries = new Map<string, TreeEntry>();
  const read = async (path: string): Promise<void> => {
    const folder = join(root, path);
    const names = await readdir(folder).catch((error: unknown) => {
      throw localFileError(error, folder) ?? AppError.from(error);
    });
    for (const name of names) {
      const at = posix.join(path, name);
      const found = await lstat(join(root, at));
      const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
      entries.set(at, { kind, size: found.size, modified: found.mtimeMs, mode: found.mode & 0o777 });
      if (kind === 'folder') await read(at);
    }
  };
  await read('');
  return entries;
}

/** All that is in a folder of a cluster, and its whole path; null: there is none. @throws AppError where it cannot be read whole */
export async function readRemoteTree(
  session: EngineSession,
  clusterId: string,
  root: string,
): Promise<{ path: string; tree: Tree } | null> {
  const { request, interrupted } = session;
  const found = await request('files.stat', { clusterId, path: root }).catch((error: unknown) => {
    if (AppError.from(error).code === 'not-found') return null;
    throw error;
  });
  if (!found) return null;
  if (found.kind !== 'folder') throw new AppError('conflict', message`${{ path: root }} on the cluster is no folder.`);
  const entries = new Map<string, TreeEntry>();
  await workOnAll([''], { atOnce: FOLDERS_AT_ONCE, signal: interrupted }, async (path, add) => {
    for (const entry of await readFolder(session, { clusterId, path: posix.join(found.path, path) })) {
      const at = posix.join(path, entry.name);
      entries.set(at, treeEntryOf(entry));
      if (entries.get(at)?.kind === 'folder') add(at);
    }
  });
  return { path: found.path, tree: entries };
}

function treeEntryOf({ name, kind, link, size, modified, mode }: FileEntry): TreeEntry {
  const isPlain = !link && kind !== 'other' && !hasOddBytes(name) && !name.includes('\\');
  return { kind: isPlain ? kind : 'other', size: size ?? 0, modified: modified ?? 0, mode };
}

async function readFolder({ openStream }: EngineSession, folder: { clusterId: string; path: string }) {
  const { data, closed } = await openStream('files.entries', folder);
  const entries: FileEntry[] = [];
  try {
    for await (const line of createInterface({ input: data })) {
      if (line !== '') entries.push(...z.array(fileEntrySchema).parse(JSON.parse(line)));
    }
  } finally {
    await closed;
  }
  return entries;
}
