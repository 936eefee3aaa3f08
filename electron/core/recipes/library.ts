import { EventEmitter } from 'node:events';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
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
    get(name) {
      const exact = name === scriptRecipeName ? scriptRecipe : recipes.get(name);
      if (exact) return exact;
      const broken = problems.filter((problem) => problem.recipe === name);
      if (broken.length > 0) throw recipeInvalid(broken);
      return findByPart(recipes, name);
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

function findByPart(recipes: ReadonlyMap<string, Recipe>, name: string): Recipe {
  const partly = name === '' ? [] : [...recipes.values()].filter((recipe) => recipe.summary.name.includes(name));
  if (partly.length === 1 && partly[0]) return partly[0];
  if (partly.length > 1) {
    throw new AppError('conflict', message`“${{ name }}” fits ${{ count: partly.length }} recipes.`, {
      hint: message`Name one of: ${{ recipes: partly.map((recipe) => recipe.summary.name).join(', ') }}.`,
    });
  }
  throw new AppError('not-found', message`There is no recipe “${{ name }}”.`, {
    hint: message`There are: ${{ recipes: [...recipes.keys()].sort().join(', ') || 'none' }}.`,
  });
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
