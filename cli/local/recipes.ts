import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { launchers } from '../../electron/core/launchers/index.ts';
import { createRender } from '../../electron/core/recipes/render.ts';
import { renderPreview } from '../../electron/core/recipes/render-launch.ts';
import type { Recipe } from '../../electron/core/recipes/types.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { LaunchInput } from '../../electron/shared/instances.ts';
import type { RecipeProblem } from '../../electron/shared/recipes.ts';
import { parseArgValues } from '../arg-values.ts';
import { recipeSite } from '../docgen/site.ts';
import { guarded, printJson, printTable, say } from '../output.ts';
import { openLibrary } from '../recipe-library.ts';
import { spelledLauncher } from '../tunel-spelling.ts';

interface RecipeOptions {
  recipes?: string;
  json?: boolean;
}

interface Problem extends Pick<RecipeProblem, 'file' | 'line' | 'field' | 'message'> {}
const spoken = ({ file, line, field, message }: Problem): string =>
  `${file}${line === null ? '' : `:${line}`}${field === '' ? '' : ` (${field})`}: ${message}`;

/** What is wrong with recipes, found by reading all of them and rendering each that needs no value. */
function validate({ library, includes }: ReturnType<typeof openLibrary>): string[] {
  const problems = library.problems().map(spoken);
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
  const { launcher, runtime } = spelledLauncher(asked);
  if (launcher === '') {
    const known = recipe.summary.launchers.join(', ');
    throw new AppError('bad-input', `There is no launcher “${asked}”.`, { hint: `This recipe runs with: ${known}.` });
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

export function recipeCommands(program: Command): void {
  program
    .command('list-apps')
    .description('the recipes there are')
    .option('--recipes <dir>', 'a folder with recipes, before the shipped ones')
    .option('--validate', 'read and render each; exit code 1 when one has a problem')
    .option('--json', 'as JSON')
    .action((options: RecipeOptions & { validate?: boolean }) =>
      guarded(options.json === true, async () => {
        const opened = openLibrary(options.recipes);
        const { library } = opened;
        const found = options.validate ? validate(opened) : library.problems().map(spoken);
        if (found.length > 0) process.exitCode = 1;
        if (options.json && options.validate) return printJson({ recipes: library.list().length, problems: found });
        if (options.validate) {
          for (const problem of found) say(problem);
          say(`${library.list().length} recipes, ${found.length === 1 ? '1 problem' : `${found.length} problems`}`);
          return;
        }
        if (options.json) return printJson({ recipes: library.list(), problems: library.problems() });
        printTable(
          ['NAME', 'LAUNCHERS', 'DESCRIPTION'],
          library.list().map(({ name, launchers, description }) => [name, launchers.join(','), description]),
        );
        for (const problem of found) say(problem);
      }),
    );

  program
    .command('info <recipe>')
    .description('what a recipe does, needs and takes')
    .option('--recipes <dir>', 'a folder with recipes, before the shipped ones')
    .option('--json', 'as JSON')
    .action((name: string, options: RecipeOptions) =>
      guarded(options.json === true, async () => {
        const { summary, file, directory } = openLibrary(options.recipes).library.get(name);
        if (options.json)
          return printJson({ ...summary, directory, serve: file.serve ?? null, needs: file.needs ?? {} });
        say(`${summary.title} (${summary.name})\n${summary.description}\nLaunchers: ${summary.launchers.join(', ')}`);
        if (summary.requires) say(`Needs: ${summary.requires}`);
        for (const arg of summary.args) {
          const preset = arg.default === undefined ? '' : ` (default ${arg.default})`;
          say(`  --${arg.name}  ${arg.description}${preset}`);
        }
      }),
    );

  program
    .command('render <recipe> [args...]')
    .description('the script as it would be sent: tunel render hello --greeting=Hi')
    .option('--recipes <dir>', 'a folder with recipes, before the shipped ones')
    .option('--launcher <name>', 'as if for this launcher')
    .option('--json', 'with the context and the folder of its includes')
    .allowUnknownOption()
    .action((name: string, words: string[], options: RecipeOptions & { launcher?: string }) =>
      guarded(options.json === true, async () => {
        const { library, includes } = openLibrary(options.recipes);
        const { context, script } = preview(library.get(name), includes, parseArgValues(words), options.launcher);
        if (options.json) printJson({ context, includes, script });
        else process.stdout.write(`${script}\n`);
      }),
    );

  program
    .command('docgen <outdir>')
    .description('a searchable site with a page for each recipe, and library.json')
    .option('--recipes <dir>', 'a folder with recipes, before the shipped ones')
    .option('--json', 'as JSON')
    .action((outdir: string, options: RecipeOptions) =>
      guarded(options.json === true, async () => {
        const { library } = openLibrary(options.recipes);
        const files = recipeSite(library.list().map(({ name }) => library.get(name)));
        const folder = resolve(outdir);
        for (const [name, text] of files) {
          const path = join(folder, name);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, text);
        }
        for (const problem of library.problems()) say(spoken(problem));
        if (options.json) printJson({ folder, files: [...files.keys()] });
        else say(`${library.list().length} recipes in ${join(folder, 'index.html')}`);
      }),
    );
}
