import type { LauncherInfo, Queue } from './clusters.ts';
import { combinationProblem } from './combination-policy.ts';
import {
  type ArgValue,
  checkValue,
  formFields,
  given as givenValue,
  resourceLimits,
  type ValueProblem,
} from './form-policy.ts';
import { readImage } from './image-policy.ts';
import type { LaunchInput, Resources } from './instances.ts';
import { readJobArray } from './job-array-policy.ts';
import type { LauncherName } from './kinds.ts';
import { applicableResources, completeResources, modulesToLoad } from './launch-defaults-policy.ts';
import type { LaunchProblem, LimitedResource } from './launch-problems.ts';
import { chooseLauncherFor, type LaunchTarget, launcherInfo, queueOf } from './launch-target.ts';
import { type LauncherFeatures, launcherFeatures } from './launcher-features.ts';
import type { RecipeArg, RecipeSummary } from './recipes.ts';
import { callsRuntimeItself, chooseRuntime, mayBeLoaded } from './runtime-policy.ts';
import { slurmOptionProblems } from './slurm-options-policy.ts';

type RecipeForm = Pick<RecipeSummary, 'title' | 'args' | 'resources'>;

/** The highest value that may be asked for, and who sets it. Time in minutes, memory in MiB. */
interface ResourceLimit {
  limit: number;
  by: 'queue' | 'recipe';
}
type ResourceLimits = Readonly<Record<LimitedResource, ResourceLimit | null>>;

const limitedResources: readonly LimitedResource[] = ['time', 'cpus', 'memory', 'gpus', 'nodes'];

/** What a queue has of a resource; null: not known, or no limit. */
function capacity(queue: Queue, resource: LimitedResource): number | null {
  switch (resource) {
    case 'time':
      return queue.maxSeconds === null ? null : Math.floor(queue.maxSeconds / 60);
    case 'cpus':
      return queue.cpusPerNode;
    case 'memory':
      return queue.memoryPerNode;
    case 'gpus':
      return queue.gpusPerNode;
    case 'nodes':
      return queue.nodes;
  }
}

/** The smaller of the queue's limit and the recipe's with these arguments. */
export function limitsOf(recipe: RecipeForm, args: LaunchInput['args'], queue: Queue | undefined): ResourceLimits {
  const own = resourceLimits(recipe, args);
  const limit = (resource: LimitedResource): ResourceLimit | null => {
    const ofQueue = queue ? capacity(queue, resource) : null;
    const ofRecipe = (resource === 'nodes' ? undefined : own[resource]?.max) ?? null;
    if (ofRecipe !== null && (ofQueue === null || ofRecipe < ofQueue)) return { limit: ofRecipe, by: 'recipe' };
    return ofQueue === null ? null : { limit: ofQueue, by: 'queue' };
  };
  return {
    time: limit('time'),
    cpus: limit('cpus'),
    memory: limit('memory'),
    gpus: limit('gpus'),
    nodes: limit('nodes'),
  };
}

/** Kinds of GPU in the queue, or in all queues where the queue is not known. */
export function gpuTypesOf(info: LauncherInfo | undefined, queue: Queue | undefined): string[] {
  const queues = queue ? [queue] : (info?.queues ?? []);
  return [...new Set(queues.flatMap((entry) => entry.gpuTypes))];
}

interface ResourcesInput {
  /** Complete: with all defaults. */
  resources: Resources;
  recipe: RecipeForm & Pick<RecipeSummary, 'serves'>;
  args: LaunchInput['args'];
  launcher: LauncherName;
  target: Pick<LaunchTarget, 'name' | 'facts'>;
}

interface Scheduler {
  features: LauncherFeatures;
  info: LauncherInfo | undefined;
  queue: Queue | undefined;
}

/**
 * What the scheduler would refuse, or leave pending for ever, and what the recipe does not take. Unknown limits pass: the
 * scheduler decides.
 */
export function resourceProblems(input: ResourcesInput): LaunchProblem[] {
  const { resources, recipe, launcher, target } = input;
  const features = launcherFeatures[launcher];
  if (!features) return [];
  const info = launcherInfo(target.facts, launcher);
  const scheduler: Scheduler = { features, info, queue: queueOf(info, resources.queue) };
  const array = recipe.serves ? null : readJobArray(resources.array, launcher);
  return [
    ...queueProblems(input, scheduler),
    ...limitedResources.flatMap((resource) => limitProblem(resource, input, scheduler) ?? []),
    ...gpuTypeProblems(resources, scheduler),
    ...(array && !array.ok ? [array.problem] : []),
    ...qosProblems(resources, scheduler),
    ...combinationProblems(resources, scheduler),
    ...(launcher === 'slurm' ? slurmOptionProblems(resources.options) : []),
  ];
}

function queueProblems({ resources, target }: ResourcesInput, { features, info, queue }: Scheduler): LaunchProblem[] {
  const queues = info?.queues.map((entry) => entry.name) ?? [];
  if (!features.queues || resources.queue === '' || queues.length === 0 || queue) return [];
  return [{ code: 'queue-unknown', field: 'queue', values: { queue: resources.queue, cluster: target.name, queues } }];
}

function qosProblems({ qos }: Resources, { info }: Scheduler): LaunchProblem[] {
  const allowed = info?.qos ?? [];
  if (qos === '' || allowed.length === 0 || allowed.includes(qos)) return [];
  return [{ code: 'qos-unknown', field: 'qos', values: { qos, allowed } }];
}

/** Names that are not known here have problems of their own. */
function combinationProblems(resources: Resources, { features, info }: Scheduler): LaunchProblem[] {
  if (!info) return [];
  const queue = features.queues && info.queues.some(({ name }) => name === resources.queue) ? resources.queue : '';
  const qos = features.qos && info.qos.includes(resources.qos) ? resources.qos : '';
  // An option may name another account.
  const unnamed = resources.options.length > 0 ? '' : undefined;
  const problem = combinationProblem(info, { ...resources, queue, qos }, unnamed);
  if (!problem) return [];
  const { field, refusal, possible, chosen } = problem;
  return [{ code: 'combination-refused', field, values: { field, refusal, possible, chosen } }];
}

function gpuTypeProblems({ gpus, gpuType }: Resources, { features, info, queue }: Scheduler): LaunchProblem[] {
  const types = gpuTypesOf(info, queue);
  if (!features.gpuTypes || !gpus || gpuType === '' || types.length === 0 || types.includes(gpuType)) return [];
  return [{ code: 'gpu-type-unknown', field: 'gpuType', values: { gpuType, queue: queue?.name ?? '', types } }];
}

function limitProblem(resource: LimitedResource, input: ResourcesInput, scheduler: Scheduler): LaunchProblem | null {
  const { resources, recipe, args } = input;
  const { features, info, queue } = scheduler;
  const asked = resources[resource];
  if (asked === null || (resource === 'nodes' && !features.nodes)) return null;
  if (!Number.isInteger(asked) || asked < (resource === 'gpus' ? 0 : 1)) {
    return { code: 'number-invalid', field: resource, values: { resource, asked } };
  }
  const known = limitsOf(recipe, args, queue)[resource];
  if (known === null || asked <= known.limit) return null;
  const { limit } = known;
  if (known.by === 'recipe') {
    return { code: 'recipe-limit', field: resource, values: { recipe: recipe.title, resource, asked, limit } };
  }
  const fits = (other: Queue) => {
    const has = capacity(other, resource);
    return has === null ? resource === 'time' : has >= asked;
  };
  const other = info?.queues.find((entry) => entry.name !== queue?.name && fits(entry));
  const names = features.queues ? { queue: queue?.name ?? '', otherQueue: other?.name ?? null } : noQueue;
  return { code: 'queue-limit', field: resource, values: { resource, asked, limit, ...names } };
}

const noQueue = { queue: '', otherQueue: null };

const maxArguments = 500;

/** A value as a sentence quotes it: sentences are shown and logged, secrets are not. */
function quotedValue(arg: RecipeArg, value: ArgValue | undefined): string {
  if (arg.type === 'secret') return '***';
  const shown = String(value);
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}

interface CheckedArguments {
  /** The values a recipe is rendered with. */
  values: Map<string, ArgValue>;
  problems: LaunchProblem[];
}

/**
 * The arguments with defaults filled in, each checked against its declaration as it is with the others' values. An
 * argument whose condition does not hold has no value, whatever was given for it.
 */
export function checkArguments(
  recipe: string,
  declared: readonly RecipeArg[],
  given: LaunchInput['args'],
): CheckedArguments {
  const names = Object.keys(given);
  const checked: CheckedArguments = { values: new Map(), problems: [] };
  if (names.length > maxArguments) {
    const values = { recipe, given: names.length, most: maxArguments };
    return { ...checked, problems: [{ code: 'too-many-arguments', field: 'args', values }] };
  }
  for (const arg of formFields(declared, given)) checkArgument(arg, recipe, given, checked);
  // Arguments that the recipe does not declare are passed on, as Tunel 0.0.18 does.
  const known = new Set(declared.map((arg) => arg.name));
  for (const [name, value] of Object.entries(given)) {
    if (known.has(name)) continue;
    if (typeof value === 'string' && value.includes('\0')) {
      checked.problems.push(argumentProblem({ name, description: '' }, recipe, '', { kind: 'nul' }));
    } else checked.values.set(name, value);
  }
  return checked;
}

function checkArgument(arg: RecipeArg, recipe: string, given: LaunchInput['args'], into: CheckedArguments): void {
  const { name } = arg;
  const value = givenValue(given, name) ?? arg.default;
  const checked = checkValue(arg, value);
  if ('problem' in checked) into.problems.push(argumentProblem(arg, recipe, quotedValue(arg, value), checked.problem));
  else if (checked.value !== null) into.values.set(name, checked.value);
}

function argumentProblem(arg: RecipeArg, recipe: string, value: string, problem: ValueProblem): LaunchProblem {
  const { name } = arg;
  const labels = { recipe, name, title: arg.title ?? name, help: arg.help ?? '' };
  return { code: 'argument-invalid', field: `args.${name}`, values: { ...labels, value, problem } };
}

const maxTitle = 100;

interface ValidationInput {
  input: LaunchInput;
  recipe: RecipeSummary;
  /** undefined: no cluster is chosen. */
  target: LaunchTarget | undefined;
  /** What the script of a legacy recipe asks for, once it is rendered. */
  script?: Partial<Resources> | null;
}

/** All reasons why a launch cannot be made as it is asked for, in the order of the form's fields. */
export function validateLaunch({ input, recipe, target, script = null }: ValidationInput): LaunchProblem[] {
  const problems: LaunchProblem[] = [];
  if (target) {
    const choice = chooseLauncherFor(recipe, input.launcher, target);
    if (!choice.ok) problems.push(choice.problem);
    problems.push(...containerProblems(input, recipe, target, choice.ok ? choice.launcher : null));
    if (choice.ok) {
      const { launcher } = choice;
      const requested = applicableResources(input.resources, launcher, recipe.serves);
      const resources = completeResources({ requested, recipe: recipe.resources, launcher, target, script });
      problems.push(...resourceProblems({ resources, recipe, args: input.args, launcher, target }));
    }
  } else problems.push({ code: 'cluster-missing', field: 'clusterId', values: {} });
  problems.push(...checkArguments(recipe.name, recipe.args, input.args).problems, ...textProblems(input));
  return problems;
}

function containerProblems(
  input: LaunchInput,
  recipe: RecipeSummary,
  target: LaunchTarget,
  launcher: LauncherName | null,
): LaunchProblem[] {
  if (/[\0\r\n]/.test(input.image)) {
    return [{ code: 'several-lines', field: 'image', values: { subject: 'An image' } }];
  }
  if (input.image === '' && callsRuntimeItself(recipe.scriptRuntimes, launcher, input.runtime)) return [];
  const { defaults, facts } = target;
  const named = input.image.trim() || recipe.image;
  const image = named === '' ? null : readImage(named, facts?.home ?? '');
  if (named !== '' && image === null) return [{ code: 'image-invalid', field: 'image', values: { image: named } }];
  const modules = modulesToLoad(defaults.modules, recipe.modules, input.modules);
  const choice = chooseRuntime({
    requested: input.runtime,
    isImageRequested: input.image.trim() !== '',
    clusterDefault: target.ownRuntime,
    site: target.siteRuntime,
    image,
    isPreferred: true,
    detected: facts?.runtimes.map((runtime) => runtime.name) ?? null,
    mayBeLoaded: mayBeLoaded({ modules, environment: defaults.environment, launcher, image }),
    recipeTitle: recipe.title,
    clusterName: target.name,
  });
  return choice.ok ? [] : [choice.problem];
}

function textProblems({ workDirectory, title }: LaunchInput): LaunchProblem[] {
  const problems: LaunchProblem[] = [];
  if (/[\0\r\n]/.test(workDirectory)) {
    problems.push({ code: 'several-lines', field: 'workDirectory', values: { subject: 'A directory' } });
  }
  if (title.length > maxTitle) {
    problems.push({ code: 'text-too-long', field: 'title', values: { subject: 'A name', most: maxTitle } });
  }
  return problems;
}
