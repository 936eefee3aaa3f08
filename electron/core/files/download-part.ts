import { hasOddBytes } from '../../shared/file-names.ts';
import type { Connection } from '../ssh/types.ts';
import { begin } from './change-scripts.ts';
import { sftpPath, shellPath } from './paths.ts';
import { readOutput } from './read-entries.ts';

export type Write = (chunk: Uint8Array) => Promise<void>;

interface Part {
  offset: number;
  /** undefined: to its end. */
  maxBytes: number | undefined;
  signal: AbortSignal;
}

/** Gives a part of a file and resolves with its size. SFTP is asked with text: a path that is none is read by a shell. */
export async function downloadPart(
  connection: Pick<Connection, 'node' | 'openCommand' | 'download'>,
  path: string,
  write: Write,
  { offset, maxBytes, signal }: Part,
): Promise<number> {
  if (!hasOddBytes(path)) return connection.download(sftpPath(path), write, { offset, maxBytes, signal });
  const script = `${begin}; p=${shellPath(path)}
if [ -d "$p" ]; then echo "Is a directory" >&2; exit 1; fi
exec <"$p" || exit 1
tail -c +${offset + 1}${maxBytes === undefined ? '' : ` | head -c ${maxBytes}`}
`;
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    return write(chunk);
  };
  await readOutput(connection, { script, path }, count, signal);
  return bytes;
}
