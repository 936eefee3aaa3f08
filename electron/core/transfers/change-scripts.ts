import { quote } from '../../shared/shell-quote.ts';
import { BLOCK, type BlockRange } from './resume-policy.ts';
import type { NewFolder, PlannedItem } from './types.ts';

const begin = 'LC_ALL=C; export LC_ALL';

/** Makes the folders of its input, which are ended by NUL. Prints those that failed, each with the message of the system. */
export const makeFoldersScript = `${begin}
xargs -0 sh -c ${quote(`mkdir -p -- "$@" 2>/dev/null && exit 0
for d; do e=$(mkdir -p -- "$d" 2>&1) || printf "%s\\0%s\\0" "$d" "$e"; done`)} sh
`;

/** Takes rights away from the folders of its input, which are ended by NUL. `change`: as chmod takes it. */
export const closeFoldersScript = (change: string): string => `${begin}; exec xargs -0 chmod ${change} --
`;

/** Paths by what chmod takes away from others there: what they could not look into before, they cannot look into then. */
export function foldersByChange(folders: readonly NewFolder[]): Map<string, string[]> {
  const byChange = new Map<string, string[]>();
  for (const { path, mode } of folders) {
    const change = [rightsTaken('g', mode >> 3), rightsTaken('o', mode)].filter((part) => part !== '').join(',');
    if (change === '') continue;
    const some = byChange.get(change);
    if (some) some.push(path);
    else byChange.set(change, [path]);
  }
  return byChange;
}

/** Writing is left to the umask there where reading is allowed. */
function rightsTaken(who: string, mode: number): string {
  const rights = `${mode & 4 ? '' : 'rw'}${mode & 1 ? '' : 'x'}`;
  return rights === '' ? '' : `${who}-${rights}`;
}

/** Pairs that a script printed, each part ended by NUL: what was said by the paths. */
export function readFields(text: string): Map<string, string> {
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

type FinishedItem = Pick<PlannedItem, 'kind' | 'target' | 'size' | 'mode' | 'modified' | 'link' | 'existing'>;

/** What has come to a name that was free is kept, unless `isSame` of the shell says that it is the same copy. */
const checkFree = ({ existing }: FinishedItem, isSame: string): string =>
  existing === null
    ? `if { [ -e "$p" ] || [ -L "$p" ]; } && ! { ${isSame}; }; then echo "File exists" >&2; exit 1; fi`
    : '';

/** Makes a link as `part` and gives it its name, in place of a file or link that has it. */
export const linkScript = (part: string, item: FinishedItem): string => `${begin}
t=${quote(part)}; p=${quote(item.target)}; l=${quote(item.link ?? '')}
if [ -d "$p" ] && [ ! -L "$p" ]; then echo "Is a directory" >&2; exit 1; fi
${checkFree(item, '[ "$(readlink -- "$p")" = "$l" ]')}
trap 'rm -f -- "$t"' EXIT
rm -f -- "$t"; ln -s -- "$l" "$t" || exit 1
# mv goes into a folder that a link leads to.
if [ -L "$p" ]; then rm -f -- "$p" || exit 1; fi
mv -f -- "$t" "$p"
`;

/** What `finishScript` exits with where what is there is as new. */
export const KEPT_NEWER = 5;

/** Removes what attempts that were ended have left in the destination. */
export const removeStagingScript = (destination: string, transferId: string): string =>
  `cd -- ${quote(destination)} 2>/dev/null || exit 0; rm -rf -- ./${stagingName(transferId, '*')}`;

/** A folder of a destination for small files that are not complete. `attempt`: letters and digits. */
export const stagingName = (transferId: string, attempt: string): string =>
  `.tunel-${transferId.slice(0, 8)}-${attempt}.part`;

/** Gives a complete file its mode, its time and its name, once it is on the disk. */
export function finishScript(part: string, item: FinishedItem, keepsNewer: boolean): string {
  // POSIX knows no other form of time that every touch takes.
  const time = new Date(Math.max(item.modified, 0)).toISOString().replace(/[-T:]/g, '').slice(0, 14);
  const touched = `${time.slice(0, 12)}.${time.slice(12)}`;
  const isSame = `[ -f "$p" ] && [ ! -L "$p" ] && cmp -s "$t" "$p"`;
  return `${begin}; t=${quote(part)}; p=${quote(item.target)}
if [ -d "$p" ]; then echo "Is a directory" >&2; exit 1; fi
n=$(wc -c <"$t") || exit 1
if [ "$n" -ne ${item.size} ]; then echo "$n of ${item.size} bytes arrived" >&2; exit 1; fi
dd if=/dev/null of="$t" conv=notrunc,fsync 2>/dev/null
TZ=UTC0 touch -m -t ${touched} -- "$t"
${checkFree(item, isSame)}
${keepsNewer ? `if [ -e "$p" ] && ! [ "$t" -nt "$p" ]; then exit ${KEPT_NEWER}; fi` : ''}
chmod ${item.mode.toString(8)} "$t" && exec mv -f -- "$t" "$p"
`;
}
