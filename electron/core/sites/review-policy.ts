import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { formatMemory, formatMinutes } from '../../shared/format.ts';
import { concerns, siteDirectory } from '../../shared/site-policy.ts';
import type { SchedulerFacts, SiteProfile, SiteQueue } from '../../shared/sites.ts';

/** What taking over a profile changes, a line each, before it is done. `on`: a cluster to hold it against. */
export function reviewSite(
  site: SiteProfile,
  on: { cluster: Pick<Cluster, 'defaults' | 'host' | 'user' | 'site'>; facts: ClusterFacts | null } | null,
): string[] {
  const own = on?.cluster.defaults;
  const stays = (mine: string, profile: string) =>
    mine === '' || mine === 'auto' || mine === profile ? '' : ` Your own setting ${mine} stays before it.`;
  const lines: string[] = [];

  if (on && site.host && site.host.toLowerCase() !== on.cluster.host.toLowerCase()) {
    lines.push(`Take care: it is written for ${site.host}, and this cluster is at ${on.cluster.host}.`);
  }
  if (on?.cluster.site) lines.push(`It replaces the profile ${on.cluster.site.site}.`);
  if (site.launcher) lines.push(`Launcher: ${site.launcher}.${stays(own?.launcher ?? '', site.launcher)}`);
  if (site.runtime) lines.push(`Runtime: ${site.runtime}.${stays(own?.runtime ?? '', site.runtime)}`);
  if (site.scheduler) lines.push(...schedulerLines(site.scheduler));
  lines.push(...queueLines(site, on?.facts ?? null), ...accountLines(site, on?.facts ?? null));
  if (site.modules.length > 0) lines.push(`Modules loaded in every launch: ${site.modules.join(', ')}.`);
  if (site.workDirectory !== undefined) {
    const path = on ? siteDirectory(site, on.cluster.user) : site.workDirectory;
    lines.push(`Work directory: ${path}.${stays(own?.workDirectory ?? '', path)}`);
  }
  if (site.images && site.images.length > 0)
    lines.push(`Container images are looked for in ${site.images.join(', ')}.`);
  if (site.forbiddenRoutes.length > 0) {
    lines.push(`Routes to a running app that are not tried: ${[...new Set(site.forbiddenRoutes)].join(', ')}.`);
  }
  if (site.api === 'forbidden') {
    lines.push(
      `Programs with a token may not use it.${site.apiMessage && ` It says: ${site.apiMessage.replaceAll(/\s+/g, ' ')}`}`,
    );
  }
  if (site.userSshd === 'forbidden') {
    lines.push(
      'Other tools (ssh, editors) do not reach the nodes of running apps: an sshd of your own is not started.',
    );
  }
  if (site.pollInterval !== undefined) lines.push(`The scheduler is asked at most every ${site.pollInterval} s.`);
  if (site.message !== '') lines.push(`It shows: ${site.message.replaceAll(/\s+/g, ' ')}`);
  if (lines.length === 0) lines.push('It changes nothing but the name shown.');
  return lines;
}

const memoryTexts: Readonly<Record<NonNullable<SchedulerFacts['memory']>, string>> = {
  'per-node': 'Memory is asked for as the whole of a node.',
  'per-core': 'Memory is asked for by the core.',
  'per-slot': 'Memory is asked for by the slot.',
  none: 'Memory is not asked for: what a form says of it has no effect.',
};

function schedulerLines({ memory, select, cluster, submitFrom, jobHistory, accounting }: SchedulerFacts): string[] {
  return [
    memory === undefined ? '' : memoryTexts[memory],
    select === false ? 'PBS is asked without chunks (select).' : '',
    cluster === undefined ? '' : `Jobs go to the cluster ${cluster} of those that its login node serves.`,
    submitFrom === undefined ? '' : `Jobs are submitted from ${submitFrom}.`,
    jobHistory === false
      ? 'The scheduler is not asked about jobs that it no longer has: an end is read from the files of a job.'
      : '',
    accounting === false ? 'Accounting is not asked: an end is read from the files of a job.' : '',
  ].filter((line) => line !== '');
}

function queueLines(site: SiteProfile, facts: ClusterFacts | null): string[] {
  if (site.queues.length === 0) return [];
  const lines = [`Queues offered, the usual one first: ${site.queues.map(describe).join('; ')}.`];
  const detected = detectedNames(site, facts, (info) => info.queues.map((queue) => queue.name));
  if (detected.length === 0) return lines;
  const listed = site.queues.map((queue) => queue.name);
  const missing = listed.filter((name) => !detected.includes(name));
  const hidden = detected.filter((name) => !listed.includes(name));
  if (missing.length === listed.length) {
    lines.push(`None of them was found there, so those that were found stay: ${detected.join(', ')}.`);
  } else {
    if (missing.length > 0) lines.push(`Not found there, so not offered: ${missing.join(', ')}.`);
    if (hidden.length > 0) lines.push(`Found there and no longer offered: ${hidden.join(', ')}.`);
  }
  return lines;
}

function accountLines(site: SiteProfile, facts: ClusterFacts | null): string[] {
  if (site.accounts.length === 0) return [];
  const detected = detectedNames(site, facts, (info) => info.accounts);
  const usable = site.accounts.filter((name) => detected.includes(name));
  const offered = detected.length === 0 ? site.accounts : usable;
  if (offered.length === 0) {
    return [`Accounts: none of ${site.accounts.join(', ')} is yours, so yours stay: ${detected.join(', ')}.`];
  }
  return [`Accounts offered, the usual one first: ${offered.join(', ')}.`];
}

function detectedNames(
  site: SiteProfile,
  facts: ClusterFacts | null,
  pick: (info: ClusterFacts['launchers'][number]) => string[],
): string[] {
  return [...new Set((facts?.launchers ?? []).filter((info) => concerns(site, info)).flatMap(pick))];
}

function describe(queue: SiteQueue): string {
  const limits = [
    queue.maxTime === undefined ? '' : formatMinutes(queue.maxTime),
    queue.maxCpus === undefined ? '' : `${queue.maxCpus} cores`,
    queue.maxMemory === undefined ? '' : formatMemory(queue.maxMemory),
    queue.maxGpus === undefined ? '' : `${queue.maxGpus} GPUs`,
  ].filter((text) => text !== '');
  return limits.length === 0 ? queue.name : `${queue.name} (at most ${limits.join(', ')})`;
}
