import { type Command, Option } from 'commander';
import { starterKinds } from '../../electron/shared/starter-kinds.ts';
import type { JsonOption } from '../json-option.ts';
import type { LintOptions } from '../local/lint.ts';
import type { NewAppOptions } from '../local/new-app.ts';
import type { ListOptions, RecipeOptions, RenderOptions } from '../local/recipes.ts';
import { runAction } from '../output.ts';

const actions = () => import('../local/recipes.ts');
const folderOption = ['--recipes <dir>', 'a folder with recipes, before the shipped ones'] as const;

export function declareRecipeCommands(program: Command): void {
  program
    .command('list-apps')
    .description('the recipes there are')
    .option(...folderOption)
    .option('--validate', 'read and render each; exit code 1 when one has a problem')
    .option('--json', 'as JSON')
    .action((options: ListOptions) => runAction(options, async () => (await actions()).listApps(options)));

  program
    .command('info <recipe>')
    .description('what a recipe does, needs and takes')
    .option(...folderOption)
    .option('--json', 'as JSON')
    .action((name: string, options: RecipeOptions) =>
      runAction(options, async () => (await actions()).showRecipe(name, options)),
    );

  program
    .command('render <recipe> [arguments...]')
    .description('the script as it would be sent: tunel render hello --greeting=Hi')
    .option(...folderOption)
    .option('--launcher <name>', 'as if for this launcher')
    .option('--json', 'with the context and the folder of its includes')
    .allowUnknownOption()
    .action((name: string, args: string[], options: RenderOptions) =>
      runAction(options, async () => (await actions()).renderRecipe(name, args, options)),
    );

  program
    .command('docgen <outdir>')
    .description('a searchable site with a page for each recipe, and library.json')
    .option(...folderOption)
    .option('--json', 'as JSON')
    .action((outdir: string, options: RecipeOptions) =>
      runAction(options, async () => (await actions()).writeSite(outdir, options)),
    );

  declareLint(program);
  declareNew(program);
  declareFolders(program);
}

/** Folders on this computer whose recipes are used. */
function declareFolders(program: Command): void {
  const folderActions = () => import('../actions/recipes.ts');
  const recipes = program.command('recipes').description('Folders on this computer whose recipes are used.');

  recipes
    .command('list', { isDefault: true })
    .description('the folders, and what each has')
    .option('--json', 'as JSON')
    .action((options: JsonOption) =>
      runAction(options, async () => (await folderActions()).listRecipeFolders(options)),
    );

  recipes
    .command('add <dir>')
    .description('uses the recipes of a folder, here and in the desktop app')
    .option('--json', 'as JSON')
    .action((dir: string, options: JsonOption) =>
      runAction(options, async () => (await folderActions()).addRecipeFolder(dir, options)),
    );

  recipes
    .command('remove <dir>')
    .description('uses its recipes no more; its files stay')
    .option('--json', 'as JSON')
    .action((dir: string, options: JsonOption) =>
      runAction(options, async () => (await folderActions()).removeRecipeFolder(dir, options)),
    );

  recipes
    .command('reload')
    .description('read all recipe folders again')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await folderActions()).reloadRecipes(options)));

  recipes
    .command('usage')
    .description('how often each recipe was launched from this computer, and when last')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await folderActions()).showRecipeUse(options)));
}

function declareLint(program: Command): void {
  program
    .command('lint [recipe]')
    .description('what is unsafe or wrong in a recipe: its name, its folder, or nothing for all of them')
    .option(...folderOption)
    .option(
      '--cluster <cluster>',
      'ask the scheduler of this cluster whether it would take the job; nothing is submitted',
    )
    .option('--strict', 'warnings count as errors')
    .option('--json', 'as JSON')
    .action((name: string | undefined, options: LintOptions) =>
      runAction(options, async () => (await import('../local/lint.ts')).lint(name, options)),
    );
}

function declareNew(program: Command): void {
  program
    .command('new <kind> <name>')
    .description(`writes a small app with its recipe, tests and README: ${starterKinds.join(', ')}`)
    .addOption(new Option('--in <dir>', 'where its folder is made').default('.'))
    .option('--json', 'as JSON')
    .action((kind: string, name: string, options: NewAppOptions) =>
      runAction(options, async () => (await import('../local/new-app.ts')).newApp(kind, name, options)),
    );
}
