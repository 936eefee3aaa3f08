import { createReadStream, readlinkSync, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';

export interface FolderSize {
  files: number;
  bytes: number;
}

/** What a folder of this computer holds. */
export async function measureFolder(folder: string): Promise<FolderSize> {
  const size = { files: 0, bytes: 0 };
  for await (const { stats } of walk(folder, '')) {
    if (!stats.isFile()) continue;
    size.files += 1;
    size.bytes += stats.size;
  }
  return size;
}

/** A folder of this computer as a tar archive, with paths from the folder on; what is no file, folder or link stays here. */
export function packFolder(folder: string): Pack {
  const archive = pack();
  addAll(folder, archive).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return archive;
}

async function addAll(folder: string, archive: Pack): Promise<void> {
  for await (const { name, path, stats } of walk(folder, '')) {
    const header = { name, mode: stats.mode & 0o777, mtime: stats.mtime };
    if (stats.isDirectory()) archive.entry({ ...header, type: 'directory' });
    else if (stats.isSymbolicLink()) archive.entry({ ...header, type: 'symlink', linkname: readlinkSync(path) });
    else if (stats.isFile()) {
      // No more than its header says, although it may grow meanwhile.
      const source = createReadStream(path, stats.size > 0 ? { end: stats.size - 1 } : {});
      await pipeline(source, archive.entry({ ...header, size: stats.size }));
    }
  }
}

async function* walk(folder: string, above: string): AsyncGenerator<{ name: string; path: string; stats: Stats }> {
  for (const each of (await readdir(folder)).sort()) {
    const path = join(folder, each);
    const name = above + each;
    const stats = await lstat(path);
    yield { name, path, stats };
    if (stats.isDirectory()) yield* walk(path, `${name}/`);
  }
}
