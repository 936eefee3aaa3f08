import type { Command } from 'commander';
import type { StartTransferOptions } from '../actions/transfers.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/transfers.ts');

/** Copies that the engine makes by itself, in a queue for each cluster. */
export function declareTransferCommands(program: Command): void {
  const transfers = program.command('transfers').description('Copies of files that go on without this command.');
  declareLists(transfers);
  declareStarts(transfers);
  declareWait(transfers);
  declareSteps(transfers);
  declareAnswers(transfers);
}

function declareLists(transfers: Command): void {
  transfers
    .command('list', { isDefault: true })
    .alias('ls')
    .description('those that go on or wait, in their order, and those that are over')
    .option('--cluster <cluster>', 'from or to this cluster')
    .option('--json', 'as JSON')
    .action((options: JsonOption & { cluster?: string }) =>
      runAction(options, async () => (await actions()).listTransfers(options)),
    );
  transfers
    .command('show <transfer>')
    .description('one, with the files that could not be copied and those that are there already')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).showTransfer(id, options)),
    );
}

function declareWait(transfers: Command): void {
  transfers
    .command('wait <transfer>')
    .description('show how far it is until it is over; Ctrl-C ends the wait only')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).waitForTransfer(id, options)),
    );
}

const withOptions = (command: Command): Command =>
  command
    .option('--conflicts <choice>', 'files that are there already: ask, replace, newer, rename or skip', 'ask')
    .option('--links <choice>', 'symbolic links: keep, follow or skip', 'keep')
    .option('--changed <how>', 'leave out files that are the same: by time or by hash')
    .option('--verify', 'compare each copy with its file before it gets its name')
    .option('--limit <bytes>', 'at most so many bytes a second')
    .option('--wait', 'until it is over; Ctrl-C ends the wait only')
    .option('--json', 'as JSON');

function declareStarts(transfers: Command): void {
  withOptions(
    transfers
      .command('upload <cluster> <folder> <files...>')
      .description('copy files and folders of this computer into a folder there'),
  ).action((cluster: string, folder: string, files: string[], options: StartTransferOptions) =>
    runAction(options, async () => (await actions()).startUpload(cluster, folder, files, options)),
  );
  withOptions(
    transfers
      .command('download <cluster> <folder> <paths...>')
      .description('copy files and folders there into a folder of this computer'),
  ).action((cluster: string, folder: string, paths: string[], options: StartTransferOptions) =>
    runAction(options, async () => (await actions()).startDownload(cluster, folder, paths, options)),
  );
  withOptions(
    transfers
      .command('copy <cluster> <other> <folder> <paths...>')
      .description('copy files and folders of a cluster into a folder of another one, through this computer'),
  ).action((cluster: string, other: string, folder: string, paths: string[], options: StartTransferOptions) =>
    runAction(options, async () => (await actions()).startCopy(cluster, other, folder, paths, options)),
  );
}

function declareSteps(transfers: Command): void {
  transfers
    .command('pause <transfer>')
    .description('stop it until it is resumed')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).pauseTransfer(id, options)),
    );
  transfers
    .command('resume <transfer>')
    .description('go on with it, or try now')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).resumeTransfer(id, options)),
    );
  transfers
    .command('cancel <transfer>')
    .description('end it; files that are complete stay')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).cancelTransfer(id, options)),
    );
  transfers
    .command('retry <transfer>')
    .description('copy once more what was not copied')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).retryTransfer(id, options)),
    );
  transfers
    .command('clear [transfer]')
    .description('take one that is over off the list, or all of them')
    .option('--json', 'as JSON')
    .action((id: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).clearTransfers(id, options)),
    );
}

function declareAnswers(transfers: Command): void {
  transfers
    .command('answer <transfer> <choice> [files...]')
    .description('what happens to files that are there already: replace, newer, rename or skip; without files: to all')
    .option('--json', 'as JSON')
    .action((id: string, choice: string, files: string[], options: JsonOption) =>
      runAction(options, async () => (await actions()).answerTransfer(id, choice, files, options)),
    );
  transfers
    .command('move <transfer> [before]')
    .description('before another one in the queue, or to its end')
    .option('--json', 'as JSON')
    .action((id: string, before: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).moveTransfer(id, before, options)),
    );
  transfers
    .command('limit <bytes> [transfer]')
    .description('at most so many bytes a second, 0 for no limit; without a transfer: all of them together')
    .option('--json', 'as JSON')
    .action((bytes: string, id: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).limitTransfers(bytes, id, options)),
    );
}
