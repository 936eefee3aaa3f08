import {
  type ClusterState,
  clusterDefaultsSchema,
  type LauncherInfo,
  type Queue,
} from '../../../electron/shared/clusters.ts';
import { type ArgValue, formFields, given as givenValue, toBoolean } from '../../../electron/shared/form-policy.ts';
import { exactGigabytes } from '../../../electron/shared/format.ts';
import { type LaunchInput, type Resources, resourcesSchema } from '../../../electron/shared/instances.ts';
import type { LauncherName, RuntimeName } from '../../../electron/shared/kinds.ts';
import { applicableResources, completeResources } from '../../../electron/shared/launch-defaults-policy.ts';
import {
  chooseLauncherFor,
  type LaunchTarget,
  launcherInfo,
  launchTarget,
  queueOf,
} from '../../../electron/shared/launch-target.ts';
import { availableLaunchers } from '../../../electron/shared/launcher-policy.ts';
import type { RecipeArg, RecipeSummary } from '../../../electron/shared/recipes.ts';
import { applySite } from '../../../electron/shared/site-policy.ts';

/** What the form holds. Time in minutes, memory in GB (1024 MiB); null and empty: the site's default. */
export interface LaunchValues {
  clusterId: string;
  launcher: LauncherName | '';
  runtime: RuntimeName | '';
  /** Another image than the recipe's. */
  image: string;
  queue: string;
  account: string;
  qos: string;
  time: number | null;
  cpus: number | null;
  memory: number | null;
  gpus: number | null;
  gpuType: string;
  nodes: number | null;
  options: string[];
  array: string;
  modules: string[];
  workDirectory: string;
  title: string;
  args: Record<string, ArgValue>;
}

export const isSecret = (arg: RecipeArg) => arg.type === 'secret';

/** A cluster as a launch takes it. The site's profile may have been applied before: it changes nothing a second time. */
export const targetOf = ({ cluster, facts }: ClusterState, queue: string): LaunchTarget =>
  launchTarget(cluster, facts, queue);

const detected = (cluster: ClusterState | undefined): LauncherName[] | null =>
  cluster?.facts?.launchers.map((launcher) => launcher.name) ?? null;

export const possibleLaunchers = (recipe: RecipeSummary, cluster: ClusterState | undefined): LauncherName[] =>
  availableLaunchers(recipe, detected(cluster));

/** Found on the cluster, but the recipe does not run with them. */
export const otherLaunchers = (recipe: RecipeSummary, cluster: ClusterState | undefined): LauncherName[] =>
  (detected(cluster) ?? []).filter((name) => !recipe.launchers.includes(name));

/** The launcher of a launch; one that was chosen counts even if it cannot be used. Null: none can. */
export function effectiveLauncher(
  values: Pick<LaunchValues, 'launcher'>,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): LauncherName | null {
  if (values.launcher) return values.launcher;
  const target = cluster ? targetOf(cluster, '') : { name: '', defaults: noDefaults, facts: null };
  const choice = chooseLauncherFor(recipe, '', target);
  return choice.ok ? choice.launcher : null;
}

const noDefaults = clusterDefaultsSchema.parse({});

export const launcherOf = (
  cluster: ClusterState | undefined,
  launcher: LauncherName | null,
): LauncherInfo | undefined => launcherInfo(cluster?.facts ?? null, launcher);

/** A cluster with its site's profile applied to what was detected and to the user's settings. */
export function withSite(cluster: ClusterState | undefined, queue: string): ClusterState | undefined {
  if (!cluster?.cluster.site) return cluster;
  const { defaults, facts } = applySite({ cluster: cluster.cluster, facts: cluster.facts, keep: [queue] });
  return { ...cluster, cluster: { ...cluster.cluster, defaults }, facts };
}

/** Queues to choose from; a scheduler without queues may describe all its machines as one. */
export function queuesOf(cluster: ClusterState | undefined, launcher: LauncherName | null): Queue[] {
  return launcherOf(cluster, launcher)?.queues ?? [];
}

/** What a launch asks for with these values, and with defaults where they are empty. Null: it cannot be launched. */
function resourcesFor(
  requested: Resources,
  values: Pick<LaunchValues, 'launcher'>,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): Resources | null {
  const launcher = effectiveLauncher(values, recipe, cluster);
  if (!cluster || launcher === null) return null;
  const target = targetOf(cluster, requested.queue);
  return completeResources({ requested, recipe: recipe.resources, launcher, target, script: null });
}

/** What a launch asks for where the form is empty. */
export const defaultResources = (
  values: Pick<LaunchValues, 'launcher'>,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): Resources => resourcesFor(noRequest, values, recipe, cluster) ?? noRequest;

/** The queue a launch would go to, as far as it is known. */
export function queueFor(
  values: Pick<LaunchValues, 'queue' | 'launcher'>,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): Queue | undefined {
  const info = launcherOf(cluster, effectiveLauncher(values, recipe, cluster));
  const resources = resourcesFor({ ...noRequest, queue: values.queue }, values, recipe, cluster);
  return queueOf(info, resources?.queue ?? '');
}

const noRequest = resourcesSchema.parse({});

/** Where the form begins: the given values, else the last ones used here, else the defaults of recipe and cluster. */
export function initialValues(
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
  from: Partial<LaunchInput> | undefined | null,
): LaunchValues {
  const defaults = cluster?.cluster.defaults;
  const asked = from?.resources;
  const usual = cluster ? defaultResources({ launcher: from?.launcher ?? '' }, recipe, cluster) : null;
  const { cpus, memory, time, gpus } = asked ?? usual ?? noRequest;
  const args: Record<string, ArgValue> = {};
  for (const arg of recipe.args) {
    if (isSecret(arg)) {
      args[arg.name] = '';
      continue;
    }
    const given = givenValue(from?.args ?? {}, arg.name);
    args[arg.name] = given ?? arg.default ?? (arg.type === 'boolean' ? false : '');
  }
  return {
    clusterId: cluster?.cluster.id ?? '',
    launcher: from?.launcher ?? '',
    runtime: from?.runtime ?? '',
    image: from?.image ?? '',
    queue: asked?.queue ?? defaults?.queue ?? '',
    account: asked?.account ?? defaults?.account ?? '',
    qos: asked?.qos ?? '',
    time: time ?? null,
    cpus: cpus ?? null,
    memory: memory == null ? null : exactGigabytes(memory),
    gpus: gpus ?? null,
    gpuType: asked?.gpuType ?? '',
    nodes: asked?.nodes ?? null,
    options: asked?.options ?? [],
    array: asked?.array ?? '',
    modules: from?.modules ?? [],
    workDirectory: from?.workDirectory ?? '',
    title: from?.title ?? '',
    args,
  };
}

/**
 * Values as the engine takes them. Left out are fields that are not shown, empty ones (unless that undoes a default), and what
 * the launcher in use cannot be asked for.
 */
export function toInput(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): LaunchInput {
  const args: Record<string, ArgValue> = {};
  for (const arg of formFields(recipe.args, values.args)) {
    const value = givenValue(values.args, arg.name);
    if (value === undefined || (value === '' && (arg.default === undefined || arg.default === ''))) continue;
    if (value === false && !arg.required && toBoolean(arg.default ?? false) !== true) continue;
    args[arg.name] = value;
  }
  return {
    clusterId: values.clusterId,
    recipe: recipe.name,
    launcher: values.launcher,
    runtime: values.runtime,
    image: values.runtime === 'native' ? '' : values.image.trim(),
    args,
    resources: toResources(values, recipe, cluster),
    modules: values.modules,
    workDirectory: values.workDirectory.trim(),
    title: values.title.trim(),
  };
}

function toResources(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): Resources {
  const { time, cpus, memory, gpus, nodes, queue, options } = values;
  const resources: Resources = {
    cpus,
    memory: memory === null ? null : Math.round(memory * 1024),
    time,
    gpus,
    gpuType: values.gpuType.trim(),
    queue,
    account: values.account.trim(),
    nodes,
    qos: values.qos.trim(),
    options,
    array: values.array.trim(),
  };
  const launcher = effectiveLauncher(values, recipe, cluster);
  return applicableResources(resources, launcher ?? 'slurm', recipe.serves);
}

/** The same for a preview: a secret is shown as dots and never leaves the form. */
export function toPreview(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): LaunchInput {
  const input = toInput(values, recipe, cluster);
  for (const arg of recipe.args) if (isSecret(arg) && input.args[arg.name]) input.args[arg.name] = '••••••';
  return input;
}
