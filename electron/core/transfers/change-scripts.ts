import { quote } from '../../shared/shell-quote.ts';
import { BLOCK, type BlockRange } from './resume-policy.ts';

const begin = 'LC_ALL=C; export LC_ALL';

/** Makes the folders of its input, which are ended by NUL. Prints those that failed, each with the message of the system. */
export const makeFoldersScript = `${begin}
xargs -0 sh -c ${quote(`mkdir -p -- "$@" 2>/dev/null && exit 0
for d; do e=$(mkdir -p -- "$d" 2>&1) || printf "%s\\0%s\\0" "$d" "$e"; done`)} sh
`;

/** Pairs that a script printed, each part ended by NUL: what was said by the paths. */
export function readPairs(text: string): Map<string, string> {
  const fields = text.split('\0');
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) pairs.set(fields[at] ?? '', fields[at + 1] ?? '');
  return pairs;
}

/** What a script exits with where nothing computes a SHA-256. */
export const HASH_MISSING = 4;

const findHash = `if command -v sha256sum >/dev/null 2>&1; then h=sha256sum
elif command -v shasum >/dev/null 2>&1; then h='shasum -a 256'
elif command -v openssl >/dev/null 2>&1; then h='openssl dgst -sha256 -r'
else exit ${HASH_MISSING}; fi`;

/** Prints the SHA-256 of whole blocks of a file, a line each; nothing where none can be had. */
export const blockScript = (path: string, { first, count }: BlockRange): string => `${begin}; p=${quote(path)}
${findHash}
size=$(wc -c <"$p" 2>/dev/null) || exit 0
i=${first}
while [ $i -lt ${first + count} ] && [ $(((i + 1) * ${BLOCK})) -le $size ]; do
  s=$(dd if="$p" bs=${BLOCK} skip=$i count=1 2>/dev/null | $h) || exit 0
  printf '%s\\n' "\${s%% *}"; i=$((i + 1))
done
`;

/** Prints the files of its input, which are ended by NUL, with their SHA-256; without those that cannot be read. */
export const hashScript = `${begin}
${findHash}; export h
exec xargs -0 sh -c ${quote(`for f; do s=$($h 2>/dev/null <"$f") && printf "%s\\0%s\\0" "$f" "\${s%% *}"; done; exit 0`)} sh
`;

/** Makes a link in place of a file or link of its name. */
export const linkScript = (path: string, text: string): string => `${begin}; p=${quote(path)}
if [ -d "$p" ] && [ ! -L "$p" ]; then echo "Is a directory" >&2; exit 1; fi
rm -f -- "$p" && exec ln -s -- ${quote(text)} "$p"
`;

/** Gives a complete file its mode, its time and its name, once it is on the disk. */
export function finishScript(
  part: string,
  path: string,
  { mode, modified }: { mode: number; modified: number },
): string {
  // POSIX knows no other form of time that every touch takes.
  const time = new Date(Math.max(modified, 0)).toISOString().replace(/[-T:]/g, '').slice(0, 14);
  const touched = `${time.slice(0, 12)}.${time.slice(12)}`;
  return `${begin}; t=${quote(part)}; p=${quote(path)}
if [ -d "$p" ]; then echo "Is a directory" >&2; exit 1; fi
dd if=/dev/null of="$t" conv=notrunc,fsync 2>/dev/null
TZ=UTC0 touch -m -t ${touched} -- "$t"
chmod ${mode.toString(8)} "$t" && exec mv -f -- "$t" "$p"
`;
}
