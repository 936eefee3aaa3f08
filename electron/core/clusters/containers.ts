import type { FormChoice } from '../../shared/form-choices.ts';
import { quote } from '../../shared/shell-quote.ts';

const MARK = '@@tunel containers';
const MOST = 1000;
const own = ['', '/containers', '/images', '/sif', '/singularity', '/apptainer'];
const shared = ['/opt', '/shared', '/apps', '/software', '/sw', '/usr/local'];
const names = ['images', 'containers', 'singularity', 'apptainer', 'sif'];

/**
 * For the user's shell: image files in the folders where users and sites keep them. `more`: folders or files that the site or
 * the cluster's settings name.
 */
export function containersScript(more: readonly string[]): string {
  const folders = [
    ...own.map((name) => `"$HOME"${name}`),
    ...['"$WORK"', '"$SCRATCH"', '"$PROJECT"'].flatMap((root) => [root, `${root}/containers`, `${root}/images`]),
    ...shared.flatMap((root) => names.map((name) => `${root}/${name}`)),
    ...more.map((path) =>
      path === '~' || path.startsWith('~/') ? `"$HOME"${quote(path.slice(1) || '/')}` : quote(path),
    ),
  ];
  return `printf '\\n%s\\n' '${MARK}'
report() {
  [ -f "$1" ] && [ -r "$1" ] || return 0
  printf '%s\\t%s\\n' "$(stat -L -c %s -- "$1" || echo 0)" "$1"
}
for folder in ${folders.join(' ')}; do
  if [ -f "$folder" ]; then report "$folder"; continue; fi
  case $folder in /?*) ;; *) continue ;; esac
  [ -d "$folder" ] || continue
  for found in "$folder"/*.sif "$folder"/*.simg; do report "$found"; done
done | head -n ${MOST}
exit 0
`;
}

/** What `containersScript` printed: each image once, by its path. */
export function readContainers(text: string): FormChoice[] {
  const found = new Map<string, FormChoice>();
  const at = text.lastIndexOf(`${MARK}\n`);
  for (const line of at < 0 ? [] : text.slice(at).split('\n')) {
    const [, size = '', path = ''] = /^(\d+)\t(\/[^\p{Cc}]*)$/u.exec(line) ?? [];
    if (path === '' || found.has(path)) continue;
    const slash = path.lastIndexOf('/');
    const detail = [
      size === '0' ? '' : `${Math.max(1, Math.round(Number(size) / 1e6))} MB`,
      path.slice(0, slash) || '/',
    ];
    found.set(path, { value: path, label: path.slice(slash + 1), detail: detail.filter(Boolean).join(', ') });
  }
  return [...found.values()].sort((a, b) => a.label.localeCompare(b.label) || a.value.localeCompare(b.value));
}
