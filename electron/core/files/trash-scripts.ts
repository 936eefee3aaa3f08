import { AppError } from '../../shared/errors.ts';
import { decodeName } from '../../shared/file-names.ts';
import { TRASH_DAYS, TRASH_FOLDER, type TrashedFile } from '../../shared/files.ts';
import { quoteName } from '../../shared/quote-name.ts';
import { begin, checkExists, checkNotHome } from './change-scripts.ts';
import { shellPath, splitFields, splitPath } from './paths.ts';

/** What the scripts exit with for the trash itself, or for what is in it. */
export const IN_TRASH = 4;

/**
 * Sets `trash`, the folder for things in `$here`: in the home directory where that is on the same disk, so that nothing is copied;
 * elsewhere in the highest folder above it that the user owns. In a folder of several users each has a trash of their own.
 */
const findTrash = `device() { stat -c %d -- "$1" 2>/dev/null || stat -f %d -- "$1" 2>/dev/null; }
home=$(cd -P -- "$HOME" && pwd -P && echo .) || exit 1; home=\${home%??}
top=$here
if [ "$(device "$home")" = "$(device "$here")" ] && [ -w "$home" ]; then top=$home; else
  while [ "$top" != / ]; do
    up=$(dirname -- "$top")
    if [ -O "$up" ] && [ -w "$up" ] && [ "$(device "$up")" = "$(device "$top")" ]; then top=$up; else break; fi
  done
fi
trash=\${top%/}/${TRASH_FOLDER}
if [ -e "$trash" ] || [ -L "$trash" ]; then [ -O "$trash" ] || trash=$trash-$(id -u); fi`;

/** What the path of something in a trash is like, as a pattern of the shell. */
const inTrash = (rest: string): string => `*/${TRASH_FOLDER}/${rest} | */${TRASH_FOLDER}-[0-9]*/${rest}`;

const goTo = (folder: string): string =>
  `here=$(cd -P -- ${shellPath(folder)} && pwd -P && echo .) || exit 1; here=\${here%??}`;

/** Puts something in the trash and prints the folder of the trash that holds it. `id`: what that is called. */
export function trashScript(path: string, id: string): string {
  const { folder, name } = splitPath(path);
  return `${begin}; p=${shellPath(path)}
${checkExists('p')}
${checkNotHome('p')}
${goTo(folder)}; name=${quoteName(name)}
case $here/$name/ in ${inTrash('*')}) exit ${IN_TRASH} ;; esac
${findTrash}
hold=$trash/${id}
umask 077
mkdir -p -- "$trash" || exit 1
if [ ! -O "$trash" ]; then echo "Permission denied" >&2; exit 1; fi
mkdir -- "$hold" "$hold/content" && printf '%s' "\${here%/}/$name" >"$hold/path" || exit 1
if ! mv -- "\${here%/}/$name" "$hold/content/"; then rm -f -- "$hold/path"; rmdir -- "$hold/content" "$hold" 2>/dev/null; exit 1; fi
(find "$trash/." ! -name . -prune -type d -mtime +${TRASH_DAYS - 1} -exec rm -rf -- {} + </dev/null >/dev/null 2>&1) &
printf '%s\\0' "$hold"
`;
}

/** Puts something back where it was, which must be free, and prints that path. */
export function restoreScript(trash: string): string {
  return `${begin}; hold=${shellPath(trash)}
case $hold in ${inTrash('?*')}) ;; *) exit ${IN_TRASH} ;; esac
[ -f "$hold/path" ] || { ls -d -- "$hold/path" >/dev/null; exit 1; }
p=$(cat -- "$hold/path"; echo .); p=\${p%?}
if [ -e "$p" ] || [ -L "$p" ]; then echo "File exists" >&2; exit 1; fi
held=
for found in "$hold/content"/* "$hold/content"/.[!.]* "$hold/content"/..?*; do
  if [ -e "$found" ] || [ -L "$found" ]; then held=$found; break; fi
done
if [ -z "$held" ]; then echo "No such file or directory" >&2; exit 1; fi
mkdir -p -- "\${p%/*}/" && mv -- "$held" "$p" || exit 1
rm -f -- "$hold/path"; rmdir -- "$hold/content" "$hold"
printf '%s\\0' "$p"
`;
}

/** `text` prints its input without a process, since a trash may hold very many things. */
const printText = `text() { end=; while IFS= read -r line; do printf '%s%s' "$end" "$line"; end='
'; done; printf '%s%s' "$end" "$line"; }`;

/** Prints what is in the trash for a folder and in that of the home directory: the folder that holds it, and where it was. */
export function trashedScript(path: string): string {
  return `${begin}
${goTo(path)}
${findTrash}
${printText}
list() { [ -O "$1" ] || return 0; for hold in "$1"/*; do [ -f "$hold/path" ] || continue; printf '%s\\0' "$hold"; text <"$hold/path"; printf '\\0'; done; }
list "$trash"
if [ "$trash" != "$home/${TRASH_FOLDER}" ]; then list "$home/${TRASH_FOLDER}"; fi
exit 0
`;
}

/** The name of a folder of the trash, with the time it begins at; `unique`: letters and digits. */
export const trashId = (now: number, unique: string): string => `${now.toString(36)}-${unique}`;

function timeOf(trash: string): number | null {
  const [, time = ''] = /\/([0-9a-z]{8,9})-[0-9a-z]+$/.exec(trash) ?? [];
  return time === '' ? null : Number.parseInt(time, 36);
}

/** What `trashedScript` printed, the newest first. */
export function readTrashed(output: Uint8Array): TrashedFile[] {
  const fields = splitFields(output).map(decodeName);
  const found: TrashedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const trash = fields[at] ?? '';
    found.push({ trash, path: fields[at + 1] ?? '', trashedAt: timeOf(trash) });
  }
  return found.sort((one, other) => (other.trashedAt ?? 0) - (one.trashedAt ?? 0));
}

/** The one path that a script printed. @throws AppError `command-failed` */
export function readPath(output: Uint8Array): string {
  const [path = ''] = splitFields(output).map(decodeName);
  if (path.startsWith('/')) return path;
  throw new AppError('command-failed', 'The cluster did not say where a file is now.', {
    detail: Buffer.from(output).toString().slice(0, 1000),
  });
}
