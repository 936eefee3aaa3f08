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

/** A link at the top of a folder that comes as the file it leads to, unless it leads elsewhere. */
export interface FollowedLink {
  /** Letters, digits, dots and dashes. */
  name: string;
  /** How the path of its file ends, of such names. */
  target: string;
}

/**
 * Writes a folder to the output. GNU tar ends with 1 where a file changed while it was read, as logs do. A link is followed by GNU
 * tar only, which can give a member another name; the target of no other link is changed with it.
 */
export const packScript = (path: string, link?: FollowedLink): string => `LC_ALL=C; export LC_ALL; p=${quote(path)}
cd -- "$p" 2>/dev/null || { ls -d -- "$p"/. >/dev/null || echo "Not a directory" >&2; exit 2; }
gnu=; if tar --version 2>/dev/null | grep -q GNU; then gnu=1; fi
set -- .
${link ? linkPart(link) : ''}tar -cf - "$@"; c=$?
if [ $c -eq 1 ] && [ -n "$gnu" ]; then c=0; fi
exit $c`;

const linkPart = ({ name, target }: FollowedLink): string => `t=
if [ -n "$gnu" ] && [ -L ./${name} ]; then t=$(readlink ./${name}); fi
case $t in
  */${target}) [ ! -f "$t" ] || set -- --exclude=./${name} "--transform=s,^\${t##*/}$,${name},rSH" . -C "\${t%/*}" "\${t##*/}" ;;
esac
`;

/** Gives a folder's content as a tar archive, with paths from the folder on; resolves with the archive's size. */
export async function packArchive(
  connection: Connection,
  path: string,
  write: (chunk: Uint8Array) => Promise<void>,
  { signal, link }: { signal: AbortSignal; link?: FollowedLink },
): Promise<number> {
  const command = await connection.openCommand(packScript(path, link), { signal });
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
