import { Command } from 'commander';
import { apiGetCommand } from './commands/api-get.ts';
import { appCommands } from './commands/apps.ts';
import { clusterCommands } from './commands/clusters.ts';
import { containerCommands } from './commands/containers.ts';
import { folderCommands } from './commands/folder.ts';
import { jobCommands } from './commands/jobs.ts';
import { lintCommand } from './commands/lint.ts';
import { newCommand } from './commands/new.ts';
import { presetCommands } from './commands/presets.ts';
import { recipeCommands } from './commands/recipes.ts';
import { runAppCommand } from './commands/run-app.ts';
import { shellCommands } from './commands/shell.ts';
import { siteCommands } from './commands/sites.ts';
import { sourceCommands } from './commands/sources.ts';
import { tunnelCommand } from './commands/tunnel.ts';
import { version } from './version.ts';

/** Every command of `tunel`. docs/cli.md has a line for each. */
export function createProgram(): Command {
  const program = new Command('tunel')
    .description('Start apps on a cluster and reach them from here.')
    .version(version)
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false });
  clusterCommands(program);
  recipeCommands(program);
  lintCommand(program);
  runAppCommand(program);
  appCommands(program);
  presetCommands(program);
  jobCommands(program);
  containerCommands(program);
  shellCommands(program);
  tunnelCommand(program);
  apiGetCommand(program);
  folderCommands(program);
  newCommand(program);
  siteCommands(program);
  sourceCommands(program);
  return program;
}
