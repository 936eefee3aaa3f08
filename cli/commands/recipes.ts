import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createRecipeLibrary, includesFolder } from '../../electron/core/recipes/library.ts';
import { createRender } from '../../electron/core/recipes/render.ts';
import { parseArgValues } from '../arg-values.ts';
import { guarded, printJson, printTable, say } from '../output.ts';
import { cliPaths } from '../paths.ts';

interface RecipeOptions {
  recipes?: string;
  json?: boolean;
}

/** Recipes of a folder given on the command line come first, then the shipped ones. */
function openLibrary(options: RecipeOptions) {
  const shipped = cliPaths().recipes;
  const folders = [
    ...(options.recipes ? [{ path: resolve(options.recipes), source: options.recipes }] : []),
    { path: shipped, source: 'shipped' },
  ];
  return { library: createRecipeLibrary(() => folders), includes: join(shipped, includesFolder) };
}

export function recipeCommands(program: Command): void {
  program
    .command('list-apps')
    .description('the recipes there are')
    .option('--recipes <dir>', 'a folder with recipes, before the shipped ones')
    .option('--json', 'as JSON')
    .action((options: RecipeOptions) =>
      guarded(options.json === true, async () => {
        const { library } = openLibrary(options);
        if (options.json) return printJson({ recipes: library.list(), problems: library.problems() });
        printTable(
          ['NAME', 'LAUNCHERS', 'DESCRIPTION'],
          library.list().map(({ name, launchers, description }) => [name, launchers.join(','), description]),
        );
        for (const { file, line, field, message } of library.problems()) {
          say(`${file}${line === null ? '' : `:${line}`}${field === '' ? '' : ` (${field})`}: ${message}`);
        }
        if (library.problems().length > 0) process.exitCode = 1;
      }),
    );

  program
    .command('info <recipe>')
    .description('what a recipe does, needs and takes')
    .option('--recipes <dir>', 'a folder with recipes, before the shipped ones')
    .option('--json', 'as JSON')
    .action((name: string, options: RecipeOptions) =>
      guarded(options.json === true, async () => {
        const { summary, file, directory } = openLibrary(options).library.get(name);
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
        const { library, includes } = openLibrary(options);
        const recipe = library.get(name);
        const home = `/home/${userInfo().username}`;
        const { context, script } = createRender(includes)({
          recipe,
          args: parseArgValues(words),
          launcher: options.launcher ?? recipe.file.launcher,
          home,
          directory: `${home}/.tunel/preview`,
          workDirectory: '',
          modules: [],
          port: '',
        });
        if (options.json) printJson({ context, includes, script });
        else process.stdout.write(`${script}\n`);
      }),
    );
}
