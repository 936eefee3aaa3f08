import type { FilePlace } from '../../shared/files.ts';
import { shellPath } from './paths.ts';

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
