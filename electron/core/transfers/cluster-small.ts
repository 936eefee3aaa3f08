import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import { quote } from '../../shared/shell-quote.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import { sendInput } from '../ssh/sftp/shell-transfer.ts';
import type { Connection } from '../ssh/types.ts';
import type { PlannedItem, SmallFile, SmallTarget } from './types.ts';

const begin = 'LC_ALL=C; export LC_ALL';
/** Other tars know neither lists of any names nor headers for them: the files are then copied one by one. */
const needsTar = `case $(tar --version 2>/dev/null) in *GNU*|bsdtar*) ;; *) echo "tar is missing" >&2; exit 1 ;; esac`;

/** Packs the files of its input, which are ended by NUL and named from the root on. */
const packScript = (follows: boolean): string => `${begin}; ${needsTar}
cd / && exec tar -cf - ${follows ? '-h ' : ''}--null -T -
`;

/** Small files of a cluster by one stream; those that cannot be read, or are not as listed, are left out. */
export async function* readSmallThere(
  connection: Connection,
  items: readonly PlannedItem[],
  { follows, signal }: { follows: boolean; signal: AbortSignal },
): AsyncIterable<SmallFile> {
  const wanted = new Map(items.map((item) => [item.source.replace(/^\/+/, ''), item]));
  const command = await connection.openCommand(packScript(follows), { signal });
  const archive = extract();
  const fail = (error: Error) => archive.destroy(error);
  command.on('error', fail);
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal.reason)));
  try {
    command.end(Buffer.from([...wanted.keys()].map((name) => `${name}\0`).join('')));
    command.pipe(archive);
    for await (const entry of archive) {
      const { name, type, size } = entry.header;
      const item = wanted.get(name);
      if (item && type === 'file' && size === item.size) yield { item, content: await buffer(entry) };
      // One that has grown may have any size.
      else entry.resume();
    }
  } catch (error) {
    if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
    throw error;
  } finally {
    forget();
    command.destroy();
  }
}

/** Moves the arguments into the folder `$0`. */
function moveFiles(replaces: boolean, keepsNewer: boolean): string {
  if (!keepsNewer) return `mv ${replaces ? '-f' : '-n'} -- "$@" "$0" 2>/dev/null`;
  return `for f; do n=$0\${f##*/}; if [ ! -e "$n" ] || [ "$f" -nt "$n" ]; then mv -f -- "$f" "$0" 2>/dev/null; fi; done`;
}

/**
 * Unpacks beside the destination and gives the files their names by one `mv` for each folder. Prints those that stayed, each
 * ended by NUL.
 */
const unpackScript = ({
  destination,
  staging,
  replaces,
  keepsNewer,
}: Omit<SmallTarget, 'signal' | 'part'>): string => `${begin}
${needsTar}
t=${quote(staging)}; p=${quote(destination)}; export p
trap 'rm -rf -- "$t"' EXIT; trap 'exit 1' HUP INT TERM
rm -rf -- "$t"; (umask 077; mkdir -- "$t") && cd -- "$t" && tar -xopf - || exit 1
# On the disk before they have their names, where sync takes files.
find . -type f -exec sync -d -- {} + 2>/dev/null
# find would take the braces of a script for its own.
m=${quote(`for d; do
  find "$d/." ! -name . -prune -type f -exec sh -c '${moveFiles(replaces, keepsNewer)}' "$p/$d/" {} +
done`)}; export m
find . -type d -exec sh -c 'eval "$m"' sh {} +
find . -type f -exec printf '%s\\0' {} + || exit 1
exit 0
`;

/** Gives the items whose files are in place, once all are. */
export async function* writeSmallThere(
  connection: Connection,
  files: AsyncIterable<SmallFile>,
  { signal, ...target }: SmallTarget,
): AsyncIterable<PlannedItem> {
  const command = await connection.openCommand(unpackScript(target), { signal });
  const { destination } = target;
  const said: Buffer[] = [];
  command.on('data', (chunk: Buffer) => said.push(chunk));
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal.reason)));
  const sent: { name: string; item: PlannedItem }[] = [];
  try {
    await sendInput(archiveOf(files, destination, sent), command);
    const { code } = await command.ended;
    signal.throwIfAborted();
    if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
    if (code !== 0) throw fileError(command.said, connection.node, destination, 'written');
  } finally {
    forget();
    command.destroy();
  }
  const left = new Set(Buffer.concat(said).toString().split('\0'));
  for (const { name, item } of sent) if (!left.has(`./${name}`)) yield item;
}

async function* archiveOf(
  files: AsyncIterable<SmallFile>,
  destination: string,
  sent: { name: string; item: PlannedItem }[],
): AsyncIterable<Uint8Array> {
  const archive = pack();
  const add = async () => {
    for await (const { item, content } of files) {
      const name = item.target.slice(destination.length).replace(/^\/+/, '');
      sent.push({ name, item });
      const header = { name, mode: item.mode, mtime: new Date(item.modified), size: content.byteLength };
      archive.entry(header, Buffer.from(content.buffer, content.byteOffset, content.byteLength));
    }
    archive.finalize();
  };
  add().catch((error: unknown) => archive.destroy(AppError.from(error)));
  for await (const chunk of archive) yield chunk as Buffer;
}
