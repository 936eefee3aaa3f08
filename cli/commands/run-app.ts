import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import { parseArgValues } from '../arg-values.ts';
import { followLaunch } from '../follow.ts';
import { withCore } from '../open-core.ts';
import { guarded, printJson, say } from '../output.ts';
import { findCluster } from '../places.ts';
import { launchValues, type ResourceOptions, resourceOptions, resourcesOf } from '../run-options.ts';
import { fromTunel } from '../tunel-spelling.ts';
import { findPreset } from './presets.ts';

interface RunOptions extends ResourceOptions {
  launcher?: string;
  wait?: boolean;
  preset?: string;
  savePreset?: string;
  replace?: boolean;
  json?: boolean;
}

export function runAppCommand(program: Command): void {
  resourceOptions(
    program
      .command('run-app <cluster> <recipe> [args...]')
      .alias('launch')
      .description('start an app: tunel run-app hpc jupyter --launcher=slurm --interface=lab')
      .option('--launcher <name>', 'login, slurm, htcondor, ...; also singularity, docker, podman, condor')
      .option('--wait', 'wait until it is ready'),
  )
    .option('--preset <name>', 'with the values kept under this name; what is given besides counts more')
    .option('--save-preset <name>', 'keeps these values under this name, without secrets')
    .option('--replace', 'with --save-preset: also where there is one of that name')
    .option('--json', 'as JSON')
    .allowUnknownOption()
    .action((clusterName: string, recipe: string, words: string[], options: RunOptions) =>
      guarded(options.json === true, () =>
        withCore({ resume: false, demo: clusterName === 'demo' }, async (open) => {
          const { recipes, presets } = open.state();
          const names = recipes.list.map(({ name }) => name);
          const { launcher: spelled, ...what } = fromTunel(recipe, parseArgValues(words), names);
          const preset = options.preset === undefined ? null : findPreset(presets, names, what.recipe, options.preset);
          const given = {
            ...what,
            clusterId: findCluster(open.state(), clusterName).id,
            launcher: options.launcher,
            spelled,
            resources: resourcesOf(options),
            title: options.title,
          };
          const input = launchValues(given, preset?.input ?? null, 'tunel run-app');
          if (options.savePreset !== undefined) {
            const name = options.savePreset;
            await open.request('presets.save', { name, input, replace: options.replace === true });
          }
          const { id } = await open.request('instances.launch', input);
          const wanted = { wait: options.wait === true, quiet: options.json === true };
          const instance = await followLaunch(open, id, wanted);
          if (instance.error) throw AppError.revive(instance.error);
          if (options.json) printJson(instance);
          else say(describeLaunch(instance));
        }),
      ),
    );
}

function describeLaunch({ id, job, kind, state, title }: Instance): string {
  if (kind === 'app') return `${title} is ${state}: ${id}. Open it with: tunel open ${id}`;
  return `${title} is ${state}${job ? ` as job ${job.id}` : ''}: ${id}. Follow its log with: tunel logs -f ${id}`;
}
