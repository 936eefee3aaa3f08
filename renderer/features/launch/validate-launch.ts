import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { toGigabytesBelow } from '../../../electron/shared/format.ts';
import { type FieldError, fieldError } from '../../../electron/shared/launch-problems.ts';
import {
  gpuTypesOf,
  limitsOf,
  validateLaunch as problemsOf,
} from '../../../electron/shared/launch-validation-policy.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { effectiveLauncher, type LaunchValues, launcherOf, queueFor, targetOf, toInput } from './launch-values.ts';

interface Limits {
  /** Minutes. */
  time: number | null;
  cpus: number | null;
  /** GB of 1024 MiB. */
  memory: number | null;
  gpus: number | null;
  nodes: number | null;
}

/** The highest values that may be asked for; null: not known. */
export function limitsFor(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): Limits {
  const limits = limitsOf(recipe, values.args, queueFor(values, recipe, cluster));
  return {
    time: limits.time?.limit ?? null,
    cpus: limits.cpus?.limit ?? null,
    memory: limits.memory ? toGigabytesBelow(limits.memory.limit) : null,
    gpus: limits.gpus?.limit ?? null,
    nodes: limits.nodes?.limit ?? null,
  };
}

/** The kinds of GPU in the queue of a launch, or in all queues where its queue is not known. */
export function gpuTypesFor(values: LaunchValues, recipe: RecipeSummary, cluster: ClusterState | undefined): string[] {
  const info = launcherOf(cluster, effectiveLauncher(values, recipe, cluster));
  return gpuTypesOf(info, queueFor(values, recipe, cluster));
}

/** Mistakes by field name, in the order of the form; empty when it can be launched. */
export function validateLaunch(
  values: LaunchValues,
  recipe: RecipeSummary,
  cluster: ClusterState | undefined,
): Map<string, FieldError> {
  const input = toInput(values, recipe, cluster);
  const target = cluster && targetOf(cluster, values.queue);
  const errors = new Map<string, FieldError>();
  for (const problem of problemsOf({ input, recipe, target })) {
    if (!errors.has(problem.field)) errors.set(problem.field, fieldError(problem));
  }
  return errors;
}
