import type { RuntimeInfo } from '../../../shared/clusters.ts';
import type { LauncherName, RuntimeName } from '../../../shared/kinds.ts';
import { type ContainerLauncher, isContainerLauncher } from '../../../shared/legacy-launcher-names.ts';
import type { RecipeFile, RecipeSummary } from '../../../shared/recipes.ts';

const runtimeOf: Record<ContainerLauncher, RuntimeName> = {
  singularity: 'apptainer',
  docker: 'docker',
  podman: 'podman',
};
/** Docker's commands are Podman's too. */
const standIns: Partial<Record<ContainerLauncher, RuntimeName>> = { docker: 'podman', podman: 'docker' };

interface ContainerChoice {
  file: Pick<RecipeFile, 'launcher' | 'launchers_supported'>;
  /** Ours, as it was chosen. */
  launcher: LauncherName;
  /** What the user chose; `apptainer` is Tunel's `singularity`. */
  runtime: RuntimeName | '';
  /** null: never connected, nothing is ruled out. */
  found: readonly Pick<RuntimeInfo, 'name'>[] | null;
}

interface ContainerNames {
  /** Which of Tunel's container launchers this launch stands for; null: none. */
  as: ContainerLauncher | null;
  /**
   * The variable it adds to the template, with the program to call. Templates test `docker` for Podman too, so that it is
   * set for both, and holds the program that is there.
   */
  variables: Record<string, string>;
}

/** Runtimes whose program the script calls by itself; null: none. `isUsual`: with every launcher, whatever the user chose. */
export function scriptRuntimes(file: ContainerChoice['file']): RecipeSummary['scriptRuntimes'] {
  const names = [file.launcher, ...(file.launchers_supported ?? [])].filter(isContainerLauncher);
  if (names.length === 0) return null;
  return { names: [...new Set(names.map((name) => runtimeOf[name]))], isUsual: isContainerLauncher(file.launcher) };
}

/**
 * The user's choice where the recipe has it; the recipe's own launcher; for a launch on the login node of a recipe written
 * for a scheduler, the first of those it supports that can run here.
 */
export function containerNames({ file, launcher, runtime, found }: ContainerChoice): ContainerNames {
  const declared = [file.launcher, ...(file.launchers_supported ?? [])].filter(isContainerLauncher);
  const isHere = (name: RuntimeName) => found === null || found.some((each) => each.name === name);
  const canRun = (name: ContainerLauncher) => {
    const other = standIns[name];
    return isHere(runtimeOf[name]) || (other !== undefined && isHere(other));
  };
  const usual =
    isContainerLauncher(file.launcher) || launcher === 'login' ? (declared.find(canRun) ?? declared[0]) : undefined;
  const as = declared.find((name) => runtimeOf[name] === runtime) ?? usual ?? null;
  if (as === null) return { as, variables: {} };
  if (as === 'singularity') return { as, variables: { singularity: 'singularity' } };
  const [own, other] = as === 'docker' ? (['docker', 'podman'] as const) : (['podman', 'docker'] as const);
  return { as, variables: { docker: !isHere(own) && isHere(other) ? other : own } };
}
