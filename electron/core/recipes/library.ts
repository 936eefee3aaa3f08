import { lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { RecipeFile, RecipeProblem, RecipeSummary } from '../../shared/recipes.ts';
import { readBelow, readTree } from './files.ts';
import { parseRecipeFile, recipeInvalid } from './recipe-file.ts';
import { kindOf, launchersOf } from './tunel/kind-policy.ts';
import type { Recipe, RecipeLibrary } from './types.ts';

export interface RecipeFolder {
  path: string;
  /** What the UI calls it, e.g. `shipped`. */
  source: string;
}

/** Reserved below a recipes folder: the shared includes. */
export const includesFolder = 'templates';
/** Reserved as well: what `tunel new` begins with. */
export const startersFolder = 'starters';
const maxDepth = 6;
const maxRecipes = 2000;

/** Recipes of several folders; where two have one name the first folder wins. `folders` is asked at each reload. */
export function createRecipeLibrary(folders: () => readonly RecipeFolder[]): RecipeLibrary {
  let recipes = new Map<string, Recipe>();
  let problems: RecipeProblem[] = [];

  const load = () => {
    const found = new Map<string, Recipe>();
    problems = [];
    for (const folder of folders()) {
      for (const path of findRecipeFiles(folder.path, problems)) {
        const name = relative(folder.path, dirname(path)).split(sep).join('/');
        if (found.has(name)) continue;
        try {
          const recipe = readRecipe(name, path, folder.source);
          if (Array.isArray(recipe)) problems.push(...recipe);
          else found.set(name, recipe);
        } catch (error) {
          problems.push({ recipe: name, file: path, line: null, field: '', message: AppError.from(error).message });
        }
      }
    }
    recipes = found;
  };
  load();

  return {
    list: () => [...recipes.values()].map((recipe) => recipe.summary).sort((a, b) => a.title.localeCompare(b.title)),
    problems: () => problems,
    get(name) {
      const exact = recipes.get(name);
      if (exact) return exact;
      const broken = problems.filter((problem) => problem.recipe === name);
      if (broken.length > 0) throw recipeInvalid(broken);
      const partly = name === '' ? [] : [...recipes.values()].filter((recipe) => recipe.summary.name.includes(name));
      if (partly.length === 1 && partly[0]) return partly[0];
      if (partly.length > 1) {
        throw new AppError('conflict', `“${name}” fits ${partly.length} recipes.`, {
          hint: `Name one of: ${partly.map((recipe) => recipe.summary.name).join(', ')}.`,
        });
      }
      throw new AppError('not-found', `There is no recipe “${name}”.`, {
        hint: `There are: ${[...recipes.keys()].sort().join(', ') || 'none'}.`,
      });
    },
    async reload() {
      load();
    },
  };
}

function findRecipeFiles(folder: string, problems: RecipeProblem[]): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    problems.push({ recipe: '', file: folder, line: null, field: '', message: 'This recipes folder does not exist.' });
    return [];
  }
  const found: string[] = [];
  const visit = (directory: string, depth: number) => {
    if (depth > maxDepth || found.length >= maxRecipes) return;
    const entries = readdirSync(directory).sort();
    // A recipe's own folder is not searched further: what is below belongs to it.
    if (depth > 0 && entries.includes('app.yaml')) {
      found.push(join(directory, 'app.yaml'));
      return;
    }
    for (const entry of entries) {
      if (entry.startsWith('.') || (depth === 0 && (entry === includesFolder || entry === startersFolder))) continue;
      const path = join(directory, entry);
      if (lstatSync(path).isDirectory()) visit(path, depth + 1);
    }
  };
  visit(folder, 0);
  return found;
}

function readRecipe(name: string, path: string, source: string): Recipe | RecipeProblem[] {
  const directory = dirname(path);
  const { file, problems } = parseRecipeFile(name, path, readBelow(directory, 'app.yaml') ?? '');
  if (file === null) return problems;
  const template = readBelow(directory, file.script);
  if (template === null) {
    return [{ recipe: name, file: path, line: null, field: 'script', message: `There is no file ${file.script}.` }];
  }
  return {
    summary: summarize(name, file, source, template),
    file,
    directory,
    template,
    files: readTree(join(directory, 'files')),
  };
}

/** What lists and forms show of a recipe. */
export function summarize(name: string, file: RecipeFile, source: string, template = ''): RecipeSummary {
  return {
    name,
    title: file.title ?? name.split('/').at(-1) ?? name,
    icon: file.icon ?? 'app',
    category: file.category ?? 'Other',
    description: file.description.trim(),
    requires: file.requires ?? '',
    launchers: launchersOf(file),
    serves: file.serve !== undefined || kindOf(name, file, template) !== 'batch',
    image: file.container?.image ?? '',
    source,
    args: file.args ?? [],
    resources: file.resources ?? {},
    docs: file.docs ?? '',
  };
}
