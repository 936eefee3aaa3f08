import { type LauncherName, unprovenLaunchers } from './kinds.ts';
import type { LaunchProblem } from './launch-problems.ts';
import { isLauncher } from './launcher-features.ts';
import type { RecipeSummary } from './recipes.ts';

interface LauncherRequest {
  /** What the user chose; empty: nothing. */
  requested: LauncherName | '';
  clusterDefault: LauncherName | 'auto';
  /** `launchers`: its own first; it may name some that this version does not know. */
  recipe: Pick<RecipeSummary, 'title' | 'launchers'>;
  clusterName: string;
  /** Launchers found on the cluster; null: never connected, nothing is ruled out. */
  detected: readonly LauncherName[] | null;
}

export type LauncherChoice = { ok: true; launcher: LauncherName } | { ok: false; problem: LaunchProblem };

/** Launchers that the recipe, this version and, as far as it is known, the cluster have. Every cluster has a login node. */
export function availableLaunchers(
  recipe: Pick<RecipeSummary, 'launchers'>,
  detected: LauncherRequest['detected'],
): LauncherName[] {
  return recipe.launchers
    .filter(isLauncher)
    .filter((name) => detected === null || name === 'login' || detected.includes(name));
}

/**
 * The user's choice, else the cluster's default, else the recipe's first that is available. Of these a launcher that was
 * never run against a real scheduler is taken only if nothing but the login node is left.
 */
export function chooseLauncher(request: LauncherRequest): LauncherChoice {
  const { requested, clusterDefault, recipe, detected } = request;
  const available = availableLaunchers(recipe, detected);
  if (requested !== '') {
    if (available.includes(requested)) return { ok: true, launcher: requested };
    return { ok: false, problem: requestedProblem(requested, available, request) };
  }
  if (clusterDefault !== 'auto' && available.includes(clusterDefault)) return { ok: true, launcher: clusterDefault };
  const first = available[0];
  if (first === undefined) return { ok: false, problem: noneProblem(request) };
  const proven = available.find((name) => name !== 'login' && !unprovenLaunchers.includes(name));
  return { ok: true, launcher: unprovenLaunchers.includes(first) ? (proven ?? first) : first };
}

function requestedProblem(launcher: LauncherName, available: LauncherName[], request: LauncherRequest): LaunchProblem {
  const { recipe, clusterName, detected } = request;
  const field = 'launcher';
  if (!recipe.launchers.includes(launcher)) {
    return { code: 'launcher-unsupported', field, values: { recipe: recipe.title, launcher, available } };
  }
  const values = { launcher, cluster: clusterName, found: [...(detected ?? [])] };
  return { code: 'launcher-not-found', field, values };
}

function noneProblem({ recipe, clusterName, detected }: LauncherRequest): LaunchProblem {
  const values = { recipe: recipe.title, wanted: [...recipe.launchers] };
  if (!recipe.launchers.some(isLauncher)) return { code: 'launcher-unknown', field: 'launcher', values };
  const found = [...(detected ?? [])];
  return { code: 'no-launcher', field: 'launcher', values: { ...values, cluster: clusterName, found } };
}
