import type { Resources } from './instances.ts';
import type { LauncherName } from './kinds.ts';
import { type LaunchTarget, launcherInfo, queueOf } from './launch-target.ts';
import { launcherFeatures } from './launcher-features.ts';
import type { RecipeResources } from './recipes.ts';

interface DefaultsInput {
  /** What the user asks for; null and empty: nothing. */
  requested: Resources;
  recipe: RecipeResources;
  launcher: LauncherName;
  target: Pick<LaunchTarget, 'defaults' | 'usualQueue' | 'facts'>;
  /** What the script of a legacy recipe asks for; null: the recipe is not one, or its script is not known yet. */
  script: Partial<Resources> | null;
}

/**
 * The resources a launch asks for. What the user left open comes from the cluster's settings, then from the recipe, then
 * from its script, and the queue at last from the site's profile. A default of the recipe is no more than its queue allows.
 */
export function completeResources({ requested, recipe, launcher, target, script }: DefaultsInput): Resources {
  const { defaults } = target;
  const gpus = requested.gpus ?? recipe.gpus?.default ?? null;
  const usualQueue = launcher === 'login' ? '' : target.usualQueue(launcher);
  const queue = requested.queue || defaults.queue || recipe.queue || script?.queue || usualQueue;
  const most = queueOf(launcherInfo(target.facts, launcher), queue);
  const seconds = most?.maxSeconds ?? null;
  return {
    cpus: requested.cpus ?? atMost(recipe.cpus?.default, most?.cpusPerNode) ?? script?.cpus ?? null,
    memory: requested.memory ?? atMost(recipe.memory?.default, most?.memoryPerNode) ?? script?.memory ?? null,
    time:
      requested.time ??
      atMost(recipe.time?.default, seconds === null ? null : Math.floor(seconds / 60)) ??
      script?.time ??
      null,
    gpus: gpus ?? script?.gpus ?? null,
    gpuType: requested.gpuType || (gpus === null ? (script?.gpuType ?? '') : ''),
    queue,
    account: requested.account || defaults.account || script?.account || '',
    nodes: requested.nodes ?? script?.nodes ?? null,
    qos: requested.qos || script?.qos || '',
    options: [...(script?.options ?? []), ...requested.options],
    array: requested.array || script?.array || '',
  };
}

/** `limit`: null and undefined where none is known. */
function atMost(value: number | undefined, limit: number | null | undefined): number | undefined {
  return value === undefined || limit === null || limit === undefined || limit < 1 ? value : Math.min(value, limit);
}

/** What of the resources the launcher can be asked for; an array is for batch jobs only. */
export function applicableResources(resources: Resources, launcher: LauncherName, serves: boolean): Resources {
  const features = launcherFeatures[launcher];
  if (!features) return noResources;
  return {
    ...resources,
    gpuType: features.gpuTypes && resources.gpus ? resources.gpuType : '',
    queue: features.queues ? resources.queue : '',
    nodes: features.nodes ? resources.nodes : null,
    qos: features.qos ? resources.qos : '',
    array: serves ? '' : resources.array,
  };
}

const noResources: Resources = {
  cpus: null,
  memory: null,
  time: null,
  gpus: null,
  gpuType: '',
  queue: '',
  account: '',
  nodes: null,
  qos: '',
  options: [],
  array: '',
};

/** Modules in the order in which they are loaded. */
export function modulesToLoad(
  cluster: readonly string[],
  recipe: readonly string[],
  user: readonly string[],
): string[] {
  return [...new Set([...cluster, ...recipe, ...user].filter((name) => name !== ''))];
}
