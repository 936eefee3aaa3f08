import type { LaunchInput } from '../electron/shared/instances.ts';
import { type LauncherName, launcherNames, type RuntimeName } from '../electron/shared/kinds.ts';
import { launcherOf } from '../electron/shared/legacy-launcher-names.ts';

export interface LegacyLaunch {
  recipe: string;
  launcher: LauncherName | '';
  args: LaunchInput['args'];
}

/**
 * Tunel names an app by launcher, way and name (`slurm/socket/jupyter`); here the recipe is the last part, and the
 * launcher is an option. A recipe that is there under the full name stays as it is.
 */
export function parseLegacyName(name: string, args: LaunchInput['args'], known: readonly string[]): LegacyLaunch {
  const parts = name.split('/');
  const recipe = parts.at(-1) ?? name;
  if (parts.length < 2 || known.includes(name) || !known.includes(recipe)) return { recipe: name, launcher: '', args };
  return {
    recipe,
    launcher: parseLauncherName(parts[0] ?? '').launcher,
    args: recipe === 'jupyter' ? jupyterArgs(args) : args,
  };
}

const runtimes: Record<string, RuntimeName> = { singularity: 'apptainer', docker: 'docker', podman: 'podman' };

/** A launcher by our name or by Tunel's: of `singularity`, `docker` and `podman` the runtime remembers which it was. */
export function parseLauncherName(name: string): { launcher: LauncherName | ''; runtime: RuntimeName | '' } {
  const launcher = launcherNames.find((known) => known === launcherOf(name)) ?? '';
  return { launcher, runtime: runtimes[name] ?? '' };
}

/** Tunel's jupyter asks for Lab with `--jupyterlab=true`. */
function jupyterArgs({ jupyterlab, ...args }: LaunchInput['args']): LaunchInput['args'] {
  if (jupyterlab === undefined || 'interface' in args) return args;
  const lab = jupyterlab === true || /^(true|yes|1|lab)$/i.test(String(jupyterlab));
  return { ...args, interface: lab ? 'lab' : 'notebook' };
}
