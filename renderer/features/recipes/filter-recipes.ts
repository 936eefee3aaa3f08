import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { folderRecipePrefix } from '../../../electron/shared/folders.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';

export interface RecipeFilter {
  text: string;
  category: string;
  /** A launcher's name, `cluster:<id>`, or empty for all. */
  worksOn: string;
}

/** Launchers a cluster is known to have; the login node can always run things. Null while nothing is known of it. */
function launchersOf(cluster: ClusterState | undefined): string[] | null {
  if (!cluster?.facts) return null;
  return [...new Set(['login', ...cluster.facts.launchers.map((launcher) => launcher.name)])];
}

/** Recipes that match every word of the text, the category and the place. */
export function filterRecipes(list: RecipeSummary[], filter: RecipeFilter, clusters: ClusterState[]): RecipeSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const cluster = filter.worksOn.startsWith('cluster:')
    ? clusters.find((entry) => `cluster:${entry.cluster.id}` === filter.worksOn)
    : undefined;
  const here = cluster ? launchersOf(cluster) : filter.worksOn ? [filter.worksOn] : null;
  return list.filter((recipe) => {
    if (filter.category && recipe.category !== filter.category) return false;
    if (here && !recipe.launchers.some((launcher) => here.includes(launcher))) return false;
    const text = `${recipe.title} ${recipe.name} ${recipe.description} ${recipe.category}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Categories with how many recipes each has, most first. */
export function categories(list: RecipeSummary[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { category } of list) if (category) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

/** Where a recipe comes from, short enough for its card; null: it ships with the app, or is a folder of the user's. */
export function originOf({ name, source }: RecipeSummary): string | null {
  if (source === 'shipped' || name.startsWith(folderRecipePrefix)) return null;
  // Of an address or a path the end tells more than the beginning.
  const parts = source
    .replace(/(\.git)?\/*$/, '')
    .split(/[/:]/)
    .filter(Boolean);
  return parts.slice(-2).join('/') || source;
}
