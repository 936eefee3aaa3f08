import { ownValue } from '../../../electron/shared/own-value.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';

const fieldTitles: Readonly<Record<string, string>> = {
  clusterId: 'Cluster',
  launcher: 'Launcher',
  runtime: 'Container',
  image: 'Image',
  queue: 'Queue',
  time: 'Time',
  cpus: 'Cores',
  memory: 'Memory',
  gpus: 'GPUs',
  gpuType: 'GPU type',
  nodes: 'Nodes',
  array: 'Tasks',
  account: 'Account',
  qos: 'Quality of service',
  options: 'Scheduler options',
  workDirectory: 'Start in',
  title: 'Name',
};

/** What the form calls a field. */
export function fieldTitle(field: string, recipe: RecipeSummary): string {
  const arg = recipe.args.find(({ name }) => field === `args.${name}`);
  return arg ? (arg.title ?? arg.name) : (ownValue(fieldTitles, field) ?? field);
}
