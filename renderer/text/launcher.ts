import type { LauncherInfo, RuntimeInfo } from '../../electron/shared/clusters.ts';
import { unprovenLaunchers } from '../../electron/shared/kinds.ts';
import { isLauncher, launcherLabels, runtimeLabels } from '../../electron/shared/launcher-features.ts';

export const isExperimental = (name: string): boolean => isLauncher(name) && unprovenLaunchers.includes(name);

/** The same words wherever such a launcher is named. */
export const experimentalLabel = 'experimental';

/** `Slurm 24.11.5`. The login node's version is the tool that starts processes there, which tells a user nothing. */
export function launcherTitle({ name, version }: Pick<LauncherInfo, 'name' | 'version'>): string {
  return name === 'login' || version === '' ? launcherLabels[name] : `${launcherLabels[name]} ${version}`;
}

/** `Apptainer 1.4.5`, or `Singularity 3.8` where it goes by its older name. */
export function runtimeTitle({ name, version, program }: RuntimeInfo): string {
  const word = /(^|\/)singularity$/.test(program) ? 'Singularity' : runtimeLabels[name];
  return version === '' ? word : `${word} ${version}`;
}
