import { lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { RecipeProblem } from '../../shared/recipes.ts';
import { TemplateFault } from '../jinja/fault.ts';
import { readBelow, readTree } from './files.ts';
import { parseRecipeFile } from './recipe-file.ts';
import { includeFolders, readIncludes } from './render.ts';
import { summarize } from './summarize.ts';
import { usedArgs } from './template-scan.ts';
import type { Recipe, RecipeProvider } from './types.ts';

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
/** Folders looked into: someone's whole home directory is no recipes folder. */
const maxFolders = 5000;

interface RecipeFoldersDeps {
  /** Asked at each reload. */
  folders: () => readonly RecipeFolder[];
  /** The folder of the app's shared includes; null: there is none. */
  includes?: string | null;
  onChange?: RecipeProvider['onChange'];
}

/** Recipes that are files below folders. */
export function recipesInFolders({
  folders,
  includes = null,
  onChange = () => () => undefined,
}: RecipeFoldersDeps): RecipeProvider {
  return {
    find() {
      const problems: RecipeProblem[] = [];
      const recipes = folders().flatMap((folder) =>
        findRecipeFiles(folder.path, problems).map((path) => {
          const name = relative(folder.path, dirname(path)).split(sep).join('/');
          return { name, path, read: () => readRecipe(name, path, folder, includes) };
        }),
      );
      return { recipes, problems };
    },
    onChange,
  };
}

function findRecipeFiles(folder: string, problems: RecipeProblem[]): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    problems.push({ recipe: '', file: folder, line: null, field: '', message: 'This recipes folder does not exist.' });
    return [];
  }
  const found: string[] = [];
  let visited = 0;
  const visit = (directory: string, depth: number) => {
    if (depth > maxDepth || found.length >= maxRecipes || ++visited > maxFolders) return;
    const entries = entriesOf(directory, problems);
    // A recipe's own folder is not searched further: what is below belongs to it.
    if (depth > 0 && entries.includes('app.yaml')) {
      found.push(join(directory, 'app.yaml'));
      return;
    }
    for (const entry of entries) {
      if (entry.startsWith('.') || (depth === 0 && (entry === includesFolder || entry === startersFolder))) continue;
      const path = join(directory, entry);
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) visit(path, depth + 1);
    }
  };
  visit(folder, 0);
  if (found.length >= maxRecipes || visited > maxFolders) {
    const message = `Only its first ${maxRecipes} recipes and ${maxFolders} folders are read.`;
    problems.push({ recipe: '', file: folder, line: null, field: '', message });
  }
  return found;
}

function entriesOf(directory: string, problems: RecipeProblem[]): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    const { message } = AppError.from(error);
    problems.push({ recipe: '', file: directory, line: null, field: '', message });
    return [];
  }
}

function readRecipe(name: string, path: string, folder: RecipeFolder, shared: string | null): Recipe | RecipeProblem[] {
  const directory = dirname(path);
  const sharedIncludes = join(folder.path, includesFolder);
  const parsed = parseRecipeFile(name, path, readBelow(directory, 'app.yaml') ?? '');
  if (parsed.file === null) return parsed.problems;
  const { file, lineOf } = parsed;
  const wrongScript = (message: string): RecipeProblem[] => [
    { recipe: name, file: path, line: lineOf(['script']), field: 'script', message },
  ];
  let template: string | null;
  try {
    template = readBelow(directory, file.script);
  } catch (error) {
    const { message, cause } = AppError.from(error);
    if (cause instanceof TemplateFault) throw error;
    return wrongScript(message);
  }
  if (template === null) return wrongScript(`There is no file ${file.script}.`);
  const read = readIncludes(...includeFolders(shared, { directory, sharedIncludes }));
  const used = usedArgs(join(directory, file.script), template, read);
  return {
    summary: summarize(name, file, folder.source, template, used),
    file,
    directory,
    sharedIncludes,
    template,
    files: readTree(join(directory, 'files')),
  };
}
