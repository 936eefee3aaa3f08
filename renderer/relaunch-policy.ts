import type { ClusterState } from '../electron/shared/clusters.ts';
import type { Instance, LaunchInput } from '../electron/shared/instances.ts';
import type { RecipeSummary } from '../electron/shared/recipes.ts';
import { initialValues, isSecret, withSite } from './features/launch/launch-values.ts';
import { validateLaunch } from './features/launch/validate-launch.ts';
import { memory } from './words/size.ts';
import { length } from './words/time.ts';

interface Relaunch {
  label: string;
  input: LaunchInput;
}

/**
 * The one thing to do with an app that ended: launch it again, with more where the scheduler ended it for want of it.
 * More is twice as much, at most what a node of its queue has; at that limit it is offered unchanged.
 */
export function relaunch(instance: Instance, cluster: ClusterState | undefined): Relaunch | null {
  const { input, job } = instance;
  if (!input) return null;
  const { resources } = input;
  const slurm = cluster?.facts?.launchers.find((launcher) => launcher.name === instance.launcher);
  const queues = slurm?.queues ?? [];
  const queue =
    queues.find((entry) => entry.name === (job?.queue || resources.queue)) ?? queues.find((entry) => entry.isDefault);
  if (job?.state === 'out-of-memory' && resources.memory !== null) {
    const most = queue?.memoryPerNode ?? Number.POSITIVE_INFINITY;
    const more = Math.min(resources.memory * 2, most);
    if (more > resources.memory) {
      return { label: `Relaunch with ${memory(more)}`, input: { ...input, resources: { ...resources, memory: more } } };
    }
  }
  if (job?.state === 'timeout' && resources.time !== null) {
    const most = queue?.maxSeconds ? Math.floor(queue.maxSeconds / 60) : Number.POSITIVE_INFINITY;
    const more = Math.min(resources.time * 2, most);
    if (more > resources.time) {
      return { label: `Relaunch with ${length(more)}`, input: { ...input, resources: { ...resources, time: more } } };
    }
  }
  return { label: 'Relaunch', input };
}

/** What keeps a launch from being repeated as it was. `secret`: one must be given again, since none is ever kept. */
export type Obstacle = 'recipe-gone' | 'cluster-gone' | 'misfit' | 'secret';

/** The same for a relaunch, an edit and a quick launch; null: it can be launched as it is. */
export function obstacleTo(
  input: LaunchInput,
  recipe: RecipeSummary | undefined,
  saved: ClusterState | undefined,
): Obstacle | null {
  if (!recipe) return 'recipe-gone';
  if (!saved) return 'cluster-gone';
  const cluster = withSite(saved, input.resources.queue);
  const wrong = validateLaunch(initialValues(recipe, cluster, input), recipe, cluster);
  const secrets = new Set(recipe.args.filter(isSecret).map((arg) => `args.${arg.name}`));
  if ([...wrong.keys()].some((field) => !secrets.has(field))) return 'misfit';
  return wrong.size > 0 ? 'secret' : null;
}
