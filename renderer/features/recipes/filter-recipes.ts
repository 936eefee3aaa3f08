import { folderRecipePrefix } from '../../../electron/shared/folders.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';

export interface RecipeFilter {
  text: string;
  category: string;
  /** Empty for all. */
  launcher: string;
}

/** Recipes that match every word of the text, the category and the launcher. */
export function filterRecipes(list: readonly RecipeSummary[], filter: RecipeFilter): RecipeSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter((recipe) => {
    if (filter.category && recipe.category !== filter.category) return false;
    if (filter.launcher && !recipe.launchers.includes(filter.launcher)) return false;
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
