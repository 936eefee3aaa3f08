import type { Command } from 'commander';
import type { FolderOptions } from '../actions/folders.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/folders.ts');

export function declareFolderCommands(program: Command): void {
  const folder = program.command('folder').description('Your own folders as apps.');

  folder
    .command('look <path>')
    .description('what a folder, zip or git address is, how it would start, and what would be sent')
    .option('--cluster <cluster>', 'who clones a git address')
    .option('--json', 'as JSON')
    .action((source: string, options: FolderOptions) =>
      runAction(options, async () => (await actions()).lookAtFolder(source, options)),
    );

  folder
    .command('add <path>')
    .description('makes a recipe of it: then tunel run-app CLUSTER folders/NAME')
    .option('--cluster <cluster>', 'who clones a git address')
    .option('--title <text>', 'what you call it')
    .option('--start <line>', 'the line that starts it, instead of the recognised one')
    .option('--listen <how>', 'socket or port')
    .option('--candidate <number>', 'one of the starts that `folder look` lists')
    .option('--json', 'as JSON')
    .action((source: string, options: FolderOptions) =>
      runAction(options, async () => (await actions()).addFolder(source, options)),
    );

  folder
    .command('list', { isDefault: true })
    .description('your folders, and what was last sent')
    .option('--json', 'as JSON')
    .action((options: FolderOptions) => runAction(options, async () => (await actions()).listFolders(options)));

  folder
    .command('sync <folder> <cluster>')
    .description('sends what changed, without a launch')
    .option('--json', 'as JSON')
    .action((name: string, cluster: string, options: FolderOptions) =>
      runAction(options, async () => (await actions()).syncFolder(name, cluster, options)),
    );

  folder
    .command('watch <app>')
    .description('sends the folder of a running app at each save and starts it again; stays until Ctrl-C')
    .action((app: string) => runAction({}, async () => (await actions()).watchFolder(app)));

  folder
    .command('remove <folder>')
    .description('forgets a folder; its files here stay')
    .option('--cluster <cluster>', 'takes what was sent off this cluster first')
    .option('--json', 'as JSON')
    .action((name: string, options: FolderOptions) =>
      runAction(options, async () => (await actions()).removeFolder(name, options)),
    );
}
