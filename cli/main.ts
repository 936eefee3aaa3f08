import { Command } from 'commander';
import { appCommands } from './commands/apps.ts';
import { clusterCommands } from './commands/clusters.ts';
import { folderCommands } from './commands/folder.ts';
import { lintCommand } from './commands/lint.ts';
import { newCommand } from './commands/new.ts';
import { recipeCommands } from './commands/recipes.ts';
import { siteCommands } from './commands/sites.ts';
import { sourceCommands } from './commands/sources.ts';
import { version } from './version.ts';

const program = new Command('tunel')
  .description('Start apps on a cluster and reach them from here.')
  .version(version)
  .showSuggestionAfterError()
  .configureHelp({ sortSubcommands: false });

clusterCommands(program);
recipeCommands(program);
lintCommand(program);
appCommands(program);
folderCommands(program);
newCommand(program);
siteCommands(program);
sourceCommands(program);
await program.parseAsync();
