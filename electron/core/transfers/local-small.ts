import { readFile, rm, writeFile } from 'node:fs/promises';
import { throwIfAborted } from '../../shared/errors.ts';
import { localFileError } from './local-file-error.ts';
import type { PlannedItem, SmallFile, SmallTarget } from './types.ts';

/** Read at a time. */
const AHEAD = 16;

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

/** Gives the items whose files are in place. */
export async function* writeSmallHere(
  files: AsyncIterable<SmallFile>,
  finish: (part: string, item: PlannedItem) => Promise<void>,
  { part: partOf, signal }: Pick<SmallTarget, 'part' | 'signal'>,
): AsyncIterable<PlannedItem> {
  for await (const { item, content } of files) {
    throwIfAborted(signal);
    const part = partOf(item);
    try {
      await writeFile(part, content, { mode: 0o600 });
      await finish(part, item);
      yield item;
    } catch (cause) {
      await rm(part, { force: true }).catch(() => undefined);
      const error = localFileError(item.target, cause);
      if (error.code === 'no-space') throw error;
    }
  }
}
