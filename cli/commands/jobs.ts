import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import type { LauncherName } from '../../electron/shared/kinds.ts';
import { scriptRecipeName } from '../../electron/shared/script-recipe-name.ts';
import { agree } from '../agree.ts';
import { passesWords } from '../argv.ts';
import { ended, followLaunch, followLog } from '../follow.ts';
import { type OpenCore, withCore } from '../open-core.ts';
import { guarded, printJson, say } from '../output.ts';
import { findCluster } from '../places.ts';
import { launchValues, type ResourceOptions, resourceOptions, resourcesOf } from '../run-options.ts';
import { scriptText } from '../script-text.ts';
import { connected, untilReached } from '../settling.ts';
import { jobsMeant } from '../stop-policy.ts';

interface RunOptions extends ResourceOptions {
  wait: boolean;
  there?: boolean;
  chdir?: string;
  json?: boolean;
}
interface StopOptions {
  all?: boolean;
  yes?: boolean;
  now?: boolean;
  json?: boolean;
}

/** Tunel's name of each, and ours. */
const kinds: [string, LauncherName, string][] = [
  ['slurm', 'slurm', 'Slurm'],
  ['condor', 'htcondor', 'HTCondor'],
];

/** Scripts of the user's own as batch jobs. */
export function jobCommands(program: Command): void {
  for (const [word, launcher, title] of kinds) {
    passesWords(
      resourceOptions(
        program
          .command(`run-${word} <cluster> <script> [words...]`)
          .usage('[options] <cluster> <script> [words for it...]')
          .description(
            `submits a script of yours to ${title} and shows its log until it ends: tunel run-${word} hpc job.sh; “-” reads it from the input`,
          ),
      )
        .option('--there', 'the script is a path on the cluster')
        .option('--chdir <dir>', 'where it runs there, instead of the home directory')
        .option('--no-wait', 'only submit it')
        .option('--json', 'as JSON, without the log'),
      1,
    ).action((cluster: string, script: string, words: string[], options: RunOptions) =>
      run(launcher, word, cluster, script, words, options),
    );

    program
      .command(`stop-${word} <cluster> [names...]`)
      .description(
        `ends jobs of yours that run by ${title}, by id, title, recipe or job number: tunel stop-${word} hpc job.sh`,
      )
      .option('--all', 'all that Tunel started there')
      .option('--yes', 'without asking')
      .option('--now', 'at once, what they have not saved is lost')
      .option('--json', 'as JSON')
      .action((cluster: string, names: string[], options: StopOptions) =>
        guarded(options.json === true, () =>
          withCore({ resume: true, demo: false }, (open) => stop(open, launcher, cluster, names, options)),
        ),
      );
  }
}

async function run(
  launcher: LauncherName,
  word: string,
  cluster: string,
  script: string,
  words: readonly string[],
  options: RunOptions,
): Promise<void> {
  let exitCode: number | null = null;
  await guarded(options.json === true, () =>
    withCore({ resume: false, demo: false }, async (open) => {
      const clusterId = findCluster(open.state(), cluster).id;
      const name = script === '-' ? 'the input' : script;
      const text = scriptText(name, await read(open, clusterId, script, options.there === true), words);
      const title = options.title ?? (script === '-' ? 'script' : basename(script)).slice(0, 100);
      const given = { clusterId, recipe: scriptRecipeName, launcher, args: { script: text }, title };
      const values = launchValues({ ...given, resources: resourcesOf(options) }, null, `tunel run-${word}`);
      const input = { ...values, workDirectory: options.chdir ?? '' };
      const { id } = await open.request('instances.launch', input);
      const submitted = await followLaunch(open, id, { wait: false, quiet: options.json === true });
      if (submitted.error) throw AppError.revive(submitted.error);
      if (!options.wait) {
        if (options.json) printJson(submitted);
        else say(`${title} is job ${submitted.job?.id}: ${id}. See its log with: tunel logs -f ${id}`);
        return;
      }
      const last = await untilEnd(open, id, title, `tunel stop-${word} ${cluster} ${id}`, options);
      exitCode = last.job?.exitCode ?? null;
      if (last.error) throw AppError.revive(last.error);
      if (options.json) printJson(last);
      else say(`${title} has ended.`);
    }),
  );
  // A script's own exit code says more than that it failed.
  if (exitCode) process.exitCode = exitCode;
}

async function untilEnd(
  open: OpenCore,
  id: string,
  title: string,
  howToStop: string,
  { json }: RunOptions,
): Promise<Instance> {
  try {
    if (!json) return await followLog(open, id, 0);
    return await open.until((state) => state.instances.find((app) => app.id === id && ended(app)) ?? null);
  } catch (error) {
    if (AppError.from(error).code === 'cancelled') say(`${title} runs on. End it with: ${howToStop}`);
    throw error;
  }
}

async function read(open: OpenCore, clusterId: string, script: string, there: boolean): Promise<string> {
  if (there) {
    const bytes = await open.core.files.read({ clusterId, path: script, maxBytes: 1_000_000 }, open.interrupted);
    return Buffer.from(bytes).toString('utf8');
  }
  if (script === '-') return textOf(process.stdin);
  try {
    return readFileSync(script, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', `${script} cannot be read here.`, {
      hint: 'For a script on the cluster add --there; to run one command there: tunel exec CLUSTER -- COMMAND',
      detail: AppError.from(cause).message,
      cause,
    });
  }
}

async function stop(
  open: OpenCore,
  launcher: LauncherName,
  cluster: string,
  names: readonly string[],
  options: StopOptions,
): Promise<void> {
  await connected(open);
  const clusterId = findCluster(open.state(), cluster).id;
  const there = open.state().instances.filter((app) => app.clusterId === clusterId && app.launcher === launcher);
  const running = there.filter((app) => !ended(app));
  const meant = jobsMeant(running, names, options.all === true, cluster);
  if (options.all && !options.yes) {
    for (const app of meant) say(`  ${app.id}  ${app.title}  ${app.job?.id ?? ''}`);
    await agree(`End all ${meant.length} (yes/no)? `, 'Add --yes.', 'Nothing was ended');
  }
  const asked = options.now ? 'instances.end' : 'instances.stop';
  const last = await Promise.all(
    meant.map(async (app) => {
      await open.request(asked, { id: app.id });
      return untilReached(open, app, ended);
    }),
  );
  if (options.json) return printJson(last);
  for (const app of last) say(`${app.title} has ${app.state === 'failed' ? 'failed' : 'ended'}.`);
}
