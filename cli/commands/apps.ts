import type { Command } from 'commander';
import type { HistoryOptions } from '../actions/history.ts';
import type { LogsOptions } from '../actions/logs.ts';
import type { NotesOptions } from '../actions/notes.ts';
import type { OpenOptions } from '../actions/open.ts';
import type { PsOptions } from '../actions/ps.ts';
import type { RunAppOptions } from '../actions/run-app.ts';
import type { StopAppOptions } from '../actions/stop-app.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';
import { declareResourceOptions } from '../resource-options.ts';

export function declareAppCommands(program: Command): void {
  declareRunApp(program);

  program
    .command('ps')
    .description('running apps, and those that ended last')
    .option('--offline', 'as last seen, without connecting')
    .option('--json', 'as JSON')
    .action((options: PsOptions) => runAction(options, async () => (await import('../actions/ps.ts')).ps(options)));

  declareHistory(program);

  program
    .command('logs <app>')
    .description("an app's log")
    .option('-f, --follow', 'go on as it grows')
    .option('--json', 'as JSON')
    .action((id: string, options: LogsOptions) =>
      runAction(options, async () => (await import('../actions/logs.ts')).logs(id, options)),
    );

  program
    .command('open <app>')
    .description('open an app in your browser, through a link only you can use; stays until Ctrl-C')
    .option('--print', 'print the link instead of opening it')
    .option('--json', 'as JSON')
    .action((id: string, options: OpenOptions) =>
      runAction(options, async () => (await import('../actions/open.ts')).openApp(id, options)),
    );

  program
    .command('stop-app <app> [recipe]')
    .description('ask an app to end, by its id or as `stop-app CLUSTER RECIPE`; --now ends it at once')
    .option('--now', 'end it at once, unsaved work is lost')
    .option('--json', 'as JSON')
    .action((name: string, recipe: string | undefined, options: StopAppOptions) =>
      runAction(options, async () => (await import('../actions/stop-app.ts')).stopApp(name, recipe, options)),
    );

  declareRelease(program);
  declareInterrupted(program);
  declareDetails(program);

  program
    .command('notes <app>')
    .description('show the notes of an app, e.g. a password')
    .option('--show', 'secrets too')
    .option('--json', 'as JSON')
    .action((id: string, options: NotesOptions) =>
      runAction(options, async () => (await import('../actions/notes.ts')).showNotes(id, options)),
    );
}

function declareDetails(program: Command): void {
  const details = () => import('../actions/app-details.ts');
  program
    .command('remove-app <app>')
    .description('remove an ended app from the list, with its directory on the cluster')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await details()).removeApp(id, options)),
    );

  program
    .command('exposure <app>')
    .description('who besides you can reach an app, checked now')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await details()).showExposure(id, options)),
    );

  program
    .command('ssh-command <app>')
    .description('the ssh command that forwards to an app')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await details()).showSshCommand(id, options)),
    );
}

function declareHistory(program: Command): void {
  program
    .command('history')
    .description('all apps and jobs this computer knows, newest first, also those that `ps` lists no more')
    .option('--text <words>', 'that occur in the title, recipe, cluster or id')
    .option('--cluster <cluster>', 'on this cluster')
    .option('--recipe <recipe>', 'of this recipe')
    .option('--state <states>', 'in one of these, e.g. failed,ended')
    .option('--since <time>', 'launched since then: 12h, 7d, 2w or 2026-11-29')
    .option('--limit <n>', 'at most so many', '50')
    .option('--json', 'as JSON')
    .action((options: HistoryOptions) =>
      runAction(options, async () => (await import('../actions/history.ts')).showHistory(options)),
    );
}

function declareRelease(program: Command): void {
  program
    .command('release <app>')
    .description('release a job that waits because you hold it')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await import('../actions/release-app.ts')).releaseApp(id, options)),
    );
}

function declareInterrupted(program: Command): void {
  program
    .command('continue <app>')
    .description('continue a launch that was interrupted before it was submitted')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await import('../actions/interrupted.ts')).continueLaunch(id, options)),
    );

  program
    .command('forget <app>')
    .description('take an interrupted launch off the list')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await import('../actions/interrupted.ts')).forgetLaunch(id, options)),
    );
}

function declareRunApp(program: Command): void {
  declareResourceOptions(
    program
      .command('run-app <cluster> <recipe> [arguments...]')
      .alias('launch')
      .description('start an app: tunel run-app hpc jupyter --launcher=slurm --interface=lab')
      .option('--launcher <name>', 'login, slurm, htcondor, ...; also singularity, docker, podman, condor')
      .option('--wait', 'wait until it is ready')
      .option('--dry-run', 'print its script and how it would be submitted, and start nothing'),
  )
    .option('--preset <preset>', 'with the values kept under this name; what is given besides counts more')
    .option('--save-preset <name>', 'keeps these values under this name, without secrets')
    .option('--replace', 'with --save-preset: also where there is one of that name')
    .option('--json', 'as JSON')
    .allowUnknownOption()
    .action((cluster: string, recipe: string, args: string[], options: RunAppOptions) =>
      runAction(options, async () => (await import('../actions/run-app.ts')).runApp(cluster, recipe, args, options)),
    );
}
