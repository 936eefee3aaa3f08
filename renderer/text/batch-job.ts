import type { ClusterState } from '../../electron/shared/clusters.ts';
import { isJobOver, type Job, type JobState } from '../../electron/shared/jobs.ts';
import { connectionLabels } from './cluster.ts';
import { describeTasks } from './job.ts';
import { count, formatMemory } from './size.ts';
import { formatDuration, formatWhen, length } from './time.ts';

/** What a badge shows of a job. */
export interface JobLabel {
  look: JobState | 'partly-failed' | 'unknown';
  text: string;
}

export const jobStateLabels: Readonly<Record<JobState, string>> = {
  new: 'Draft',
  submitting: 'Submitting',
  queued: 'Waiting',
  held: 'Held',
  active: 'Running',
  completed: 'Done',
  failed: 'Failed',
  canceled: 'Cancelled',
};

export const isSubmitted = ({ state }: Pick<Job, 'state'>): boolean => state !== 'new';
/** It was submitted and has not ended. */
export const isJobLive = ({ state }: Pick<Job, 'state'>): boolean => state !== 'new' && !isJobOver(state);

/** Nothing new can be heard of it until the user acts, or never where its cluster was removed. */
export function isOutOfReach(job: Pick<Job, 'state'>, cluster: ClusterState | undefined): boolean {
  if (!isJobLive(job)) return false;
  return cluster === undefined || !['connected', 'connecting', 'reconnecting'].includes(cluster.connection.state);
}

export function jobLabel(job: Pick<Job, 'state' | 'native'>, cluster: ClusterState | undefined): JobLabel {
  if (isOutOfReach(job, cluster)) return { look: 'unknown', text: 'Unknown' };
  const failed = job.native?.tasks?.failed ?? 0;
  if (job.state === 'completed' && failed > 0) return { look: 'partly-failed', text: `Done, ${failed} failed` };
  return { look: job.state, text: jobStateLabels[job.state] };
}

/** It failed or is held, was not submitted, or its cluster waits for the user. */
export const jobNeedsYou = (job: Job, cluster: ClusterState | undefined): boolean =>
  job.state === 'new' || job.state === 'held' || job.state === 'failed' || isOutOfReach(job, cluster);

/** What is most worth knowing of a job now, in one line. */
export function describeProgress(job: Job, cluster: ClusterState | undefined, now: number): string {
  if (isOutOfReach(job, cluster)) {
    const why = cluster ? connectionLabels[cluster.connection.state] : 'Its cluster was removed';
    return `${jobStateLabels[job.state]} when last heard of. ${why}`;
  }
  const { native, error, state } = job;
  switch (state) {
    case 'new':
      return 'Not submitted yet';
    case 'submitting':
      return 'Being submitted';
    case 'queued':
      return describeQueued(native, now);
    case 'held':
      return native?.reason || 'On hold';
    case 'active':
      return describeTasks(native?.tasks ?? null) ?? (native?.node ? `On ${native.node}` : '');
    case 'failed':
      return error?.message ?? 'The cause is not known';
    case 'completed':
    case 'canceled':
      return describeTasks(native?.tasks ?? null) ?? describeExit(job);
  }
}

function describeQueued(native: Job['native'], now: number): string {
  const start = native?.expectedStart ?? null;
  if (start !== null && start > now) return `Starts about ${formatWhen(start, now)}`;
  return native?.reason || 'No estimate yet';
}

export const describeExit = ({ native }: Pick<Job, 'native'>): string =>
  native?.exitCode == null ? '' : `Exit code ${native.exitCode}`;

/** How long it waits, runs or ran, with the time it asked for; empty: not known. */
export function describeTime(job: Job, now: number): string {
  const { state, submittedAt, startedAt, endedAt, resources } = job;
  if (state === 'active' && startedAt !== null) {
    const ran = formatDuration(now - startedAt);
    return resources.time === null ? ran : `${ran} of ${length(resources.time)}`;
  }
  if (isJobLive(job)) return submittedAt === null ? '' : `waiting ${formatDuration(now - submittedAt)}`;
  if (startedAt !== null && endedAt !== null) return `ran ${formatDuration(endedAt - startedAt)}`;
  return '';
}

/** Where it is and what it asked for, most important first. */
export function jobFacts(job: Job): string[] {
  const { clusterName, native, resources, launcher } = job;
  const list = [clusterName];
  const queue = native?.queue || resources.queue;
  if (queue && launcher !== 'login') list.push(queue);
  if (native?.id && launcher !== 'login') list.push(`job ${native.id}`);
  if (native?.node) list.push(launcher === 'login' ? native.node : `node ${native.node}`);
  return list;
}

/** What it asks the scheduler for, as pairs of a name and a value. */
export function resourceFacts({ resources, modules }: Pick<Job, 'resources' | 'modules'>): [string, string][] {
  const { time, cpus, memory, gpus, gpuType, nodes, queue, account, qos, array, options } = resources;
  const all: [string, string | null][] = [
    ['Time', time === null ? null : length(time)],
    ['Cores', cpus === null ? null : count(cpus, 'core')],
    ['Memory', memory === null ? null : formatMemory(memory)],
    ['GPUs', gpus === null ? null : `${count(gpus, 'GPU')}${gpuType ? ` ${gpuType}` : ''}`],
    ['Nodes', nodes === null ? null : count(nodes, 'node')],
    ['Queue', queue],
    ['Account', account],
    ['Quality of service', qos],
    ['Tasks', array],
    ['Options', options.join(' ')],
    ['Modules', modules.join(', ')],
  ];
  return all.filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== '');
}

export interface TimelineEntry {
  title: string;
  /** Epoch ms; null: not yet, or not known. */
  at: number | null;
  /** What came between this and the one before. */
  detail: string;
  state: 'done' | 'failed' | 'now' | 'todo';
}

/** What happened to a job, in order. What did not happen to one that is over is left out. */
export function timelineOf(job: Job, now: number): TimelineEntry[] {
  const { createdAt, submittedAt, startedAt, endedAt, state, native } = job;
  const between = (from: number | null, to: number | null, word: string) =>
    from === null || to === null ? '' : `${word} ${formatDuration(Math.max(0, to - from))}`;
  const expected = native?.expectedStart ?? null;
  const isOver = isJobOver(state);
  const stateOf = (at: number | null, isNow: boolean) => (isNow ? 'now' : at === null ? 'todo' : 'done');
  const entries: TimelineEntry[] = [
    { title: 'Created', at: createdAt, detail: '', state: state === 'new' ? 'now' : 'done' },
    {
      title: 'Submitted',
      at: submittedAt,
      detail: native?.id ? `job ${native.id}` : '',
      state: stateOf(submittedAt, state === 'submitting' || state === 'queued' || state === 'held'),
    },
    {
      title: 'Started',
      at: startedAt,
      detail:
        between(submittedAt, startedAt, 'waited') || (expected === null ? '' : `about ${formatWhen(expected, now)}`),
      state: stateOf(startedAt, state === 'active'),
    },
    {
      title: isOver ? jobStateLabels[state] : 'Ended',
      at: endedAt,
      detail: between(startedAt, endedAt, 'ran'),
      state: state === 'failed' ? 'failed' : stateOf(endedAt, false),
    },
  ];
  return isOver ? entries.filter(({ at }) => at !== null) : entries;
}
