import type { ClusterState } from '../../electron/shared/clusters.ts';
import { waitsForUser } from '../../electron/shared/connection-loss-policy.ts';
import { isOver as isStateOver, isUp, runTime } from '../../electron/shared/instance-policy.ts';
import type { Instance, InstanceState, Step } from '../../electron/shared/instances.ts';
import { runtimeLabels } from '../../electron/shared/launcher-features.ts';
import { count, formatMemory } from './size.ts';
import { formatClock, formatDuration, formatWhen } from './time.ts';

export const stateLabels: Record<InstanceState, string> = {
  starting: 'Starting',
  waiting: 'Waiting',
  ready: 'Ready',
  running: 'Running',
  reconnecting: 'Reconnecting',
  stopping: 'Stopping',
  interrupted: 'Interrupted',
  ended: 'Ended',
  failed: 'Failed',
};

/** A batch job that came to its end is done; an app has ended. */
export const instanceLabel = ({ state, kind }: Pick<Instance, 'state' | 'kind'>): string =>
  kind === 'job' && state === 'ended' ? 'Done' : stateLabels[state];

export const stepLabels: Record<Step['name'], string> = {
  connect: 'Connect',
  upload: 'Upload',
  image: 'Image',
  submit: 'Submit',
  queue: 'Queue',
  start: 'Start',
  tunnel: 'Tunnel',
  ready: 'Ready',
};

export const isOver = (instance: Pick<Instance, 'state'>) => isStateOver(instance.state);
export const isInProgress = (instance: Pick<Instance, 'state'>) =>
  instance.state === 'starting' || instance.state === 'waiting' || instance.state === 'reconnecting';
export const canOpen = (instance: Pick<Instance, 'state' | 'path'>) =>
  instance.path !== '' && (instance.state === 'ready' || instance.state === 'reconnecting');

const blocked = new Set(['sign-in-needed', 'asking', 'key-changed', 'unreachable']);

/** It failed, or its cluster waits for the user. */
export function needsYou(instance: Instance, cluster: ClusterState | undefined): boolean {
  if (instance.state === 'failed' || instance.state === 'interrupted') return true;
  if (isOver(instance) || cluster === undefined) return false;
  return blocked.has(cluster.connection.state) || waitsForUser(instance, cluster.connection);
}

/** Steps as they are shown: on the login node nothing is submitted and nothing queues; an image is for containers only. */
export function shownSteps(instance: Pick<Instance, 'steps' | 'launcher' | 'runtime'>): Step[] {
  const hidden = new Set<Step['name']>();
  if (instance.launcher === 'login') hidden.add('submit').add('queue');
  if (instance.runtime === 'native') hidden.add('image');
  return instance.steps.filter((step) => !hidden.has(step.name));
}

/** The text below a step: what it took, what it takes so far, or when it is expected. */
export function stepTime(step: Step, first: boolean, expected: number | null, now: number): string {
  if (step.startedAt !== null && step.endedAt !== null) {
    const took = formatDuration(step.endedAt - step.startedAt);
    return first ? `${formatClock(step.startedAt)} · ${took}` : took;
  }
  if (step.state === 'now' && step.startedAt !== null)
    return formatDuration(Math.floor((now - step.startedAt) / 1000) * 1000);
  if (step.state === 'todo' && step.name === 'start' && expected !== null) return `about ${formatClock(expected)}`;
  return '';
}

/** The line below the name, most important first; the least important are dropped first where room is short. */
export function instanceFacts(instance: Instance, now = Date.now()): string[] {
  const { job, input } = instance;
  const asked = input?.resources;
  const list = [instance.clusterName];
  const queue = job?.queue || asked?.queue;
  if (queue && instance.launcher !== 'login') list.push(queue);
  const node = job?.node || instance.endpoint?.node;
  if (node) list.push(instance.launcher === 'login' ? node : `node ${node}`);
  if (!node && asked && instance.launcher !== 'login') {
    if (asked.cpus !== null) list.push(count(asked.cpus, 'core'));
    if (asked.memory !== null) list.push(formatMemory(asked.memory));
    if (asked.gpus) list.push(`${count(asked.gpus, 'GPU')}${asked.gpuType ? ` ${asked.gpuType}` : ''}`);
    if ((asked.nodes ?? 1) > 1) list.push(count(asked.nodes ?? 1, 'node'));
  }
  if (instance.runtime !== 'native') list.push(`in ${runtimeLabels[instance.runtime]}`);
  if (job && instance.launcher !== 'login') list.push(`job ${job.id}`);
  if (instance.endedAt !== null) {
    const ran = runTime(instance);
    if (ran !== null) list.push(`ran ${formatDuration(ran)}`);
    list.push(`ended ${formatWhen(instance.endedAt, now)}`);
  }
  return list;
}

export const filters = ['all', 'ready', 'way', 'you'] as const;
export type Filter = (typeof filters)[number];
export const filterLabels: Record<Filter, string> = {
  all: 'All',
  ready: 'Ready or running',
  way: 'In progress',
  you: 'Needs you',
};

export function matchesFilter(filter: Filter, instance: Instance, cluster: ClusterState | undefined): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'ready':
      return isUp(instance.state);
    case 'way':
      return isInProgress(instance);
    case 'you':
      return needsYou(instance, cluster);
  }
}

/** Of those that ended, how many are shown before the rest is folded away. */
const endedShown = 10;

/** The list with its ended apps beyond the newest `keep` left out, and how many those are. Failed ones stay: they need you. */
export function foldEnded<T extends Pick<Instance, 'state'>>(
  newest: readonly T[],
  keep = endedShown,
): { shown: T[]; folded: number } {
  let ended = 0;
  const shown = newest.filter((instance) => instance.state !== 'ended' || ++ended <= keep);
  return { shown, folded: newest.length - shown.length };
}
