import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { type ArgValue, checkValue, formFields, given, resourceLimits } from '../../../electron/shared/form-policy.ts';
import type { RecipeArg, RecipeSummary } from '../../../electron/shared/recipes.ts';
import { launcherFeatures, launcherWord, runtimeWords } from '../../words/launcher.ts';
import { count } from '../../words/size.ts';
import { length } from '../../words/time.ts';
import { effectiveLauncher, type LaunchValues, possibleLaunchers, queueFor, queuesOf } from './launch-values.ts';
import { possibleRuntimes } from './runtime-choice.ts';

export interface FieldError {
  message: string;
  /** Another queue where it would fit. */
  queue?: string;
}

export interface Limits {
  /** Minutes. */
  time: number | null;
  cpus: number | null;
  /** GB of 1024 MiB. */
  memory: number | null;
  gpus: number | null;
  nodes: number | null;
}

const least = (...values: (number | null | undefined)[]): number | null => {
  const known = values.filter((value): value is number => value != null);
  return known.length === 0 ? null : Math.min(...known);
};

/** What may be asked for: the smaller of the queue's limit and the recipe's; null where neither is known. */
export function limitsFor(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): Limits {
  const queue = queueFor(values, recipe, cluster);
  const resources = resourceLimits(recipe, values.args);
  const memory = least(queue?.memoryPerNode, resources.memory?.max);
  return {
    time: least(queue?.maxSeconds == null ? null : Math.floor(queue.maxSeconds / 60), resources.time?.max),
    cpus: least(queue?.cpusPerNode, resources.cpus?.max),
    memory: memory === null ? null : Math.floor((memory / 1024) * 10) / 10,
    gpus: least(queue?.gpusPerNode, resources.gpus?.max),
    nodes: queue?.nodes ?? null,
  };
}

/** The kinds of GPU in the queue of a launch, or in all queues where its queue is not known. */
export function gpuTypesFor(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): string[] {
  const queue = queueFor(values, recipe, cluster);
  const queues = queue ? [queue] : queuesOf(cluster, effectiveLauncher(values, recipe, cluster));
  return [...new Set(queues.flatMap((entry) => entry.gpuTypes))];
}

/** `1-100`, `1,5,9`, `0-20:2`, each with `%5` for how many at once. */
const arrayPattern = /^\d+(-\d+(:[1-9]\d*)?)?(,\d+(-\d+(:[1-9]\d*)?)?)*(%[1-9]\d*)?$/;
const oneLine = (value: string) => !/[\0\r\n]/.test(value);

function checkResource(
  asked: number | null,
  limit: number | null,
  words: { none: string; less: string; unit: (value: number) => string },
  other: string | undefined,
): FieldError | null {
  if (asked === null) return null;
  if (!Number.isFinite(asked) || asked <= 0) return { message: 'Give a number above zero, or leave it empty.' };
  if (limit === null || asked <= limit) return null;
  const way = limit > 0 ? `Ask for ${words.unit(limit)} or less` : words.less;
  return { message: `${words.none}. ${way}${other ? `, or use queue ${other}` : ''}.`, queue: other };
}

/** What is wrong with an argument's value, for the field. `arg` as it is with the others' values. */
export function checkArg(arg: RecipeArg, value: ArgValue | undefined): string | null {
  const checked = checkValue(arg, value);
  if (!('problem' in checked)) return null;
  const { problem } = checked;
  switch (problem.kind) {
    case 'needed':
      return `${arg.title ?? arg.name} is needed.`;
    case 'nul':
      return 'It has a NUL character.';
    case 'not-a-number':
      return 'Give a number.';
    case 'less':
      return `Give ${problem.min} or more.`;
    case 'more':
      return `Give ${problem.max} or less.`;
    case 'not-yes-or-no':
      return 'Give true or false.';
    case 'not-a-choice':
      return 'Choose one of the list.';
    case 'too-long':
      return `At most ${problem.max} characters.`;
    case 'pattern':
      return arg.help ?? `It must match ${problem.pattern}.`;
  }
}

/** Mistakes by field name, in the order of the form; empty when it can be launched. */
export function validateLaunch(
  values: LaunchValues,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): Map<string, FieldError> {
  const errors = new Map<string, FieldError>();
  const add = (field: string, error: FieldError | string | null) => {
    if (error) errors.set(field, typeof error === 'string' ? { message: error } : error);
  };
  if (!cluster) add('clusterId', 'Choose where it runs.');
  const possible = possibleLaunchers(recipe, cluster);
  const launcher = effectiveLauncher(values, recipe, cluster);
  if (cluster && (launcher === null || !possible.includes(launcher))) {
    const wants = recipe.launchers.map(launcherWord).join(', ');
    add('launcher', `${recipe.title} runs with ${wants}. ${cluster.cluster.name} has none of these.`);
    if (launcher !== null && possible.length > 0) {
      add(
        'launcher',
        `${recipe.title} does not run with ${launcherWord(launcher)} here. Choose ${possible.map(launcherWord).join(' or ')}.`,
      );
    }
  }
  if (values.runtime && !possibleRuntimes(cluster).includes(values.runtime)) {
    add('runtime', `${runtimeWords[values.runtime]} was not found on ${cluster?.cluster.name}.`);
  }
  if (values.runtime && values.runtime !== 'native' && values.image.trim() === '' && recipe.image === '') {
    add('image', `${recipe.title} names no image. Give one, or choose no container.`);
  }
  if (!oneLine(values.image)) add('image', 'An image is one line.');
  const can = launcher === null ? null : launcherFeatures[launcher];
  if (can) {
    const queues = queuesOf(cluster, launcher);
    if (can.queues && values.queue && queues.length > 0 && !queues.some((queue) => queue.name === values.queue)) {
      add(
        'queue',
        `${cluster?.cluster.name} has no queue ${values.queue}. Choose ${queues.map((queue) => queue.name).join(', ')}.`,
      );
    }
    const limit = limitsFor(values, recipe, cluster);
    const name = can.queues ? queueFor(values, recipe, cluster)?.name : undefined;
    const where = name ? `in ${name} ` : '';
    const other = (fits: (queue: (typeof queues)[number]) => boolean) =>
      can.queues ? queues.find((queue) => queue.name !== name && fits(queue))?.name : undefined;
    add(
      'time',
      checkResource(
        values.time,
        limit.time,
        { none: `At most ${length(limit.time ?? 0)} ${where}can be asked for`, less: '', unit: length },
        other((queue) => queue.maxSeconds === null || queue.maxSeconds / 60 >= (values.time ?? 0)),
      ),
    );
    add(
      'cpus',
      checkResource(
        values.cpus,
        limit.cpus,
        {
          none: `No node ${where}has ${count(values.cpus ?? 0, 'cpu')}`,
          less: '',
          unit: (value) => count(value, 'cpu'),
        },
        other((queue) => (queue.cpusPerNode ?? 0) >= (values.cpus ?? 0)),
      ),
    );
    add(
      'memory',
      checkResource(
        values.memory,
        limit.memory,
        { none: `No node ${where}has ${values.memory} GB`, less: '', unit: (value) => `${value} GB` },
        other((queue) => (queue.memoryPerNode ?? 0) >= (values.memory ?? 0) * 1024),
      ),
    );
    add(
      'gpus',
      checkResource(
        values.gpus === 0 ? null : values.gpus,
        limit.gpus,
        {
          none:
            limit.gpus === 0 ? `No node ${where}has a GPU` : `No node ${where}has ${count(values.gpus ?? 0, 'GPU')}`,
          less: 'Ask for none',
          unit: (value) => count(value, 'GPU'),
        },
        other((queue) => (queue.gpusPerNode ?? 0) >= (values.gpus ?? 0)),
      ),
    );
    const types = gpuTypesFor(values, recipe, cluster);
    if (can.gpuTypes && values.gpus && values.gpuType && types.length > 0 && !types.includes(values.gpuType)) {
      add('gpuType', `No node ${where}has a GPU of type ${values.gpuType}. Choose ${types.join(' or ')}.`);
    }
    if (can.nodes) {
      add(
        'nodes',
        checkResource(
          values.nodes,
          limit.nodes,
          {
            none: `${name ?? 'It'} has ${count(limit.nodes ?? 0, 'node')}`,
            less: '',
            unit: (value) => count(value, 'node'),
          },
          other((queue) => (queue.nodes ?? 0) >= (values.nodes ?? 0)),
        ),
      );
    }
    const array = values.array.trim();
    if (!recipe.serves && array !== '' && !arrayPattern.test(array)) {
      add('array', 'Give numbers and ranges, such as 1-100 or 1,4,7; %5 at the end runs five at once.');
    }
  }
  for (const arg of formFields(recipe.args, values.args)) {
    add(`args.${arg.name}`, checkArg(arg, given(values.args, arg.name)));
  }
  if (!oneLine(values.workDirectory)) add('workDirectory', 'A directory is one line.');
  if (values.title.length > 100) add('title', 'At most 100 characters.');
  return errors;
}
