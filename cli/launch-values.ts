import { AppError } from '../electron/shared/errors.ts';
import { type LaunchInput, launchInputSchema, type Resources } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import { parseLauncherName } from './legacy-names.ts';
import type { ResourceOptions } from './resource-options.ts';

const numberOf = (value: string | undefined) => (value === undefined ? {} : Number(value));

/** Only what was given; what is no number is found by the schema of the launch. */
export function resourcesOf(options: ResourceOptions): Record<string, unknown> {
  const { queue, account } = options;
  const numbers = {
    cpus: numberOf(options.cpus),
    memory: numberOf(options.memory),
    time: numberOf(options.time),
    gpus: numberOf(options.gpus),
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
    ...(given.title === undefined ? {} : { title: given.title }),
  });
  if (input.success) return input.data;
  const problems = input.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' ');
  throw new AppError('bad-input', message`${{ problems }}`, { hint: message`See: ${{ help }} --help` });
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

function requireLauncher(name: string): ReturnType<typeof parseLauncherName> {
  const asked = parseLauncherName(name);
  if (asked.launcher !== '') return asked;
  throw new AppError('bad-input', message`There is no launcher “${{ name }}”.`, { hint: 'See: tunel info RECIPE' });
}
