import { EventEmitter } from 'node:events';
import { AppError } from '../../shared/errors.ts';
import { recipeNames, resolveRecipeName } from '../../shared/recipe-name-policy.ts';
import type { RecipeProblem } from '../../shared/recipes.ts';
import { scriptRecipeName } from '../../shared/script-recipe-name.ts';
import { TemplateFault } from '../jinja/fault.ts';
import { recipeInvalid } from './recipe-file.ts';
import { scriptRecipe } from './script-recipe.ts';
import type { FoundRecipe, Recipe, RecipeLibrary, RecipeProvider } from './types.ts';

/** Where two providers have a recipe of one name the first one wins, even with a recipe that has errors. */
export function createRecipeLibrary(providers: readonly RecipeProvider[]): RecipeLibrary {
  const emitter = new EventEmitter<{ changed: [] }>();
  let { recipes, problems } = readAll(providers);

  const library: RecipeLibrary = {
    list: () => [...recipes.values()].map((recipe) => recipe.summary).sort((a, b) => a.title.localeCompare(b.title)),
    problems: () => problems,
    resolve(asked) {
      if (asked === scriptRecipeName) return { name: asked, legacy: null };
      return resolveRecipeName(asked, recipeNames({ list: library.list(), problems }));
    },
    get(asked) {
      const { name } = library.resolve(asked);
      const found = name === scriptRecipeName ? scriptRecipe : recipes.get(name);
      if (found) return found;
      throw recipeInvalid(problems.filter(({ recipe }) => recipe === name));
    },
    reload() {
      ({ recipes, problems } = readAll(providers));
      emitter.emit('changed');
    },
    onChange(listener) {
      emitter.on('changed', listener);
      return () => emitter.off('changed', listener);
    },
  };
  for (const provider of providers) provider.onChange(() => library.reload());
  return library;
}

function readAll(providers: readonly RecipeProvider[]): { recipes: Map<string, Recipe>; problems: RecipeProblem[] } {
  const recipes = new Map<string, Recipe>();
  const problems: RecipeProblem[] = [];
  const taken = new Set<string>();
  for (const provider of providers) {
    const found = provider.find();
    problems.push(...found.problems);
    for (const each of found.recipes) {
      if (taken.has(each.name)) continue;
      taken.add(each.name);
      const recipe = readOne(each);
      if (Array.isArray(recipe)) problems.push(...recipe);
      else recipes.set(each.name, recipe);
    }
  }
  return { recipes, problems };
}

function readOne(found: FoundRecipe): Recipe | RecipeProblem[] {
  try {
    return found.read();
  } catch (error) {
    return [problemOf(found.name, found.path, AppError.from(error))];
  }
}

function problemOf(recipe: string, path: string, error: AppError): RecipeProblem {
  const { cause } = error;
  if (!(cause instanceof TemplateFault)) return { recipe, file: path, line: 1, field: '', message: error.message };
  const message = `${cause.message[0]?.toUpperCase()}${cause.message.slice(1)}.`;
  return { recipe, file: cause.file ?? path, line: cause.line ?? 1, field: '', message };
}
