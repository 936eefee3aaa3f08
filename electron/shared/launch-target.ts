import type { Cluster, ClusterDefaults, ClusterFacts, LauncherInfo, Queue } from './clusters.ts';
import type { LauncherName, RuntimeName } from './kinds.ts';
import { launcherFeatures } from './launcher-features.ts';
import { chooseLauncher, type LauncherChoice } from './launcher-policy.ts';
import type { RecipeSummary } from './recipes.ts';
import { applySite, concerns } from './site-policy.ts';

/** A cluster as a launch sees it: what was detected, its site's profile and the user's own settings. */
export interface LaunchTarget {
  name: string;
  defaults: ClusterDefaults;
  /** null: never connected. */
  facts: ClusterFacts | null;
  /** The user's own default and the site's, which `defaults` joins. */
  ownRuntime: RuntimeName | 'auto';
  siteRuntime: RuntimeName | undefined;
  /** The queue of a launch that names none; empty: the scheduler's choice. */
  usualQueue: (launcher: LauncherName) => string;
}

/** @param queue one chosen by name, which stays known whatever the site offers */
export function launchTarget(
  cluster: Pick<Cluster, 'name' | 'defaults' | 'user' | 'site'>,
  facts: ClusterFacts | null,
  queue: string,
): LaunchTarget {
  const { site } = cluster;
  const view = applySite({ cluster, facts, keep: [queue] });
  return {
    name: cluster.name,
    defaults: view.defaults,
    facts: view.facts,
    ownRuntime: cluster.defaults.runtime,
    siteRuntime: site?.runtime,
    usualQueue: (name) => (site && concerns(site, { name }) ? view.usualQueue : ''),
  };
}

export function chooseLauncherFor(
  recipe: Pick<RecipeSummary, 'title' | 'launchers'>,
  requested: LauncherName | '',
  { name, defaults, facts }: Pick<LaunchTarget, 'name' | 'defaults' | 'facts'>,
): LauncherChoice {
  return chooseLauncher({
    requested,
    clusterDefault: defaults.launcher,
    recipe,
    clusterName: name,
    detected: facts?.launchers.map((info) => info.name) ?? null,
  });
}

export const launcherInfo = (facts: ClusterFacts | null, launcher: LauncherName | null): LauncherInfo | undefined =>
  facts?.launchers.find((info) => info.name === launcher);

/** The queue a launch goes to. A scheduler without queues may describe all its machines as one; undefined: not known. */
export function queueOf(info: LauncherInfo | undefined, queue: string): Queue | undefined {
  if (!info) return undefined;
  const usual = info.queues.find((entry) => entry.isDefault);
  if (!launcherFeatures[info.name]?.queues) return usual ?? info.queues[0];
  return queue === '' ? usual : info.queues.find((entry) => entry.name === queue);
}
