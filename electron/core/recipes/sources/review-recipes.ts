import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RecipeReview, SourceReview } from '../../../shared/sources.ts';
import { createRecipeLibrary } from '../library.ts';
import { lintRecipe } from '../lint/lint-recipe.ts';
import { recipesInFolders } from '../recipe-folders.ts';
import type { Render } from '../types.ts';
import { findingLine, hasChanged, mayDo } from './review-policy.ts';

interface ReviewDeps {
  /** The app's shared includes. */
  includes: string;
  render: Render;
}

/** What the recipes of a fetched folder may do, and how they differ from those in `before`. */
export async function reviewRecipes(
  folder: string,
  before: string | null,
  deps: ReviewDeps,
  signal: AbortSignal,
): Promise<Pick<SourceReview, 'recipes' | 'problems'>> {
  const library = createRecipeLibrary([
    recipesInFolders({ folders: () => [{ path: folder, source: 'review' }], includes: deps.includes }),
  ]);
  const old = before ? hashes(before) : new Map<string, string>();
  const now = hashes(folder);
  const recipes: RecipeReview[] = [];
  for (const { name } of library.list()) {
    const recipe = library.get(name);
    const isOld = old.has(`${name}/app.yaml`);
    const change = !isOld ? 'new' : hasChanged(name, old, now) ? 'changed' : 'same';
    const { findings } = await lintRecipe(recipe, deps.render, signal);
    recipes.push({
      name,
      title: recipe.summary.title,
      change,
      may: mayDo(recipe, deps.render, findings),
      findings: findings.map((finding) => ({ level: finding.level, line: findingLine(folder, finding) })),
    });
  }
  for (const path of old.keys()) {
    if (!path.endsWith('/app.yaml') || now.has(path)) continue;
    const name = path.slice(0, -'/app.yaml'.length);
    recipes.push({ name, title: name, change: 'removed', may: [], findings: [] });
  }
  const problems = library.problems().map(({ file: path, line, message }) => {
    return `${relative(folder, path)}${line === null ? '' : `:${line}`}: ${message}`;
  });
  return { recipes, problems };
}

/** Path -> hash of every file below a folder. */
function hashes(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    paths.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}
