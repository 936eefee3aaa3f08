import { once } from 'node:events';
import { AppError, throwIfAborted } from '../../../shared/errors.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import { quote } from '../../../shared/shell-quote.ts';
import type { RawResult } from '../shells/run.ts';
import type { CommandStream, FilePart, RunOptions, UploadOptions } from '../types.ts';
import { fileError } from './file-errors.ts';

/** What a node offers to move files without sftp. */
export interface ShellTransferPort {
  node: string;
  run(script: string, options: RunOptions): Promise<RawResult>;
  command(script: string, options: { signal?: AbortSignal }): Promise<CommandStream>;
}

const FINISH_MS = 60_000;
/** Enough to find out that a disk or a quota is full. */
const PROBE_BYTES = 1024 * 1024;

interface ShellUpload {
  path: string;
  temporary: string;
  source: AsyncIterable<Uint8Array>;
  mode: number;
  part: FilePart | undefined;
  place: UploadOptions['place'] | undefined;
  signal?: AbortSignal;
}

/** Streams a file through `cat`. The name is given by a second command, which knows how many bytes there have to be. */
export async function uploadByShell(port: ShellTransferPort, upload: ShellUpload): Promise<number> {
  const { path, mode, part, place, signal } = upload;
  if (part) return appendByShell(port, { ...upload, part });
  const [target, temporary] = [quote(path), quote(upload.temporary)];
  const command = await port.command(
    `LC_ALL=C; export LC_ALL; umask 077
if [ -d ${target} ]; then echo "Is a directory" >&2; exit 1; fi
cat >${temporary} || { rm -f -- ${temporary}; exit 1; }`,
    { signal },
  );
  const forget = onAbort(signal, () => command.destroy());
  const bytes = await sendInput(upload.source, command).finally(forget);
  throwIfAborted(signal);
  const { code } = await command.ended;
  if (code !== 0) throw fileError(command.said, port.node, path, 'written');
  const result = await port.run(
    `LC_ALL=C; export LC_ALL; t=${temporary}; p=${target}
trap 'rm -f -- "$t"' EXIT
n=$(wc -c <"$t") || exit 1
if [ "$n" -ne ${bytes} ]; then echo "$n of ${bytes} bytes arrived" >&2; exit 1; fi
chmod ${mode.toString(8)} "$t" && ${place ? 'trap - EXIT' : 'mv -f -- "$t" "$p"'}`,
    { signal, timeoutMs: FINISH_MS },
  );
  if (result.exitCode !== 0) throw fileError(result.stderr, port.node, path, 'written');
  await place?.(upload.temporary);
  return bytes;
}

/** Cuts a part off at its offset and adds to it; what was written stays after an error. */
async function appendByShell(
  port: ShellTransferPort,
  { path, source, mode, part, signal }: ShellUpload & { part: FilePart },
): Promise<number> {
  const target = quote(path);
  const command = await port.command(
    `LC_ALL=C; export LC_ALL; umask 077
dd if=/dev/null of=${target} bs=1 seek=${part.offset} 2>/dev/null || { : >>${target}; exit 1; }
chmod ${mode.toString(8)} ${target} && exec cat >>${target}`,
    { signal },
  );
  const forget = onAbort(signal, () => command.destroy());
  const bytes = await sendInput(source, command).finally(forget);
  throwIfAborted(signal);
  const { code } = await command.ended;
  if (code !== 0) throw fileError(command.said, port.node, path, 'written');
  part.onWritten(part.offset + bytes);
  return part.offset + bytes;
}

/** Writes until the source or the command ends; resolves with how many bytes of the source were written. */
export async function sendInput(source: AsyncIterable<Uint8Array>, command: CommandStream): Promise<number> {
  let bytes = 0;
  let isOver = false;
  const over = command.ended.then(() => {
    isOver = true;
  });
  // Its exit code and its own message say more.
  command.on('error', () => undefined);
  command.resume();
  try {
    for await (const chunk of source) {
      if (isOver) break;
      bytes += chunk.byteLength;
      if (!command.write(chunk)) await Promise.race([once(command, 'drain').catch(() => over), over]);
    }
    command.end();
    return bytes;
  } catch (error) {
    command.destroy();
    throw error;
  }
}

/** Streams a file from `offset` on, at most `maxBytes` of it. */
export async function downloadByShell(
  port: ShellTransferPort,
  { path, offset, maxBytes }: { path: string; offset: number; maxBytes: number | undefined },
  write: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const command = await port.command(
    `LC_ALL=C; export LC_ALL; p=${quote(path)}
if [ -d "$p" ]; then echo "Is a directory" >&2; exit 1; fi
exec <"$p" || exit 1
${maxBytes === undefined ? `exec tail -c +${offset + 1}` : `tail -c +${offset + 1} | head -c ${maxBytes}`}`,
    { signal },
  );
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal?.reason)));
  try {
    command.end();
    for await (const chunk of command as AsyncIterable<Buffer>) await write(chunk);
    const { code } = await command.ended;
    if (code !== 0) throw fileError(command.said, port.node, path, 'read');
  } finally {
    forget();
    command.destroy();
  }
}

/** Why a file cannot be written, which sftp calls a failure and no more: the shell's message for some bytes beside it. */
export async function writeProblem(port: ShellTransferPort, temporary: string): Promise<string> {
  const script = `LC_ALL=C; export LC_ALL; umask 077; t=${quote(`${temporary}-probe`)}
trap 'rm -f -- "$t"' EXIT
head -c ${PROBE_BYTES} /dev/zero >"$t"`;
  const { stderr } = await port.run(script, { timeoutMs: FINISH_MS });
  return stderr;
}
