import type { FileEntry, FileList } from '../../shared/files.ts';
import { EntryReader } from './entry-reader.ts';
import { shellPath } from './paths.ts';

/** Entries that are given at once at most. */
export const MOST_ENTRIES = 20_000;
/** Bytes of a list that are read for each of them. */
const BYTES_EACH = 150;

/** Goes to a folder and prints its path, ended by NUL. Fails with the message of the system. */
const enter = (path: string, nearest: boolean): string => `LC_ALL=C; export LC_ALL; p=${shellPath(path)}
${nearest ? 'while [ ! -d "$p" ] && [ "$p" != / ] && [ "$p" != . ]; do p=$(dirname -- "$p"); done\n' : ''}cd -- "$p" 2>/dev/null || { ls -d -- "$p"/. >/dev/null || echo "Not a directory" >&2; exit 1; }
if [ ! -r . ]; then echo "Permission denied" >&2; exit 1; fi
pwd=$(pwd; echo .); printf '%s\\0' "\${pwd%??}"`;

/**
 * Prints the entries of the folder, each of three texts ended by NUL: kind, kind behind a link, size, time, mode and user number; the
 * name; where a link leads. GNU find says it all at once; elsewhere the shell looks, for kinds and names.
 */
const printEntries = `if find . -prune -printf '' 2>/dev/null; then
  find . ! -name . -prune -printf '%y%Y %s %T@ %m %U\\0%f\\0%l\\0' 2>/dev/null
else
  for f in * .[!.]* ..?*; do
    if [ -d "$f" ]; then t=d; elif [ -f "$f" ]; then t=f; elif [ -e "$f" ] || [ -L "$f" ]; then t=N; else continue; fi
    y=$t; [ ! -L "$f" ] || y=l
    printf '%s%s - - - -\\0%s\\0\\0' "$y" "$t" "$f"
  done
fi`;

/** Prints the folder's path and its first entries. `nearest`: a path that is no folder stands for the nearest one above it. */
export function listScript(path: string, nearest: boolean, limit = MOST_ENTRIES): string {
  return `${enter(path, nearest)}
${printEntries} | head -c ${limit * BYTES_EACH}
exit 0
`;
}

/** Prints the folder's path and all of its entries. */
export const listAllScript = (path: string): string => `${enter(path, false)}
${printEntries}
exit 0
`;

/** What `listScript` printed. */
export function readList(output: string | Uint8Array, limit = MOST_ENTRIES): FileList {
  const reader = new EntryReader();
  const entries = reader.push(typeof output === 'string' ? Buffer.from(output) : output);
  const isCut = !reader.isWhole || entries.length > limit;
  return { path: reader.path || '/', entries: entries.sort(inOrder).slice(0, limit), truncated: isCut };
}

const collator = new Intl.Collator('en', { numeric: true });
const rank = { folder: 0, file: 1, other: 1 };

/** Folders first, then by name. */
function inOrder(one: FileEntry, other: FileEntry): number {
  return rank[one.kind] - rank[other.kind] || collator.compare(one.name, other.name);
}
