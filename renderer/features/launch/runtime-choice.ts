import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { type RuntimeName, runtimeNames } from '../../../electron/shared/kinds.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';

/** Runtimes to offer: those found there, every one while nothing is known; no container is always possible. */
export function possibleRuntimes(cluster: ClusterState | undefined): RuntimeName[] {
  const facts = cluster?.facts;
  if (!facts) return [...runtimeNames];
  const found = facts.runtimes.map((runtime) => runtime.name);
  return runtimeNames.filter((name) => name === 'native' || found.includes(name));
}

/** A choice is worth showing where the recipe has a container, or an image can be given on a cluster that runs them. */
export const showsRuntime = (recipe: RecipeSummary, cluster: ClusterState | undefined): boolean =>
  recipe.image !== '' || (cluster?.facts?.runtimes.length ?? 0) > 0;
