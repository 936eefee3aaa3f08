import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { launchers } from '../../electron/core/launchers/index.ts';
import { createRender } from '../../electron/core/recipes/render.ts';
import { renderPreview } from '../../electron/core/recipes/render-launch.ts';
import type { Recipe } from '../../electron/core/recipes/types.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { LaunchInput } from '../../electron/shared/instances.ts';
import { message } from '../../electron/shared/messages.ts';
import { parseLauncherName } from '../../electron/shared/recipe-name-policy.ts';
import type { RecipeProblem } from '../../electron/shared/recipes.ts';
import { explainPath } from '../explain-path.ts';
import type { JsonOption } from '../json-option.ts';
import { printFields, printJson, printProgress, printResult, printTable } from '../output.ts';
import { parseRecipeArgs } from '../recipe-args.ts';
import { UsageError } from '../usage-error.ts';
import { recipeSite } from './docgen/site.ts';
import { openLibrary } from './recipe-library.ts';

export interface RecipeOptions extends JsonOption {
  recipes?: string;
}

export interface ListOptions extends RecipeOptions {
  validate?: boolean;
}

export interface RenderOptions extends RecipeOptions {
  launcher?: string;
}

interface Problem extends Pick<RecipeProblem, 'file' | 'line' | 'field' | 'message'> {}
const describeProblem = ({ file, line, field, message }: Problem): string =>
  `${file}${line === null ? '' : `:${line}`}${field === '' ? '' : ` (${field})`}: ${message}`;

/** What is wrong with recipes, found by reading all of them and rendering each that needs no value. */
function validate({ library, includes }: ReturnType<typeof openLibrary>): string[] {
  const problems = library.problems().map(describeProblem);
  for (const { name, args } of library.list()) {
    if (args.some((arg) => arg.required && arg.default === undefined)) continue;
    try {
      preview(library.get(name), includes, {}, undefined);
    } catch (error) {
      problems.push(AppError.from(error).message);
    }
  }
  return problems;
}

/** A recipe's script as a launch would send it, with a port and names that stay the same. */
function preview(recipe: Recipe, includes: string, args: LaunchInput['args'], given: string | undefined) {
  const asked = given ?? recipe.file.launcher;
  const { launcher, runtime } = parseLauncherName(asked);
  if (launcher === '') {
    const known = recipe.summary.launchers.join(', ');
    throw new UsageError(message`There is no launcher “${{ asked }}”.`, {
      hint: message`This recipe runs with: ${{ known }}.`,
    });
  }
  const { rendered, legacy } = renderPreview(createRender(includes), {
    recipe,
    input: { args, runtime },
    launcher,
    home: `/home/${userInfo().username}`,
    isSent: launchers[launcher].transfer !== undefined,
  });
  return { script: rendered.script, context: { ...rendered.context, ...legacy?.variables } };
}

export async function listApps(options: ListOptions): Promise<void> {
  const opened = openLibrary(options.recipes);
  const recipes = opened.library.list();
  const found = options.validate ? validate(opened) : opened.library.problems().map(describeProblem);
  if (found.length > 0) process.exitCode = 1;
  if (options.validate) {
    if (options.json) return printJson({ recipes: recipes.length, problems: found });
    for (const problem of found) printResult(problem);
    printResult(`${recipes.length} recipes, ${found.length === 1 ? '1 problem' : `${found.length} problems`}`);
    return;
  }
  if (options.json) return printJson({ recipes, problems: opened.library.problems() });
  printTable(
    ['NAME', 'LAUNCHERS', 'DESCRIPTION'],
    recipes.map(({ name, launchers, description }) => [name, launchers.join(','), description]),
  );
  for (const problem of found) printProgress(problem);
}

export async function showRecipe(name: string, options: RecipeOptions): Promise<void> {
  const { library } = openLibrary(options.recipes);
  const { summary, file, directory } = await explainPath(name, () => library.get(name));
  if (options.json) return printJson({ ...summary, directory, serve: file.serve ?? null, needs: file.needs ?? {} });
  const { title, description, launchers, requires, args } = summary;
  printResult(`${title} (${summary.name})\n${description}\nLaunchers: ${launchers.join(', ')}`);
  if (requires) printResult(`Needs: ${requires}`);
  const described = args.map((arg): [string, string] => {
    const preset = arg.default === undefined ? '' : ` (default ${arg.default})`;
    return [`  --${arg.name}`, `${arg.description}${preset}`.trim() || '-'];
  });
  if (described.length > 0) printFields(described);
}

export async function renderRecipe(name: string, args: readonly string[], options: RenderOptions): Promise<void> {
  const { library, includes } = openLibrary(options.recipes);
  const recipe = await explainPath(name, () => library.get(name));
  const { context, script } = preview(recipe, includes, parseRecipeArgs(args), options.launcher);
  if (options.json) printJson({ context, includes, script });
  else process.stdout.write(`${script}\n`);
}

export async function writeSite(outdir: string, options: RecipeOptions): Promise<void> {
  const { library } = openLibrary(options.recipes);
  const files = recipeSite(library.list().map(({ name }) => library.get(name)));
  const folder = resolve(outdir);
  for (const [name, text] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  for (const problem of library.problems()) printProgress(describeProblem(problem));
  if (options.json) printJson({ folder, files: [...files.keys()] });
  else printProgress(`${library.list().length} recipes in ${join(folder, 'index.html')}`);
}
