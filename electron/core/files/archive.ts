import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import { quote } from '../../shared/shell-quote.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import { sendInput } from '../ssh/sftp/shell-transfer.ts';
import type { Connection } from '../ssh/types.ts';

/** Unpacks a tar archive in a folder, which is made where it does not exist; resolves with the archive's size. */
export async function unpackArchive(
  connection: Connection,
  path: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  const script = `LC_ALL=C; export LC_ALL; p=${quote(path)}
mkdir -p -- "$p" && cd -- "$p" && exec tar -xof -`;
  const command = await connection.openCommand(script, { signal });
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal.reason)));
  const bytes = await sendInput(source, command).finally(forget);
  signal.throwIfAborted();
  const { code } = await command.ended;
  if (code !== 0) throw fileError(command.said, connection.node, path, 'written');
  return bytes;
}

/** Gives a folder's content as a tar archive, with paths from the folder on; resolves with the archive's size. */
export async function packArchive(
  connection: Connection,
  path: string,
  write: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  // GNU tar ends with 1 where a file changed while it was read, as logs do.
  const script = `LC_ALL=C; export LC_ALL; p=${quote(path)}
cd -- "$p" 2>/dev/null || { ls -d -- "$p"/. >/dev/null || echo "Not a directory" >&2; exit 2; }
tar -cf - .; c=$?
if [ $c -eq 1 ] && tar --version 2>/dev/null | grep -q GNU; then c=0; fi
exit $c`;
  const command = await connection.openCommand(script, { signal });
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal.reason)));
  let bytes = 0;
  try {
    command.end();
    for await (const chunk of command as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      await write(chunk);
    }
    const { code } = await command.ended;
    if (code !== 0) throw fileError(command.said, connection.node, path, 'read');
    return bytes;
  } finally {
    forget();
    command.destroy();
  }
}
