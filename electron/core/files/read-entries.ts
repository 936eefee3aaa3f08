import { AppError } from '../../shared/errors.ts';
import type { FileEntry } from '../../shared/files.ts';
import { onAbort } from '../../shared/on-abort.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import type { Connection } from '../ssh/types.ts';
import { EntryReader } from './entry-reader.ts';
import { listAllScript } from './list-script.ts';

/** Gives all entries of a folder as they come, in no order, however many there are; resolves with the folder's path and their number. */
export async function readEntries(
  connection: Connection,
  path: string,
  onEntries: (entries: FileEntry[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<{ path: string; entries: number }> {
  const command = await connection.openCommand(listAllScript(path), { signal });
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal?.reason)));
  const reader = new EntryReader();
  let count = 0;
  try {
    command.end();
    for await (const chunk of command as AsyncIterable<Buffer>) {
      const entries = reader.push(chunk);
      count += entries.length;
      if (entries.length > 0) await onEntries(entries);
    }
    const { code } = await command.ended;
    if (code !== 0) throw fileError(command.said, connection.node, path || '~', 'read');
    return { path: reader.path || '/', entries: count };
  } finally {
    forget();
    command.destroy();
  }
}
