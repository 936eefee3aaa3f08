import type { Command } from 'commander';
import type { LauncherName } from '../../electron/shared/kinds.ts';
import type { CheckJobOptions } from '../actions/check-job.ts';
import type { EditJobOptions } from '../actions/edit-job.ts';
import type { ListTasksOptions } from '../actions/job-tasks.ts';
import type { CreateJobOptions, ListJobsOptions, RerunOptions } from '../actions/jobs.ts';
import type { RunScriptOptions } from '../actions/run-script.ts';
import type { StopJobsOptions } from '../actions/stop-jobs.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';
import { passArgumentsOn } from '../own-options.ts';
import { declareResourceOptions } from '../resource-options.ts';
import { declareJobTemplateCommands } from './job-templates.ts';

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

const actions = () => import('../actions/jobs.ts');

/** Batch jobs, and scripts of the user's own that become jobs. */
export function declareJobCommands(program: Command): void {
  const jobs = program
    .command('jobs')
    .description('Batch jobs: a directory on a cluster with inputs, a script and results.');
  declareLists(jobs);
  declareMaking(jobs);
  declareEdit(jobs);
  declareFiles(jobs);
  declareChanges(jobs);
  declareJobTemplateCommands(jobs);
  for (const scheduler of schedulers) {
    declareRun(program, scheduler);
    declareStop(program, scheduler);
  }
}

function declareLists(jobs: Command): void {
  jobs
    .command('ls', { isDefault: true })
    .description('list them, newest first')
    .option('--cluster <cluster>', 'on this cluster')
    .option('--state <states>', 'in one of these, e.g. new,queued,active,failed')
    .option('--text <words>', 'that occur in the name, recipe, cluster or id')
    .option('--since <time>', 'created since then: 12h, 7d, 2w or 2026-11-29')
    .option('--archived', 'those that were archived')
    .option('--limit <n>', 'at most so many', '50')
    .option('--json', 'as JSON')
    .action((options: ListJobsOptions) => runAction(options, async () => (await actions()).listJobs(options)));
  jobs
    .command('show <job>')
    .description('what is known of it')
    .option('--script', 'its script only')
    .option('--json', 'as JSON, with its script')
    .action((id: string, options: JsonOption & { script?: boolean }) =>
      runAction(options, async () => (await actions()).showJob(id, options)),
    );
  jobs
    .command('tasks <job>')
    .description('the tasks of a job array')
    .option('--state <states>', 'in one of these, e.g. queued,active,failed')
    .option('--json', 'as JSON')
    .action((id: string, options: ListTasksOptions) =>
      runAction(options, async () => (await import('../actions/job-tasks.ts')).listTasks(id, options)),
    );
  jobs
    .command('log <job>')
    .description('what it prints')
    .option('-f, --follow', 'as it grows, until the job is over')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption & { follow?: boolean }) =>
      runAction(options, async () => (await actions()).showJobLog(id, options)),
    );
}

function declareMaking(jobs: Command): void {
  passArgumentsOn(
    declareResourceOptions(
      jobs
        .command('create <cluster> <name> [arguments...]')
        .usage('[options] <cluster> <name> [--argument=value of a recipe...]')
        .description(
          'make one with its directory, from a script or a recipe; nothing is submitted unless --submit is given',
        ),
      { title: false },
    )
      .option('--script <script>', 'its script: a file, or “-” for the input')
      .option('--there', 'the script is a path on the cluster')
      .option('--recipe <recipe>', 'instead of a script; what follows the name are its arguments')
      .option('--launcher <name>', 'slurm, htcondor, gridengine, pbs, lsf or login')
      .option('--module <name...>', 'modules to load')
      .option('--work-directory <dir>', 'where its directory is made, instead of the default')
      .option('--input <file...>', 'files to send into its directory')
      .option('--key <text>', 'the same key makes the same job once')
      .option('--submit', 'submit it at once')
      .option('--json', 'as JSON'),
    2,
  ).action((cluster: string, name: string, args: string[], options: CreateJobOptions) =>
    runAction(options, async () => (await actions()).createJob(cluster, name, args, options)),
  );
  jobs
    .command('submit <job>')
    .description('submit it, once however often this is called')
    .option('--wait', 'until it is over; the exit code is 1 unless it completed')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption & { wait?: boolean }) =>
      runAction(options, async () => (await actions()).submitJob(id, options)),
    );
  declareResourceOptions(jobs.command('rerun <job>').description('make a new one with its inputs, script and values'))
    .option('--tasks <tasks>', 'only these of a job array: “failed”, or numbers, e.g. 3,7,9-12')
    .option('--result <path...>', 'results that it begins with as well, e.g. the session of a fit that goes on')
    .option('--key <text>', 'the same key makes the same job once')
    .option('--submit', 'submit it at once')
    .option('--json', 'as JSON')
    .action((id: string, options: RerunOptions) =>
      runAction(options, async () => (await actions()).rerunJob(id, options)),
    );
}

function declareEdit(jobs: Command): void {
  declareResourceOptions(
    jobs
      .command('check <cluster> <script>')
      .description('ask the scheduler whether it would take a script, and when it would begin; nothing is submitted'),
    { title: false },
  )
    .option('--there', 'the script is a path on the cluster')
    .option('--launcher <name>', 'slurm, htcondor, gridengine, pbs, lsf or login')
    .option('--module <name...>', 'modules to load')
    .option('--json', 'as JSON')
    .action((cluster: string, script: string, options: CheckJobOptions) =>
      runAction(options, async () => (await import('../actions/check-job.ts')).checkJob(cluster, script, options)),
    );
  declareResourceOptions(
    jobs.command('edit <job>').description('change what is given of one that is not submitted yet'),
    {
      title: false,
    },
  )
    .option('--name <text>', 'another name')
    .option('--script <script>', 'another script: a file, or “-” for the input')
    .option('--there', 'the script is a path on the cluster')
    .option('--launcher <name>', 'slurm, htcondor, gridengine, pbs, lsf or login')
    .option('--module <name...>', 'modules to load, instead of those it has')
    .option('--json', 'as JSON')
    .action((id: string, options: EditJobOptions) =>
      runAction(options, async () => (await import('../actions/edit-job.ts')).editJob(id, options)),
    );
}

function declareFiles(jobs: Command): void {
  jobs
    .command('results <job> [folder]')
    .description('list its files, or copy all of them into a folder here')
    .option('--path <folder>', 'list this folder of it')
    .option('--json', 'as JSON')
    .action((id: string, folder: string | undefined, options: JsonOption & { path?: string }) =>
      runAction(options, async () => (await actions()).showResults(id, folder, options)),
    );
  jobs
    .command('get <job> <name> [file]')
    .description('copy a file of it here; “-”: to the output')
    .option('--json', 'as JSON')
    .action((id: string, name: string, file: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).getJobFile(id, name, file, options)),
    );
  jobs
    .command('put <job> <file> [name]')
    .description('copy a file of this computer into its directory')
    .option('--json', 'as JSON')
    .action((id: string, file: string, name: string | undefined, options: JsonOption) =>
      runAction(options, async () => (await actions()).putJobFile(id, file, name, options)),
    );
  jobs
    .command('rm <job> <names...>')
    .description('remove files or empty folders of its directory')
    .option('--json', 'as JSON')
    .action((id: string, names: string[], options: JsonOption) =>
      runAction(options, async () => (await actions()).removeJobFiles(id, names, options)),
    );
}

const changes = [
  ['cancel', 'end it'],
  ['hold', 'keep it from beginning while it waits in a queue'],
  ['release', 'release it from your hold'],
  ['remove', 'remove it with its directory on the cluster; only a new one or one that is over'],
] as const;

function declareChanges(jobs: Command): void {
  for (const [change, description] of changes) {
    jobs
      .command(`${change} <job>`)
      .description(description)
      .option('--json', 'as JSON')
      .action((id: string, options: JsonOption) =>
        runAction(options, async () => (await actions()).changeJob(change, id, options)),
      );
  }
  jobs
    .command('archive <job>')
    .description('hide it from lists; its directory stays')
    .option('--undo', 'list it again')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption & { undo?: boolean }) =>
      runAction(options, async () => (await actions()).archiveJob(id, options)),
    );
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
