import type { Command } from 'commander';
import type { MakeDirectoryOptions, MoveOptions, RemoveOptions } from '../actions/files.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/files.ts');
const transfers = () => import('../actions/transfer-files.ts');

/** Paths of a cluster are absolute or begin at the home directory, with or without `~/`. */
export function declareFileCommands(program: Command): void {
  const files = program.command('files').description('Files of a cluster, by its connection.');
  declareLooking(files);
  declareTransfers(files);
  declareChanging(files);
}

function declareLooking(files: Command): void {
  files
    .command('ls <cluster> [path]')
    .description('list a folder; without a path the home directory')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).listFiles(cluster, path ?? '', options)),
    );

  files
    .command('places <cluster>')
    .description('folders worth a shortcut: home, work, scratch')
    .option('--json', 'as JSON')
    .action((cluster: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).showPlaces(cluster, options)),
    );

  files
    .command('stat <cluster> <path>')
    .description('kind, size, time and mode of a file or folder')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).describeFile(cluster, path, options)),
    );

  files
    .command('du <cluster> [path]')
    .description('the disk space that a folder takes, and each folder in it')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).showUsage(cluster, path ?? '', options)),
    );

  files
    .command('cat <cluster> <path>')
    .description('print a file')
    .action((cluster: string, path: string) => runAction({}, async () => (await actions()).printFile(cluster, path)));
}

function declareTransfers(files: Command): void {
  files
    .command('get <cluster> <path> [file]')
    .description('copy a file or folder to this computer')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string, file: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await transfers()).getFile(cluster, path, file, options)),
    );

  files
    .command('put <cluster> <file> [path]')
    .description('copy a file or folder of this computer there; a file of that name is replaced')
    .option('--json', 'as JSON')
    .action((cluster: string, file: string, path: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await transfers()).putFile(cluster, file, path, options)),
    );
}

function declareChanging(files: Command): void {
  files
    .command('mkdir <cluster> <path>')
    .description('make a folder that only you can enter')
    .option('-p, --parents', 'also those above it; it may be there already')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string, options: MakeDirectoryOptions) =>
      runAction(options, async () => (await actions()).makeDirectory(cluster, path, options)),
    );

  files
    .command('mv <cluster> <path> <new-path>')
    .description('give a file or folder another path')
    .option('--replace', 'also where a file has that path, which is then gone')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string, newPath: string, options: MoveOptions) =>
      runAction(options, async () => (await actions()).moveFile(cluster, path, newPath, options)),
    );

  files
    .command('rm <cluster> <paths...>')
    .description('remove files, links and empty folders; it cannot be undone')
    .option('-r, --recursive', 'folders with all that is in them; never the home directory')
    .option('--json', 'as JSON')
    .action((cluster: string, paths: string[], options: RemoveOptions) =>
      runAction(options, async () => (await actions()).removeFiles(cluster, paths, options)),
    );
}
