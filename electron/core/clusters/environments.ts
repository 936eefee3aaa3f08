import { z } from 'zod';
import type { FormChoice } from '../../shared/form-choices.ts';
import { quote } from '../../shared/shell-quote.ts';

const MARK = '@@tunel';
/** Folders of this depth below these are looked at, so that a large home costs a glance and no search. */
const usualFolders = [
  '"$HOME"',
  '"$HOME"/venvs',
  '"$HOME"/.venvs',
  '"$HOME"/envs',
  '"$HOME"/.virtualenvs',
  '"$WORKON_HOME"',
];

/** For the user's shell: conda's own list, the list conda keeps of all it made, and the virtual environments in the usual folders. */
export function environmentsScript(workDirectory: string): string {
  const folders = [...usualFolders, ...(workDirectory === '' ? [] : [quote(workDirectory)])];
  return `printf '\\n%s\\n' '${MARK} conda'
for tool in conda mamba micromamba "$CONDA_EXE" "$MAMBA_EXE"; do
  command -v "$tool" >/dev/null 2>&1 && "$tool" env list --json && break
done
printf '\\n%s\\n' '${MARK} list'
cat "$HOME/.conda/environments.txt"
printf '\\n%s\\n' '${MARK} venvs'
report() {
  [ -f "$1/pyvenv.cfg" ] && [ -x "$1/bin/python" ] || return 0
  version=$(sed -n 's/^version\\(_info\\)\\{0,1\\} *= *//p' "$1/pyvenv.cfg" | head -n 1)
  printf '%s\\t%s\\n' "$version" "$1"
}
for folder in ${folders.join(' ')}; do
  [ -n "$folder" ] && [ -d "$folder" ] || continue
  for found in "$folder" "$folder"/.venv "$folder"/venv "$folder"/* "$folder"/*/.venv "$folder"/*/venv; do report "$found"; done
done
printf '\\n%s\\n' '${MARK} end'
exit 0
`;
}

const condaSchema = z.object({ envs: z.array(z.string()), root_prefix: z.string().optional() });
const usable = (path: string) => /^\/[^\p{Cc}]*$/u.test(path);

/** What `environmentsScript` printed: each environment once, by the path of its folder. */
export function readEnvironments(text: string): FormChoice[] {
  const sections = new Map<string, string>();
  const parts = text.split(new RegExp(`^${MARK} (\\w+)$`, 'm'));
  for (let index = 1; index < parts.length; index += 2) sections.set(parts[index] ?? '', parts[index + 1] ?? '');
  const lines = (name: string) => (sections.get(name) ?? '').split('\n').map((line) => line.trim());
  const conda = [...condaPrefixes(sections.get('conda') ?? ''), ...lines('list')].filter(usable);
  const found = new Map<string, FormChoice>();
  for (const path of conda) {
    if (!found.has(path)) found.set(path, { value: path, label: nameOf(path), detail: `conda, ${path}` });
  }
  for (const line of lines('venvs')) {
    const [, version = '', path = ''] = /^([\w.]*)\t(.*)$/.exec(line) ?? (usable(line) ? ['', '', line] : []);
    if (!usable(path) || found.has(path)) continue;
    const python = /^\d+\.\d+(\.\d+)?/.exec(version)?.[0];
    found.set(path, { value: path, label: nameOf(path), detail: `${python ? `Python ${python}` : 'venv'}, ${path}` });
  }
  return [...found.values()].sort((a, b) => a.label.localeCompare(b.label) || a.value.localeCompare(b.value));
}

/** What conda prints before or after its JSON, as an old version's warnings, is left out. */
function condaPrefixes(text: string): string[] {
  const begin = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (begin < 0 || end < begin) return [];
  try {
    const parsed = condaSchema.safeParse(JSON.parse(text.slice(begin, end + 1)));
    return parsed.success ? parsed.data.envs : [];
  } catch {
    // Not the list: the environments it wrote down are in its own file as well.
    return [];
  }
}

/** The folder's name; of `project/.venv` the project's; conda's base by its own folder. */
function nameOf(path: string): string {
  const parts = path.split('/').filter(Boolean);
  const last = parts.at(-1) ?? path;
  return /^\.?(venv|env)$/.test(last) ? (parts.at(-2) ?? last) : last;
}
