import { AppError } from '../../shared/errors.ts';
import type { FileEntry } from '../../shared/files.ts';
import { onAbort } from '../../shared/on-abort.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import type { Connection } from '../ssh/types.ts';
import { EntryReader } from './entry-reader.ts';
import { listAllScript } from './list-script.ts';

type Commands = Pick<Connection, 'node' | 'openCommand'>;

/** Gives all entries of a folder as they come, in no order, however many there are; resolves with the folder's path and their number. */
export async function readEntries(
  connection: Commands,
  path: string,
  onEntries: (entries: FileEntry[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<{ path: string; entries: number }> {
  const reader = new EntryReader();
  let count = 0;
  const take = async (chunk: Buffer) => {
    const entries = reader.push(chunk);
    count += entries.length;
    if (entries.length > 0) await onEntries(entries);
  };
  await readOutput(connection, { script: listAllScript(path), path }, take, signal);
  return { path: reader.path || '/', entries: count };
}

/** Gives what a script about a path prints, as it comes. @throws AppError of that path */
export async function readOutput(
  connection: Commands,
  { script, path }: { script: string; path: string },
  take: (chunk: Buffer) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const command = await connection.openCommand(script, { signal });
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal?.reason)));
  try {
    command.end();
    for await (const chunk of command as AsyncIterable<Buffer>) await take(chunk);
    const { code } = await command.ended;
    if (code !== 0) throw fileError(command.said, connection.node, path || '~', 'read');
  } finally {
    forget();
    command.destroy();
  }
}
