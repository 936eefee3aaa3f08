import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { alternatives } from '../../../electron/shared/format.ts';
import { chooseLauncherFor } from '../../../electron/shared/launch-target.ts';
import { launcherLabel, launcherLabels } from '../../../electron/shared/launcher-features.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { targetOf } from '../launch/launch-values.ts';

type Runnable = Pick<RecipeSummary, 'title' | 'launchers'>;

const canRun = (recipe: Runnable, cluster: ClusterState): boolean =>
  chooseLauncherFor(recipe, '', targetOf(cluster, '')).ok;

/** Why a cluster cannot run a recipe, in a sentence; null: it can, or nothing is known of the cluster yet. */
export function describeMisfit(recipe: Runnable, cluster: ClusterState): string | null {
  if (canRun(recipe, cluster)) return null;
  const schedulers = (targetOf(cluster, '').facts?.launchers ?? []).filter(({ name }) => name !== 'login');
  const found =
    schedulers.length === 0 ? 'no scheduler' : schedulers.map(({ name }) => launcherLabels[name]).join(', ');
  return `Needs ${alternatives(recipe.launchers.map(launcherLabel))}; ${cluster.cluster.name} has ${found}.`;
}

/** Another cluster that can run it, a connected one first; undefined: none is known. */
export function alternativeFor(
  recipe: Runnable,
  cluster: ClusterState,
  clusters: readonly ClusterState[],
): ClusterState | undefined {
  const able = clusters.filter(
    (entry) => entry.cluster.id !== cluster.cluster.id && entry.facts !== null && canRun(recipe, entry),
  );
  return able.find((entry) => entry.connection.state === 'connected') ?? able[0];
}
