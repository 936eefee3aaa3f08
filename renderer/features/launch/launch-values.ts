import type { ClusterState, Queue } from '../../../electron/shared/clusters.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { type LauncherName, launcherNames } from '../../../electron/shared/kinds.ts';
import type { RecipeArg, RecipeSummary } from '../../../electron/shared/recipes.ts';

export type ArgValue = string | number | boolean;

/** What the form holds. Time in minutes, memory in GB (1024 MiB); null and empty: the site's default. */
export interface LaunchValues {
  clusterId: string;
  launcher: LauncherName | '';
  queue: string;
  account: string;
  time: number | null;
  cpus: number | null;
  memory: number | null;
  gpus: number | null;
  modules: string[];
  workDirectory: string;
  title: string;
  args: Record<string, ArgValue>;
}

export const isSecret = (arg: RecipeArg) => arg.type === 'secret';
const isLauncher = (name: string): name is LauncherName => (launcherNames as readonly string[]).includes(name);

/** Launchers that the recipe, the app and, as far as it is known, the cluster have. */
export function possibleLaunchers(recipe: RecipeSummary, cluster: ClusterState | undefined): LauncherName[] {
  const ours = recipe.launchers.filter(isLauncher);
  const there = cluster?.facts?.launchers.map((launcher) => launcher.name);
  return there ? ours.filter((name) => name === 'login' || there.includes(name)) : ours;
}

/** The launcher that an empty choice stands for: the cluster's default, else the recipe's own, else the first that both know. */
export function effectiveLauncher(
  values: Pick<LaunchValues, 'launcher'>,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): LauncherName | null {
  if (values.launcher) return values.launcher;
  const wanted = cluster?.cluster.defaults.launcher;
  if (wanted && wanted !== 'auto') return wanted;
  return possibleLaunchers(recipe, cluster)[0] ?? null;
}

export function queuesOf(cluster: ClusterState | undefined, launcher: LauncherName | null): Queue[] {
  return cluster?.facts?.launchers.find((entry) => entry.name === launcher)?.queues ?? [];
}

/** The queue a launch would go to, as far as it is known. */
export function queueFor(
  values: Pick<LaunchValues, 'queue' | 'launcher'>,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): Queue | undefined {
  const queues = queuesOf(cluster, effectiveLauncher(values, recipe, cluster));
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
    const given = from?.args && Object.hasOwn(from.args, arg.name) ? from.args[arg.name] : undefined;
    args[arg.name] = given ?? arg.default ?? (arg.type === 'boolean' ? false : '');
  }
  return {
    clusterId: cluster?.cluster.id ?? '',
    launcher: from?.launcher ?? '',
    queue: asked?.queue ?? defaults?.queue ?? '',
    account: asked?.account ?? defaults?.account ?? '',
    time: asked ? (asked.time ?? null) : (recipe.resources.time?.default ?? null),
    cpus: asked ? (asked.cpus ?? null) : (recipe.resources.cpus?.default ?? null),
    memory: gib(asked ? asked.memory : recipe.resources.memory?.default),
    gpus: asked ? (asked.gpus ?? null) : (recipe.resources.gpus?.default ?? null),
    modules: from?.modules ?? defaults?.modules ?? [],
    workDirectory: from?.workDirectory ?? defaults?.workDirectory ?? '',
    title: from?.title ?? '',
    args,
  };
}

/** Values as the engine takes them. Empty arguments are left out; an untouched `false` too, unless it overrides a default. */
export function toInput(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): LaunchInput {
  const args: Record<string, ArgValue> = {};
  for (const arg of recipe.args) {
    const value = values.args[arg.name];
    if (value === undefined || value === '') continue;
    if (value === false && arg.default !== true) continue;
    args[arg.name] = value;
  }
  const scheduled = effectiveLauncher(values, recipe, cluster) !== 'login';
  return {
    clusterId: values.clusterId,
    recipe: recipe.name,
    launcher: values.launcher,
    runtime: '',
    args,
    resources: {
      cpus: scheduled ? values.cpus : null,
      memory: scheduled && values.memory !== null ? Math.round(values.memory * 1024) : null,
      time: scheduled ? values.time : null,
      gpus: scheduled ? values.gpus : null,
      queue: scheduled ? values.queue : '',
      account: scheduled ? values.account.trim() : '',
      nodes: null,
      qos: '',
      options: [],
      array: '',
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
