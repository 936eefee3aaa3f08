import { quote } from '../../shared/shell-quote.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import type { Connection } from '../ssh/types.ts';
import { fileChanged } from './file-part-policy.ts';
import { FILE_CHANGED } from './replace-script.ts';

const LIMIT_MS = 60_000;

interface Placement {
  /** Where the complete file is now, and where it shall be: absolute, or from the home directory on. */
  temporary: string;
  path: string;
  /** Whether something may be there already. */
  replaces: boolean;
}

/**
 * A link is made only where nothing is. Where the file system has none, the name is taken by an empty file, which a shell makes only
 * where nothing is, either.
 */
const moveToNew = `if [ -d "$p" ]; then exit ${FILE_CHANGED}; fi
if ln -- "$t" "$p" 2>/dev/null; then rm -f -- "$t"; exit 0; fi
if [ -e "$p" ] || [ -L "$p" ]; then exit ${FILE_CHANGED}; fi
(set -C; : >"$p") || { if [ -e "$p" ]; then exit ${FILE_CHANGED}; fi; exit 1; }
mv -f -- "$t" "$p"`;

const moveOver = `if [ -d "$p" ]; then exit ${FILE_CHANGED}; fi
mv -f -- "$t" "$p"`;

export const placeScript = ({ temporary, path, replaces }: Placement): string =>
  `LC_ALL=C; export LC_ALL; umask 077
t=${quote(temporary)}; p=${quote(path)}
${replaces ? moveOver : moveToNew}
`;

/** Gives an uploaded file its name. @throws AppError `file-changed` where something is there that must not be, or as an upload */
export async function placeFile(
  connection: Pick<Connection, 'node' | 'run'>,
  placement: Placement,
  signal: AbortSignal,
): Promise<void> {
  const { exitCode, stderr } = await connection.run(placeScript(placement), { signal, timeoutMs: LIMIT_MS });
  if (exitCode === FILE_CHANGED) throw fileChanged(placement.path);
  if (exitCode !== 0) throw fileError(stderr, connection.node, placement.path, 'written');
}
