import { type LaunchInput, launchInputSchema, type Resources } from '../electron/shared/instances.ts';
import type { LauncherName } from '../electron/shared/kinds.ts';
import { message } from '../electron/shared/messages.ts';
import { parseLauncherName } from '../electron/shared/recipe-name-policy.ts';
import { readText, readWholeNumber } from './option-values.ts';
import type { ResourceOptions } from './resource-options.ts';
import { UsageError } from './usage-error.ts';

/** Only what was given. @throws UsageError naming the option */
export function resourcesOf(options: ResourceOptions): Partial<Resources> {
  const { cpus, memory, time, gpus, queue, account } = options;
  return {
    ...(cpus !== undefined && { cpus: readWholeNumber('--cpus', cpus, { least: 1, most: 100_000 }) }),
    ...(memory !== undefined && { memory: readWholeNumber('--memory', memory, { least: 1, unit: 'MiB' }) }),
    ...(time !== undefined && { time: readWholeNumber('--time', time, { least: 1, unit: 'minutes' }) }),
    ...(gpus !== undefined && { gpus: readWholeNumber('--gpus', gpus, { least: 0, most: 1000 }) }),
    ...(queue !== undefined && { queue: readText('--queue', queue, 200) }),
    ...(account !== undefined && { account: readText('--account', account, 200) }),
  };
}

interface GivenValues {
  clusterId: string;
  recipe: string;
  args: LaunchInput['args'];
  /** As the user wrote it, e.g. `condor`; absent: not given. */
  launcher?: string;
  /** From Tunel's spelling of the recipe; weaker than `launcher`. */
  spelled?: string;
  resources: Partial<Resources>;
  title?: string;
}

/**
 * The values of a launch: what was given on the command line, before what a preset keeps. Queue, account and launcher
 * of a preset are those of its cluster and count only there.
 * @throws UsageError naming each value that cannot be
 */
export function launchValues(given: GivenValues, preset: LaunchInput | null, help: string): LaunchInput {
  const kept = preset && (preset.clusterId === given.clusterId ? preset : withoutClusterValues(preset));
  const asked = given.launcher === undefined ? null : requireLauncher(given.launcher);
  const input = launchInputSchema.safeParse({
    ...kept,
    clusterId: given.clusterId,
    recipe: given.recipe,
    ...(given.spelled ? { launcher: given.spelled } : {}),
    ...asked,
    args: { ...kept?.args, ...given.args },
    resources: { ...kept?.resources, ...given.resources },
    ...(given.title === undefined ? {} : { title: readText('--title', given.title, 100) }),
  });
  if (input.success) return input.data;
  const problems = input.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new UsageError(message`${{ problems }}`, { hint: message`See: ${{ help }} --help` });
}

function withoutClusterValues(preset: LaunchInput): LaunchInput {
  const none: Pick<Resources, 'queue' | 'account' | 'qos' | 'gpuType' | 'options'> = {
    queue: '',
    account: '',
    qos: '',
    gpuType: '',
    options: [],
  };
  return { ...preset, launcher: '', modules: [], workDirectory: '', resources: { ...preset.resources, ...none } };
}

/** @throws UsageError */
export function requireLauncher(name: string): ReturnType<typeof parseLauncherName> {
  const asked = parseLauncherName(name);
  if (asked.launcher !== '') return asked;
  throw new UsageError(message`There is no launcher “${{ name }}”.`, { hint: 'See: tunel info RECIPE' });
}

/** A name such as `docker` stands for a launcher with a runtime, which a script is run without. @throws UsageError */
export function requireJobLauncher(name: string): LauncherName | '' {
  const { launcher, runtime } = requireLauncher(name);
  if (runtime === '') return launcher;
  throw new UsageError(message`A job has no runtime, and “${{ name }}” names one.`, {
    hint: 'Start the container in the script.',
  });
}
