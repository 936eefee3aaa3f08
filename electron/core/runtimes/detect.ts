import type { RuntimeInfo } from '../../shared/clusters.ts';
import { runtimeNameSchema } from '../../shared/kinds.ts';
import { needLoginVariables, takeLoginFunction } from '../ssh/shells/login-variables.ts';
import type { Shell } from '../ssh/types.ts';

/**
 * One line a runtime: `name|program|version`. What a plain shell does not find is looked for on the login shell's path,
 * and then reported with its whole path. `docker` counts only with a daemon that answers, and not where it is Podman's
 * imitation; Podman is not tried, since its first run leaves a process and a store behind.
 */
const script = `LC_ALL=C
export LC_ALL
plain=$PATH
find_tools() {
  apptainer=$(command -v apptainer || command -v singularity)
  podman=$(command -v podman)
  docker=$(command -v docker)
  [ -n "$apptainer$podman$docker" ]
}
if ! find_tools; then
${needLoginVariables}
${takeLoginFunction}
  take_login PATH
  find_tools
fi
limit=; ! command -v timeout >/dev/null 2>&1 || limit='timeout 5'
report() {
  name=\${2##*/}
  [ "$(PATH=$plain command -v "$name")" != "$2" ] || set -- "$1" "$name" "$3"
  printf '%s|%s|%s\\n' "$1" "$2" "$3"
}
number() { sed -n 's/^[^0-9]*\\([0-9][0-9A-Za-z.+~-]*\\).*/\\1/p' | head -n 1; }
[ -z "$apptainer" ] || report apptainer "$apptainer" "$("$apptainer" --version 2>/dev/null | number)"
[ -z "$podman" ] || report podman "$podman" "$("$podman" --version 2>/dev/null | number)"
if [ -n "$docker" ] && ! "$docker" --version 2>&1 | grep -qi podman; then
  version=$($limit "$docker" version --format '{{.Server.Version}}' 2>/dev/null </dev/null) && [ -n "$version" ] && report docker "$docker" "$version"
fi
exit 0
`;

/** Container runtimes on the login node; compute nodes may differ. */
export async function detectRuntimes(shell: Shell, signal?: AbortSignal): Promise<RuntimeInfo[]> {
  const { stdout } = await shell.run(script, { signal, timeoutMs: 30_000 });
  return stdout.split('\n').flatMap((line): RuntimeInfo[] => {
    const [name, program = '', version = ''] = line.split('|');
    const known = runtimeNameSchema.safeParse(name);
    return known.success && program !== '' ? [{ name: known.data, program, version }] : [];
  });
}
