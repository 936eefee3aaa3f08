import { quote } from '../../shared/shell-quote.ts';
import { shellPath } from './paths.ts';

/** What the script exits with where another file is there than the caller has read. */
export const FILE_CHANGED = 5;

/** What a file is to be replaced by, and what it must still be. */
export interface Replacement {
  path: string;
  /** Of the new content. */
  bytes: number;
  /** Of the content that was read. */
  sha256: string;
  /** As `statScript` has it, for a node that cannot compute a SHA-256; null: not known. */
  version: string | null;
  /** Letters and digits. */
  unique: string;
}

const functions = `sum() { { sha256sum || shasum -a 256 || openssl dgst -sha256 -r; } <"$1" 2>/dev/null | cut -c 1-64; }
facts() { stat -c "$1" -- "$3" 2>/dev/null || stat -f "$2" -- "$3" 2>/dev/null; }`;

/** Sets `q` to the file that a path leads to through links. */
const followLinks = `q=$p count=0
while [ -L "$q" ]; do
  count=$((count + 1)); [ "$count" -le 40 ] || { echo "Too many levels of symbolic links" >&2; exit 1; }
  to=$(readlink "$q"; echo .); to=\${to%??}
  case $to in /*) q=$to ;; *) q=\${q%/*}/$to ;; esac
done
[ -f "$q" ] || exit ${FILE_CHANGED}`;

/** The content decides; a time of a second's accuracy or a file that was only touched does not. */
const checkContent = (sha256: string, version: string | null): string => `have=$(sum "$q")
if [ "\${#have}" -eq 64 ]; then [ "$have" = ${sha256} ] || exit ${FILE_CHANGED}
else
${
  version === null
    ? '  echo "no program of this node computes a SHA-256" >&2; exit 1'
    : `  s=$(facts '%s %.9Y %i' '%z %m %i' "$q"); case $s in *[!0-9.\\ ]*) s=$(facts '%s %Y %i' '' "$q") ;; esac
  set -- $s; [ "\${1-}-\${2-}-\${3-}" = ${quote(version)} ] || exit ${FILE_CHANGED}`
}
fi`;

/** Once it has begun it ends: a signal would leave half of the content. What it held is kept where it cannot be put back. */
const writeInPlace = `cat -- "$q" >"$t/old" || exit 1
trap '' HUP INT TERM
if cat -- "$t/sent" >"$q"; then exit 0; fi
cat -- "$t/old" >"$q" || { trap - EXIT; echo "What it held is in $t/old" >&2; }
exit 1`;

/**
 * Replaces the content of a file by its input, if its content is what the caller has read. The new file is renamed into place and has
 * the mode, owner, group and access list of the old one. Where it could not have those, or the file has several names, it is written in
 * place as one writes with an editor; what it held is put back when that fails. The folder of its own keeps others from giving its files
 * to somebody else where all may write, as in /tmp.
 */
export function replaceScript({ path, bytes, sha256, version, unique }: Replacement): string {
  return `LC_ALL=C; export LC_ALL; umask 077
p=${shellPath(path)}
${functions}
${followLinks}
[ -r "$q" ] && [ -w "$q" ] || { echo "Permission denied" >&2; exit 1; }
folder=\${q%/*}; folder=\${folder:-/}; beside=1
[ -w "$folder" ] || { folder=\${TMPDIR:-/tmp} beside=; }
t=$folder/.tunel-edit-${unique}
mkdir -- "$t" || exit 1
trap 'rm -rf -- "$t"' EXIT; trap 'exit 1' HUP INT TERM
cat >"$t/sent" || exit 1
n=$(wc -c <"$t/sent") || exit 1
if [ "$n" -ne ${bytes} ]; then echo "$n of ${bytes} bytes arrived" >&2; exit 1; fi
${checkContent(sha256, version)}
if [ -n "$beside" ] && [ -O "$q" ] && [ "$(facts %h %l "$q")" = 1 ]; then
  cp -p -- "$q" "$t/new" || exit 1
  if [ "$(facts '%u %g' '%u %g' "$t/new")" = "$(facts '%u %g' '%u %g' "$q")" ]; then
    mode=$(facts %a %Lp "$q")
    cat -- "$t/sent" >"$t/new" && chmod -- "$mode" "$t/new" && mv -f -- "$t/new" "$q"
    exit
  fi
fi
${writeInPlace}
`;
}
