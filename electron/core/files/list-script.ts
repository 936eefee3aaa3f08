import type { FileEntry, FileList, FilePlace } from '../../shared/files.ts';
import { shellPath } from './paths.ts';

/** Bytes of a list that are read; about 60,000 entries. */
const MOST_BYTES = 3_000_000;
/** Entries that are given. */
const MOST = 20_000;

/**
 * Prints the folder's path and then its entries, each ended by NUL: kind, kind behind a link, size, time, name. GNU find
 * says it all at once; elsewhere the shell looks, without sizes. `nearest`: a path that is no folder stands for the
 * nearest one above it. Fails with the message of the system.
 */
export function listScript(path: string, nearest: boolean): string {
  return `LC_ALL=C; export LC_ALL; p=${shellPath(path)}
${nearest ? 'while [ ! -d "$p" ] && [ "$p" != / ] && [ "$p" != . ]; do p=$(dirname -- "$p"); done\n' : ''}cd -- "$p" 2>/dev/null || { ls -d -- "$p"/. >/dev/null || echo "Not a directory" >&2; exit 1; }
if [ ! -r . ]; then echo "Permission denied" >&2; exit 1; fi
pwd=$(pwd; echo .); printf '%s\\0' "\${pwd%??}"
if find . -prune -printf '' 2>/dev/null; then
  find . ! -name . -prune -printf '%y%Y %s %T@ %f\\0' 2>/dev/null
else
  for f in * .[!.]* ..?*; do
    if [ -d "$f" ]; then t=d; elif [ -f "$f" ]; then t=f; elif [ -e "$f" ] || [ -L "$f" ]; then t=N; else continue; fi
    y=$t; [ ! -L "$f" ] || y=l
    printf '%s%s - - %s\\0' "$y" "$t" "$f"
  done
fi | head -c ${MOST_BYTES}
exit 0
`;
}

/** What `listScript` printed. */
export function readList(text: string): FileList {
  const [path = '/', ...rest] = text.split('\0');
  // Where the list was cut, the last entry is not whole.
  const cut = rest.pop() !== '' || rest.length > MOST;
  const entries = rest.flatMap((line) => readEntry(line) ?? []);
  return { path: path || '/', entries: entries.sort(inOrder).slice(0, MOST), truncated: cut };
}

const kinds: Record<string, FileEntry['kind']> = { d: 'folder', f: 'file' };

function readEntry(line: string): FileEntry | null {
  const [, own = '', target = '', size = '', modified = '', name = ''] =
    /^(.)(.) (\d+|-) (-?[\d.]+|-) (.+)$/s.exec(line) ?? [];
  if (name === '') return null;
  const isText = !/[\p{Cc}\ufffd]/u.test(name);
  const link = own === 'l';
  return {
    name,
    kind: (isText && kinds[target]) || 'other',
    link,
    size: link || own !== 'f' || size === '-' ? null : Number(size),
    modified: modified === '-' ? null : Math.round(Number(modified) * 1000),
  };
}

const collator = new Intl.Collator('en', { numeric: true });
const rank = { folder: 0, file: 1, other: 1 };

function inOrder(one: FileEntry, other: FileEntry): number {
  return rank[one.kind] - rank[other.kind] || collator.compare(one.name, other.name);
}

const MARK = '@@tunel places';

/** For the user's shell: folders that people keep their work in, by the names that sites give them. */
export function placesScript(workDirectory: string): string {
  return `printf '\\n%s\\n' '${MARK}'
report() { case $2 in /?*) [ -d "$2" ] && printf '%s\\t%s\\n' "$1" "$2" ;; esac; }
report Home "$HOME"
${workDirectory === '' ? '' : `report 'Work directory' ${shellPath(workDirectory)}\n`}user=$(id -un)
for path in "$WORK" "$WORKDIR" "/work/$user" "/work/$(id -gn)/$user"; do report Work "$path"; done
for path in "$SCRATCH" "$SCRATCHDIR" "/scratch/$user" "/scratch/users/$user" "/scratch/$(id -gn)/$user"; do report Scratch "$path"; done
for path in "$PROJECT" "$PROJECTDIR" "$PROJECT_HOME"; do report Project "$path"; done
exit 0
`;
}

/** What `placesScript` printed: each folder once, under its first name; two folders of a name with their own names. */
export function readPlaces(text: string): FilePlace[] {
  const at = text.lastIndexOf(`${MARK}\n`);
  const found = new Map<string, string>();
  for (const line of at < 0 ? [] : text.slice(at).split('\n')) {
    const [, name = '', path = ''] = /^([\w ]+)\t(\/[^\p{Cc}]*)$/u.exec(line) ?? [];
    if (name !== '' && !found.has(path)) found.set(path, name);
  }
  const all = [...found].map(([path, name]) => ({ name, path }));
  const doubled = (name: string) => all.filter((place) => place.name === name).length > 1;
  return all.map(({ name, path }) => ({ name: doubled(name) ? `${name} ${path}` : name, path }));
}
