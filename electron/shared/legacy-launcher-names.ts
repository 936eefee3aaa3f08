import type { LauncherName } from './kinds.ts';

/** The launchers of Tunel's that run a script on the login node, where it calls the container program by itself. */
const containerLaunchers = ['singularity', 'docker', 'podman'] as const;
export type ContainerLauncher = (typeof containerLaunchers)[number];
export const isContainerLauncher = (name: string): name is ContainerLauncher =>
  (containerLaunchers as readonly string[]).includes(name);

/** What Tunel calls a launcher, in our words; a name neither knows stays as it is. */
export function launcherOf(name: string): LauncherName | string {
  if (isContainerLauncher(name)) return 'login' satisfies LauncherName;
  if (name === 'condor') return 'htcondor' satisfies LauncherName;
  return name;
}
