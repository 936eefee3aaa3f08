import { open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { throwIfAborted } from '../../shared/errors.ts';
import { localFileError } from './local-file-error.ts';
import { syncFolder } from './sync-folder.ts';
import type { PlannedItem, SmallFile, SmallTarget } from './types.ts';

/** Read at a time. */
const AHEAD = 16;
/** Written at a time: disks take many files as fast as one. */
const TOGETHER = 32;

/** Those that cannot be read, or have another size by now, are left out. */
export async function* readSmallHere(items: readonly PlannedItem[], signal: AbortSignal): AsyncIterable<SmallFile> {
  for (let at = 0; at < items.length; at += AHEAD) {
    throwIfAborted(signal);
    const files = await Promise.all(
      items
        .slice(at, at + AHEAD)
        .map(async (item) => ({ item, content: await readFile(item.source).catch(() => null) })),
    );
    for (const { item, content } of files) if (content?.byteLength === item.size) yield { item, content };
  }
}

type NamePart = (part: string, item: PlannedItem, keepsNewer: boolean) => Promise<boolean>;

/** Gives the items whose files are in place and on the disk. */
export async function* writeSmallHere(
  files: AsyncIterable<SmallFile>,
  name: NamePart,
  target: Pick<SmallTarget, 'part' | 'keepsNewer' | 'signal'>,
): AsyncIterable<PlannedItem> {
  let group: SmallFile[] = [];
  for await (const file of files) {
    throwIfAborted(target.signal);
    group.push(file);
    if (group.length < TOGETHER) continue;
    yield* await writeGroup(group, name, target);
    group = [];
  }
  yield* await writeGroup(group, name, target);
}

async function writeGroup(
  files: readonly SmallFile[],
  name: NamePart,
  { part: partOf, keepsNewer }: Pick<SmallTarget, 'part' | 'keepsNewer'>,
): Promise<PlannedItem[]> {
  const written = await Promise.all(
    files.map(async ({ item, content }) => {
      const part = partOf(item);
      try {
        await writeSynced(part, content);
        if (await name(part, item, keepsNewer)) return item;
      } catch (cause) {
        const error = localFileError(item.target, cause);
        await rm(part, { force: true }).catch(() => undefined);
        if (error.code === 'no-space') throw error;
      }
      return null;
    }),
  );
  const items = written.filter((item) => item !== null);
  await Promise.all([...new Set(items.map(({ target }) => dirname(target)))].map(syncFolder));
  return items;
}

async function writeSynced(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
}
