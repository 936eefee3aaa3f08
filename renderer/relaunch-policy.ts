import type { ClusterState } from '../electron/shared/clusters.ts';
import type { Instance, LaunchInput } from '../electron/shared/instances.ts';
import { launcherInfo, queueOf } from '../electron/shared/launch-target.ts';
import { limitsOf } from '../electron/shared/launch-validation-policy.ts';
import type { RecipeSummary } from '../electron/shared/recipes.ts';
import { initialValues, isSecret, withSite } from './features/launch/launch-values.ts';
import { validateLaunch } from './features/launch/validate-launch.ts';
import { formatMemory } from './text/size.ts';
import { length } from './text/time.ts';

interface Relaunch {
  label: string;
  input: LaunchInput;
}

/**
 * How an ended app is launched again: with twice as much of what the scheduler ended it for, at most what a node of its
 * queue has. Where no more can be had it is launched as it was.
 */
export function relaunch(instance: Instance, cluster: ClusterState | undefined): Relaunch | null {
  const { input, job, launcher } = instance;
  if (!input) return null;
  const info = launcherInfo(cluster?.facts ?? null, launcher);
  const queue = queueOf(info, job?.queue || input.resources.queue) ?? queueOf(info, '');
  const limits = limitsOf(noRecipeLimits, {}, queue);
  const more = (resource: 'memory' | 'time') => {
    const asked = input.resources[resource] ?? 0;
    const most = Math.min(asked * 2, limits[resource]?.limit ?? Number.POSITIVE_INFINITY);
    return most > asked
      ? { value: most, input: { ...input, resources: { ...input.resources, [resource]: most } } }
      : null;
  };
  const withMemory = job?.state === 'out-of-memory' ? more('memory') : null;
  if (withMemory) return { label: `Relaunch with ${formatMemory(withMemory.value)}`, input: withMemory.input };
  const withTime = job?.state === 'timeout' ? more('time') : null;
  if (withTime) return { label: `Relaunch with ${length(withTime.value)}`, input: withTime.input };
  return { label: 'Relaunch', input };
}

const noRecipeLimits = { title: '', args: [], resources: {} };

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
