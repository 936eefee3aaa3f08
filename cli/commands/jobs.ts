import type { Command } from 'commander';
import type { LauncherName } from '../../electron/shared/kinds.ts';
import type { RunScriptOptions } from '../actions/run-script.ts';
import type { StopJobsOptions } from '../actions/stop-jobs.ts';
import { runAction } from '../output.ts';
import { passArgumentsOn } from '../own-options.ts';
import { declareResourceOptions } from '../resource-options.ts';

interface Scheduler {
  /** In the names of the commands, as in Tunel 0.0.18. */
  name: string;
  launcher: LauncherName;
  title: string;
}

const schedulers: readonly Scheduler[] = [
  { name: 'slurm', launcher: 'slurm', title: 'Slurm' },
  { name: 'condor', launcher: 'htcondor', title: 'HTCondor' },
];

/** Scripts of the user's own as batch jobs. */
export function declareJobCommands(program: Command): void {
  for (const scheduler of schedulers) {
    declareRun(program, scheduler);
    declareStop(program, scheduler);
  }
}

function declareRun(program: Command, { name, launcher, title }: Scheduler): void {
  passArgumentsOn(
    declareResourceOptions(
      program
        .command(`run-${name} <cluster> <script> [arguments...]`)
        .usage('[options] <cluster> <script> [arguments for it...]')
        .description(
          `submits a script of yours to ${title} and shows its log until it ends: tunel run-${name} hpc job.sh; “-” reads it from the input`,
        ),
    )
      .option('--there', 'the script is a path on the cluster')
      .option('--chdir <dir>', 'where it runs there, instead of the home directory')
      .option('--no-wait', 'only submit it')
      .option('--json', 'as JSON, without the log'),
    1,
  ).action(async (cluster: string, script: string, args: string[], options: RunScriptOptions) => {
    let exitCode: number | null = null;
    await runAction(options, async () => {
      const { runScript } = await import('../actions/run-script.ts');
      await runScript({ name, launcher, cluster, script, args }, options, (code) => {
        exitCode = code;
      });
    });
    // A script's own exit code says more than that it failed.
    if (exitCode) process.exitCode = exitCode;
  });
}

function declareStop(program: Command, { name, launcher, title }: Scheduler): void {
  program
    .command(`stop-${name} <cluster> [names...]`)
    .description(
      `ends jobs of yours that run by ${title}, by id, title, recipe or job number: tunel stop-${name} hpc job.sh`,
    )
    .option('--all', 'all that Tunel started there')
    .option('--yes', 'without asking')
    .option('--now', 'at once, what they have not saved is lost')
    .option('--json', 'as JSON')
    .action((cluster: string, names: string[], options: StopJobsOptions) =>
      runAction(options, async () =>
        (await import('../actions/stop-jobs.ts')).stopJobs(launcher, cluster, names, options),
      ),
    );
}
