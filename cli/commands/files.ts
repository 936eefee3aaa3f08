import type { Command } from 'commander';
import type { MakeDirectoryOptions, RemoveOptions, ReplaceOptions } from '../actions/change-files.ts';
import type { ListFilesOptions } from '../actions/files.ts';
import type { SyncOptions } from '../actions/sync-files.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/files.ts');
const changes = () => import('../actions/change-files.ts');
const transfers = () => import('../actions/transfer-files.ts');

/** Paths of a cluster are absolute or begin at the home directory, with or without `~/`. */
export function declareFileCommands(program: Command): void {
  const files = program.command('files').description('Files of a cluster, by its connection.');
  declareLooking(files);
  declareTransfers(files);
  declareSync(files);
  declareChanging(files);
  declareRemoving(files);
}

function declareLooking(files: Command): void {
  files
    .command('ls <cluster> [path]')
    .description('list a folder; without a path the home directory')
    .option('--all', 'every entry, also of a folder with very many')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string | undefined, options: ListFilesOptions) =>
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
    .command('df <cluster> [path]')
    .description('how full the disk of a path is, and what your quota there says')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).showSpace(cluster, path ?? '', options)),
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

function declareSync(files: Command): void {
  files
    .command('sync <source> <target>')
    .description('copy what changed of a folder: tunel files sync ./data hpc:data, or hpc:results ./results')
    .option('--hash', 'compare the content of files of the same size, instead of their times')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--delete', 'remove what the source does not have; its list is shown first')
    .option('-y, --yes', 'remove it without asking')
    .option('--json', 'as JSON')
    .action((source: string, target: string, options: SyncOptions) =>
      runAction(options, async () => (await import('../actions/sync-files.ts')).syncFiles(source, target, options)),
    );
}

function declareChanging(files: Command): void {
  files
    .command('mkdir <cluster> <path>')
    .description('make a folder that only you can enter')
    .option('-p, --parents', 'also those above it; it may be there already')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string, options: MakeDirectoryOptions) =>
      runAction(options, async () => (await changes()).makeDirectory(cluster, path, options)),
    );

  files
    .command('mv <cluster> <path> <new-path>')
    .description('give a file or folder another path')
    .option('--replace', 'also where a file has that path, which is then gone')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string, newPath: string, options: ReplaceOptions) =>
      runAction(options, async () => (await changes()).moveFile(cluster, path, newPath, options)),
    );

  files
    .command('cp <cluster> <path> <new-path>')
    .description('copy a file or folder within the cluster')
    .option('--replace', 'also where a file has that path, which is then gone')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string, newPath: string, options: ReplaceOptions) =>
      runAction(options, async () => (await changes()).copyFile(cluster, path, newPath, options)),
    );

  files
    .command('chmod <cluster> <mode> <path>')
    .description('who may read, write and run a file or folder: tunel files chmod hpc 750 results')
    .option('--json', 'as JSON')
    .action((cluster: string, mode: string, path: string, options: JsonOption) =>
      runAction(options, async () => (await changes()).setMode(cluster, mode, path, options)),
    );
}

function declareRemoving(files: Command): void {
  files
    .command('trash <cluster> <paths...>')
    .description('put files or folders in the trash, from where they can be restored for seven days')
    .option('--json', 'as JSON')
    .action((cluster: string, paths: string[], options: JsonOption) =>
      runAction(options, async () => (await changes()).trashFiles(cluster, paths, options)),
    );

  files
    .command('trashed <cluster> [path]')
    .description('what is in the trash of this disk and of the home directory')
    .option('--json', 'as JSON')
    .action((cluster: string, path: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).listTrash(cluster, path ?? '', options)),
    );

  files
    .command('restore <cluster> <trash>')
    .description('put something of the trash back where it was, by the name that `trashed` gives')
    .option('--json', 'as JSON')
    .action((cluster: string, trash: string, options: JsonOption) =>
      runAction(options, async () => (await changes()).restoreFile(cluster, trash, options)),
    );

  files
    .command('rm <cluster> <paths...>')
    .description('remove files, links and empty folders; it cannot be undone')
    .option('-r, --recursive', 'folders with all that is in them; never the home directory')
    .option('--json', 'as JSON')
    .action((cluster: string, paths: string[], options: RemoveOptions) =>
      runAction(options, async () => (await changes()).removeFiles(cluster, paths, options)),
    );
}
