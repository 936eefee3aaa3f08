import { quote } from '../../shared/shell-quote.ts';
import type { FileKind, FoundFile } from './types.ts';

const begin = 'LC_ALL=C; export LC_ALL';

/** As the format of GNU find: kind, kind behind a link, size, time, mode, name from the root on; then what a link says. */
const format = `'%y %Y %s %T@ %m %P\\0%l\\0'`;

/**
 * The same for finds that cannot print it, for the paths in the arguments after the length of what comes before their names.
 * GNU and BusyBox know `stat -c`, BSD and macOS `stat -f`.
 */
const describe = `skip=$1; shift; for f; do
  y=; if [ -L "$f" ]; then y=l; fi
  if [ -d "$f" ]; then t=d; elif [ -f "$f" ]; then t=f; elif [ -e "$f" ]; then t=o; else t=N; fi
  follow=; if [ "$l" = L ]; then y=; follow=-L; fi
  s=$(stat $follow -c "%s %Y %a" -- "$f" 2>/dev/null || stat $follow -f "%z %m %Lp" -- "$f" 2>/dev/null || echo "0 0 600")
  n=$(printf %s. "$f" | tail -c +$skip); n=\${n%.}
  r=; [ "$y" != l ] || r=$(readlink -- "$f")
  printf "%s %s %s %s\\0%s\\0" "\${y:-$t}" "$t" "$s" "$n" "$r"
done`;

/** Prints everything at and below a path; fails where something could not be looked at. */
export function treeScript(path: string, follows: boolean): string {
  const flag = follows ? '-L' : '-P';
  return `${begin}; p=${quote(path)}
if find . -prune -printf '' 2>/dev/null; then exec find ${flag} "$p" -printf ${format}; fi
l=${follows ? 'L' : ''}; export l
case $p in */) skip=$(printf %s "$p" | wc -c) ;; *) skip=$(printf %s/ "$p" | wc -c) ;; esac
exec find ${flag} "$p" -exec sh -c ${quote(describe)} sh $((skip + 1)) {} +
`;
}

/** Prints what is directly in each folder of its input, which are ended by NUL: the folder, then its entries, then an empty name. */
export const lookScript = `${begin}; l=; describe=${quote(describe)}; export l describe
if find . -prune -printf '' 2>/dev/null; then g=1; else g=; fi; export g
exec xargs -0 sh -c ${quote(`for d; do
  [ -d "$d" ] || continue
  printf "%s\\0\\0" "$d"
  if [ "$g" ]; then find "$d/" -mindepth 1 -maxdepth 1 -printf ${format} 2>/dev/null
  else ( cd -- "$d" && find . ! -name . -prune -exec sh -c "$describe" sh 3 {} + ) 2>/dev/null
  fi
  printf "\\0\\0"
done`)} sh
`;

const kinds: Record<string, FileKind> = { d: 'folder', f: 'file', l: 'link' };

/** One entry of `treeScript`; null: it is none. */
export function readEntry(line: string, link: string): FoundFile | null {
  const [, own = '', target = '', size = '', time = '', mode = '', name = ''] =
    /^(\w) (\w|\?) (\d+) (-?[\d.]+) ([0-7]+) (.*)$/s.exec(line) ?? [];
  if (own === '') return null;
  const kind = kinds[own] ?? 'other';
  return {
    name,
    kind,
    leadsTo: kinds[target] ?? 'other',
    size: kind === 'file' ? Number(size) : 0,
    modified: Math.round(Number(time) * 1000),
    mode: Number.parseInt(mode, 8) & 0o777,
    link: kind === 'link' ? link : null,
  };
}

/** What `treeScript` printed. */
export function readTree(text: string): FoundFile[] {
  const fields = text.split('\0');
  const files: FoundFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const entry = readEntry(fields[at] ?? '', fields[at + 1] ?? '');
    if (entry) files.push(entry);
  }
  return files;
}

/** What `lookScript` printed: entries by their whole paths. */
export function readLook(text: string): Map<string, FoundFile> {
  const fields = text.split('\0');
  const found = new Map<string, FoundFile>();
  let folder: string | null = null;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const line = fields[at] ?? '';
    if (folder === null) folder = line;
    else if (line === '') folder = null;
    else {
      const entry = readEntry(line, fields[at + 1] ?? '');
      if (entry) found.set(`${folder === '/' ? '' : folder}/${entry.name}`, entry);
    }
  }
  return found;
}

/** What find could not look at, by its own messages. */
export function readFindErrors(text: string): { path: string; message: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, path, message] = /^find: ['\u2018"]?(.+?)['\u2019"]?: (.+)$/.exec(line) ?? [];
    return path === undefined || message === undefined ? [] : [{ path, message }];
  });
}
