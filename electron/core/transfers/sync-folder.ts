import { open } from 'node:fs/promises';

/** The names in a folder are on the disk, where its file system can say so: Windows cannot, nor can some network drives. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r').catch(() => null);
  await folder
    ?.sync()
    .catch(() => undefined)
    .finally(() => folder.close());
}
