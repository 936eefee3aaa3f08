import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { RecipeUse } from '../../../electron/shared/contract/history.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { describeMisfit } from './recipe-fit.ts';

interface RecipeGroups {
  favourites: RecipeSummary[];
  others: RecipeSummary[];
  /** Recipes that the cluster cannot run, each with the reason. */
  misfits: { recipe: RecipeSummary; reason: string }[];
}

interface GroupingInput {
  favourites: readonly string[];
  use: ReadonlyMap<string, RecipeUse>;
  /** The cluster they are to run on; undefined: any. */
  cluster: ClusterState | undefined;
}

/** Most used first, then used last, then in the order of the library. */
function byUse(use: GroupingInput['use']) {
  return (one: RecipeSummary, other: RecipeSummary): number => {
    const [a, b] = [use.get(one.name), use.get(other.name)];
    return (b?.times ?? 0) - (a?.times ?? 0) || (b?.lastAt ?? 0) - (a?.lastAt ?? 0);
  };
}

/** Recipes as their page shows them: favourites, the others, and those that the cluster cannot run. */
export function groupRecipes(list: readonly RecipeSummary[], input: GroupingInput): RecipeGroups {
  const groups: RecipeGroups = { favourites: [], others: [], misfits: [] };
  for (const recipe of list.toSorted(byUse(input.use))) {
    const reason = input.cluster ? describeMisfit(recipe, input.cluster) : null;
    if (reason !== null) groups.misfits.push({ recipe, reason });
    else if (input.favourites.includes(recipe.name)) groups.favourites.push(recipe);
    else groups.others.push(recipe);
  }
  return groups;
}
