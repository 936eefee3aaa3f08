import type { ClusterState } from '../electron/shared/clusters.ts';
import type { Instance, LaunchInput } from '../electron/shared/instances.ts';
import type { RecipeSummary } from '../electron/shared/recipes.ts';
import { initialValues, withSite } from './features/launch/launch-values.ts';
import { validateLaunch } from './features/launch/validate-launch.ts';
import { memory } from './words/size.ts';
import { length } from './words/time.ts';

export interface Relaunch {
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

/** What it was launched with is no longer what its recipe and its cluster take: the form says where. */
export function misfits(recipe: RecipeSummary, input: LaunchInput, saved: ClusterState | undefined): boolean {
  const cluster = withSite(saved, input.resources.queue);
  return validateLaunch(initialValues(recipe, cluster, input), recipe, cluster).size > 0;
}

/** A secret is never kept, so a recipe that must have one opens its form again. */
export function needsForm(recipe: RecipeSummary | undefined): boolean {
  return recipe === undefined || recipe.args.some((arg) => arg.type === 'secret' && arg.required);
}
