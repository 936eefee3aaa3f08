import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';

export interface Unpacked {
  files: number;
  /** Links and devices, which are not made here. */
  left: string[];
}

/**
 * Writes the files and folders of a tar archive into a folder. The archive comes from elsewhere: nothing is written outside, and
 * no link is made through which that could happen.
 * @throws AppError `bad-input` for a name that leads out of the folder
 */
export async function unpackFolder(source: Readable, folder: string): Promise<Unpacked> {
  await mkdir(folder, { recursive: true });
  const unpacked: Unpacked = { files: 0, left: [] };
  const archive = extract();
  const fed = pipeline(source, archive);
  // It is awaited below; a failure may come before.
  fed.catch(() => undefined);
  for await (const entry of archive) {
    const { name, type, mode = 0o600 } = entry.header;
    const path = join(folder, ...partsOf(name));
    if (type === 'directory') await mkdir(path, { recursive: true });
    else if (type === 'file') {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(entry, createWriteStream(path, { mode: mode & 0o777 }));
      unpacked.files += 1;
      continue;
    } else unpacked.left.push(name);
    entry.resume();
  }
  await fed;
  return unpacked;
}

export function partsOf(name: string): string[] {
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.includes('..') || name.includes('\0') || /^[A-Za-z]:/.test(name)) {
    throw new AppError('bad-input', message`The archive holds “${{ name }}”, which leads out of its folder.`);
  }
  return parts;
}
