import type { Cluster, ClusterDefaults, ClusterFacts, LauncherInfo, Queue } from './clusters.ts';
import type { SchedulerFacts, SiteProfile, SiteQueue } from './sites.ts';

const MINUTE = 60;

interface SiteInput {
  cluster: Pick<Cluster, 'defaults' | 'user' | 'site'>;
  facts: ClusterFacts | null;
  /** Queues chosen by name stay known whatever the site offers: the scheduler has the last word on them. */
  keep?: readonly string[];
}

interface SiteView {
  /** What a launch begins with: the user's own, and where those say nothing the site's. */
  defaults: ClusterDefaults;
  /** Queues and accounts as the site offers them, with its limits where they are lower. */
  facts: ClusterFacts | null;
  /** The queue a launch that names none goes to; empty: the scheduler's choice. */
  usualQueue: string;
}

/** A cluster as its site's profile, what was detected there, and the user's own settings make it. The user's settings win. */
export function applySite({ cluster, facts, keep = [] }: SiteInput): SiteView {
  const { site, defaults, user } = cluster;
  if (!site) return { defaults, facts, usualQueue: '' };
  const kept = [defaults.queue, ...keep].filter((name) => name !== '');
  const applied = facts && { ...facts, launchers: facts.launchers.map((info) => applyTo(info, site, kept)) };
  const infos = applied?.launchers.filter((info) => concerns(site, info)) ?? [];
  const accounts = infos.find((info) => info.accounts.length > 0)?.accounts ?? site.accounts;
  const known = infos.find((info) => info.queues.length > 0)?.queues;
  return {
    defaults: {
      ...defaults,
      launcher: defaults.launcher === 'auto' ? (site.launcher ?? 'auto') : defaults.launcher,
      runtime: defaults.runtime === 'auto' ? (site.runtime ?? 'auto') : defaults.runtime,
      account: defaults.account || (site.accounts.length > 0 ? (accounts[0] ?? '') : ''),
      workDirectory: defaults.workDirectory || siteDirectory(site, user),
      modules: [...new Set([...site.modules, ...defaults.modules])],
    },
    facts: applied,
    usualQueue:
      site.queues.length === 0 ? '' : ((known ? known.find((queue) => queue.isDefault) : site.queues[0])?.name ?? ''),
  };
}

/** The profile's work directory as this user has it; empty: it names none. */
export function siteDirectory(site: SiteProfile, user: string): string {
  return (site.workDirectory ?? '').replace(/\$(?:USER\b|\{USER\})/g, () => user);
}

/** What the profile says of the scheduler, its directory as this user has it. */
export function schedulerFacts(
  { site, user }: Pick<Cluster, 'site' | 'user'>,
  home: string,
): SchedulerFacts | undefined {
  const facts = site?.scheduler;
  if (facts?.submitFrom === undefined) return facts;
  return { ...facts, submitFrom: facts.submitFrom.replace(/^~/, home).replace(/\$(?:USER\b|\{USER\})/g, () => user) };
}

/** Whether queues and accounts of a profile are this scheduler's. */
export const concerns = (site: SiteProfile, info: Pick<LauncherInfo, 'name'>): boolean =>
  info.name !== 'login' && (site.launcher === undefined || site.launcher === info.name);

function applyTo(info: LauncherInfo, site: SiteProfile, keep: readonly string[]): LauncherInfo {
  if (!concerns(site, info)) return info;
  return {
    ...info,
    queues: offeredQueues(info.queues, site.queues, keep),
    accounts: offered(info.accounts, site.accounts),
  };
}

/**
 * In the site's order those of its list that were detected. Where nothing was detected the list is all there is to go by;
 * where none of it was, the list is of another time and what was detected stays.
 */
function offered(detected: readonly string[], listed: readonly string[]): string[] {
  if (detected.length === 0) return [...listed];
  const both = listed.filter((name) => detected.includes(name));
  return both.length === 0 ? [...detected] : both;
}

function offeredQueues(detected: readonly Queue[], listed: readonly SiteQueue[], keep: readonly string[]): Queue[] {
  if (listed.length === 0) return [...detected];
  const names = offered(
    detected.map((queue) => queue.name),
    listed.map((queue) => queue.name),
  );
  const byName = (name: string) => detected.find((queue) => queue.name === name) ?? undetected(name);
  const isListed = listed.some((queue) => names.includes(queue.name));
  const others = detected.map((queue) => queue.name).filter((name) => keep.includes(name) && !names.includes(name));
  return [...names, ...others].map((name) => {
    const queue = byName(name);
    const own = listed.find((entry) => entry.name === name);
    const limited = own ? limit(queue, own) : queue;
    return isListed ? { ...limited, isDefault: name === names[0] } : limited;
  });
}

function limit(queue: Queue, site: SiteQueue): Queue {
  const lower = (detected: number | null, own: number | undefined) =>
    own === undefined ? detected : Math.min(own, detected ?? own);
  return {
    ...queue,
    description: site.description,
    maxSeconds: lower(queue.maxSeconds, site.maxTime === undefined ? undefined : site.maxTime * MINUTE),
    memoryPerNode: lower(queue.memoryPerNode, site.maxMemory),
    cpusPerNode: lower(queue.cpusPerNode, site.maxCpus),
    gpusPerNode: lower(queue.gpusPerNode, site.maxGpus),
  };
}

const undetected = (name: string): Queue => ({
  name,
  isDefault: false,
  state: '',
  maxSeconds: null,
  defaultSeconds: null,
  cpusPerNode: null,
  memoryPerNode: null,
  gpusPerNode: null,
  gpuTypes: [],
  nodes: null,
  cpusTotal: null,
  cpusFree: null,
});
