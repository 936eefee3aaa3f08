import type { ClusterState, LauncherInfo, Queue } from '../../../electron/shared/clusters.ts';
import { type ArgValue, formFields, given as givenValue } from '../../../electron/shared/form-policy.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import type { LauncherName, RuntimeName } from '../../../electron/shared/kinds.ts';
import type { RecipeArg, RecipeSummary } from '../../../electron/shared/recipes.ts';
import { applySite } from '../../../electron/shared/site-policy.ts';
import { isLauncher, launcherFeatures } from '../../words/launcher.ts';

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

/** Launchers that the recipe, the app and, as far as it is known, the cluster have. */
export function possibleLaunchers(recipe: RecipeSummary, cluster: ClusterState | undefined): LauncherName[] {
  const ours = recipe.launchers.filter(isLauncher);
  const there = cluster?.facts?.launchers.map((launcher) => launcher.name);
  return there ? ours.filter((name) => name === 'login' || there.includes(name)) : ours;
}

/** Found on the cluster, but the recipe does not run with them. */
export function otherLaunchers(recipe: RecipeSummary, cluster: ClusterState | undefined): LauncherName[] {
  const there = cluster?.facts?.launchers.map((launcher) => launcher.name) ?? [];
  return there.filter((name) => !recipe.launchers.includes(name));
}

/** The launcher that an empty choice stands for: the cluster's default, else the recipe's own, else the first that both know. */
export function effectiveLauncher(
  values: Pick<LaunchValues, 'launcher'>,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): LauncherName | null {
  if (values.launcher) return values.launcher;
  const possible = possibleLaunchers(recipe, cluster);
  const wanted = cluster?.cluster.defaults.launcher;
  if (wanted && wanted !== 'auto' && possible.includes(wanted)) return wanted;
  return possible[0] ?? null;
}

export const launcherOf = (
  cluster: ClusterState | undefined,
  launcher: LauncherName | null,
): LauncherInfo | undefined => cluster?.facts?.launchers.find((entry) => entry.name === launcher);

/** A cluster as the form takes it: what was detected and the user's settings, with what its site says laid over them. */
export function withSite(cluster: ClusterState | undefined, queue: string): ClusterState | undefined {
  if (!cluster?.cluster.site) return cluster;
  const { defaults, facts } = applySite({ cluster: cluster.cluster, facts: cluster.facts, keep: [queue] });
  return { ...cluster, cluster: { ...cluster.cluster, defaults }, facts };
}

/** Where a launcher has no queues to choose from, the one it may tell of stands for all its places and their limits. */
export function queuesOf(cluster: ClusterState | undefined, launcher: LauncherName | null): Queue[] {
  return launcherOf(cluster, launcher)?.queues ?? [];
}

/** The queue a launch would go to, as far as it is known. */
export function queueFor(
  values: Pick<LaunchValues, 'queue' | 'launcher'>,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): Queue | undefined {
  const launcher = effectiveLauncher(values, recipe, cluster);
  const queues = queuesOf(cluster, launcher);
  if (launcher === null || !launcherFeatures[launcher]?.queues)
    return queues.find((queue) => queue.isDefault) ?? queues[0];
  const name = values.queue || cluster?.cluster.defaults.queue || recipe.resources.queue;
  return name ? queues.find((queue) => queue.name === name) : queues.find((queue) => queue.isDefault);
}

const gib = (mib: number | null | undefined) => (mib == null ? null : Math.round((mib / 1024) * 100) / 100);

/** Where the form begins: the given values, else the last ones used here, else the defaults of recipe and cluster. */
export function initialValues(
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
  from: Partial<LaunchInput> | undefined | null,
): LaunchValues {
  const defaults = cluster?.cluster.defaults;
  const asked = from?.resources;
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
    time: asked ? (asked.time ?? null) : (recipe.resources.time?.default ?? null),
    cpus: asked ? (asked.cpus ?? null) : (recipe.resources.cpus?.default ?? null),
    memory: gib(asked ? asked.memory : recipe.resources.memory?.default),
    gpus: asked ? (asked.gpus ?? null) : (recipe.resources.gpus?.default ?? null),
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
    if (value === false && arg.default !== true) continue;
    args[arg.name] = value;
  }
  const launcher = effectiveLauncher(values, recipe, cluster);
  const can = launcher === null ? launcherFeatures.slurm : launcherFeatures[launcher];
  return {
    clusterId: values.clusterId,
    recipe: recipe.name,
    launcher: values.launcher,
    runtime: values.runtime,
    image: values.runtime === 'native' ? '' : values.image.trim(),
    args,
    resources: {
      cpus: can ? values.cpus : null,
      memory: can && values.memory !== null ? Math.round(values.memory * 1024) : null,
      time: can ? values.time : null,
      gpus: can ? values.gpus : null,
      gpuType: can?.gpuTypes && values.gpus ? values.gpuType.trim() : '',
      queue: can?.queues ? values.queue : '',
      account: can ? values.account.trim() : '',
      nodes: can?.nodes ? values.nodes : null,
      qos: can?.qos ? values.qos.trim() : '',
      options: can ? values.options : [],
      array: can && !recipe.serves ? values.array.trim() : '',
    },
    modules: values.modules,
    workDirectory: values.workDirectory.trim(),
    title: values.title.trim(),
  };
}

/** The same for a preview: a secret is shown as dots and never leaves the form. */
export function toPreview(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): LaunchInput {
  const input = toInput(values, recipe, cluster);
  for (const arg of recipe.args) if (isSecret(arg) && input.args[arg.name]) input.args[arg.name] = '••••••';
  return input;
}
