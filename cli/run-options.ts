import type { Command } from 'commander';
import { AppError } from '../electron/shared/errors.ts';
import { type LaunchInput, launchInputSchema, type Resources } from '../electron/shared/instances.ts';
import { spelledLauncher } from './tunel-spelling.ts';

/** What the options of `resourceOptions` hold. */
export interface ResourceOptions {
  cpus?: string;
  memory?: string;
  time?: string;
  gpus?: string;
  queue?: string;
  account?: string;
  title?: string;
}

/** What a launch asks of its scheduler, as options of a command. */
export function resourceOptions(command: Command): Command {
  return command
    .option('--cpus <n>', 'cores')
    .option('--memory <MiB>', 'memory')
    .option('--time <minutes>', 'how long at most')
    .option('--gpus <n>', 'GPUs')
    .option('--queue <name>', "the scheduler's queue")
    .option('--account <name>', 'who pays for it')
    .option('--title <text>', 'what you call it');
}

const whole = (value: string | undefined) => (value === undefined ? {} : Number(value));

/** Only what was given; what is no number is found by the schema of the launch. */
export function resourcesOf(options: ResourceOptions): Record<string, unknown> {
  const { queue, account } = options;
  const numbers = {
    cpus: whole(options.cpus),
    memory: whole(options.memory),
    time: whole(options.time),
    gpus: whole(options.gpus),
  };
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => typeof value === 'number')),
    ...(queue === undefined ? {} : { queue }),
    ...(account === undefined ? {} : { account }),
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
  resources: Record<string, unknown>;
  title?: string;
}

/**
 * The values of a launch: what was given on the command line, before what a preset keeps. Queue, account and launcher
 * of a preset are those of its cluster and count only there.
 * @throws AppError `bad-input` naming each value that cannot be
 */
export function launchValues(given: GivenValues, preset: LaunchInput | null, help: string): LaunchInput {
  const kept = preset && (preset.clusterId === given.clusterId ? preset : elsewhere(preset));
  const asked = given.launcher === undefined ? null : launcherAsked(given.launcher);
  const input = launchInputSchema.safeParse({
    ...kept,
    clusterId: given.clusterId,
    recipe: given.recipe,
    ...(given.spelled ? { launcher: given.spelled } : {}),
    ...asked,
    args: { ...kept?.args, ...given.args },
    resources: { ...kept?.resources, ...given.resources },
    ...(given.title === undefined ? {} : { title: given.title }),
  });
  if (input.success) return input.data;
  const words = input.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ');
  throw new AppError('bad-input', words, { hint: `See: ${help} --help` });
}

function elsewhere(preset: LaunchInput): LaunchInput {
  const none: Pick<Resources, 'queue' | 'account' | 'qos' | 'gpuType' | 'options'> = {
    queue: '',
    account: '',
    qos: '',
    gpuType: '',
    options: [],
  };
  return { ...preset, launcher: '', modules: [], workDirectory: '', resources: { ...preset.resources, ...none } };
}

function launcherAsked(name: string): ReturnType<typeof spelledLauncher> {
  const asked = spelledLauncher(name);
  if (asked.launcher !== '') return asked;
  throw new AppError('bad-input', `There is no launcher “${name}”.`, { hint: 'See: tunel info RECIPE' });
}
