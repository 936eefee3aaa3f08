import type { LauncherName } from '../../../shared/kinds.ts';
import { isContainerLauncher, launcherOf } from '../../../shared/legacy-launcher-names.ts';
import type { RecipeFile } from '../../../shared/recipes.ts';

/** What a recipe of Tunel's is to its user: a page behind a socket or a port, a window of X, or a job that only runs. */
export type LegacyKind = 'socket' | 'port' | 'xserver' | 'batch';

const ours = ['title', 'icon', 'category', 'docs', 'requires', 'resources', 'serve', 'container'] as const;

/** Written for Tunel 0.0.18: it has none of our fields, so that everything it leaves unsaid is as it is there. */
export const isLegacy = (file: RecipeFile): boolean => ours.every((field) => file[field] === undefined);

/**
 * Tunel asks for no more than `needs`; that a port is listened on shows in the script (the include that sets it, or the
 * variable itself) or in the name (`slurm/port/jupyter`).
 */
export function kindOf(name: string, file: RecipeFile, template: string): LegacyKind {
  if (file.needs?.xserver) return 'xserver';
  if (file.needs?.socket) return 'socket';
  if (!isLegacy(file)) return 'batch';
  if (name.split('/').slice(0, -1).includes('port')) return 'port';
  return /network\/set-port\.sh|\{[{%][^{}%]*\bport\b/.test(template) ? 'port' : 'batch';
}

/** A script for the login node is one for the nodes of these as well: it needs the home directory and its program there. */
const alsoWith: readonly LauncherName[] = ['slurm', 'gridengine'];

/**
 * Ours that a recipe runs with, its own first. A recipe for a container launcher runs with any scheduler whose nodes share
 * the home directory, when the user or the cluster says so.
 */
export function launchersOf(file: Pick<RecipeFile, 'launcher' | 'launchers_supported'>): string[] {
  const declared = [file.launcher, ...(file.launchers_supported ?? [])];
  const more = declared.some(isContainerLauncher) ? alsoWith : [];
  return [...new Set([...declared.map(launcherOf), ...more])];
}
