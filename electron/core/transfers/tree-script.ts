import { StringDecoder } from 'node:string_decoder';
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

/** What `treeScript` exits with where there is nothing, and where a folder on the way cannot be entered. */
export const NOTHING_THERE = 3;
export const NOT_ENTERED = 4;

const checkThere = `if [ ! -e "$p" ] && [ ! -L "$p" ]; then
  d=$(dirname -- "$p"); while [ ! -d "$d" ] && [ "$d" != / ] && [ "$d" != . ]; do d=$(dirname -- "$d"); done
  [ -x "$d" ] && exit ${NOTHING_THERE}; exit ${NOT_ENTERED}
fi`;

/**
 * Prints everything at and below a path; of folders that cannot be read `E` and their names, too; at last `.` and what find
 * exited with.
 */
export function treeScript(path: string, follows: boolean): string {
  const flag = follows ? '-L' : '-P';
  return `${begin}; p=${quote(path)}
${checkThere}
if find . -prune -ignore_readdir_race -readable -executable -printf '' 2>/dev/null; then
  find ${flag} "$p" -ignore_readdir_race -printf ${format} -type d ! \\( -readable -executable \\) -printf 'E %P\\0\\0' -prune
else
  l=${follows ? 'L' : ''}; export l
  case $p in */) skip=$(printf %s "$p" | wc -c) ;; *) skip=$(printf %s/ "$p" | wc -c) ;; esac
  find ${flag} "$p" -exec sh -c ${quote(`${describe}
for f; do
  if [ -d "$f" ] && { [ "$l" ] || [ ! -L "$f" ]; } && ! { [ -r "$f" ] && [ -x "$f" ]; }; then
    n=$(printf %s. "$f" | tail -c +$skip); printf "E %s\\0\\0" "\${n%.}"
  fi
done`)} sh $((skip + 1)) {} +
fi
printf '. %s\\0\\0' $?
`;
}

/** Prints a path alone, as `treeScript` does. */
export const entryScript = (path: string, follows: boolean): string => `${begin}; p=${quote(path)}
${checkThere}
if find . -prune -printf '' 2>/dev/null; then exec find ${follows ? '-L' : '-P'} "$p" -prune -printf ${format}; fi
l=${follows ? 'L' : ''}; export l
exec sh -c ${quote(describe)} sh $(($(printf %s/ "$p" | wc -c) + 1)) "$p"
`;

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

/** Takes pairs out of what a command prints, each part ended by NUL, as it comes. */
export class PairReader {
  readonly #onPair: (first: string, second: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #first: string | null = null;

  constructor(onPair: (first: string, second: string) => void) {
    this.#onPair = onPair;
  }

  add(chunk: Buffer): void {
    const fields = (this.#rest + this.#decoder.write(chunk)).split('\0');
    this.#rest = fields.pop() ?? '';
    for (const field of fields) {
      if (this.#first === null) this.#first = field;
      else {
        this.#onPair(this.#first, field);
        this.#first = null;
      }
    }
  }
}

/** What `treeScript` prints. */
export class TreeReader {
  readonly files: FoundFile[] = [];
  /** Names of folders that cannot be read. */
  readonly unread: string[] = [];
  /** What find exited with; null: it has not come to its end. */
  exitCode: number | null = null;

  readonly add = (line: string, link: string): void => {
    // No kind of a file is an E, and the name after it may look like an entry.
    if (line.startsWith('E ')) this.unread.push(line.slice(2));
    else if (line.startsWith('. ')) this.exitCode = Number(line.slice(2));
    else {
      const entry = readEntry(line, link);
      if (entry) this.files.push(entry);
    }
  };
}

/** What `lookScript` prints: entries by their whole paths. */
export class LookReader {
  readonly found = new Map<string, FoundFile>();
  #folder: string | null = null;

  readonly add = (line: string, link: string): void => {
    if (this.#folder === null) this.#folder = line;
    else if (line === '') this.#folder = null;
    else {
      const entry = readEntry(line, link);
      if (entry) this.found.set(`${this.#folder === '/' ? '' : this.#folder}/${entry.name}`, entry);
    }
  };
}
