import type { ClusterState } from '../../shared/clusters.ts';
import type { Instance } from '../../shared/instances.ts';
import type { EngineState } from '../../shared/state.ts';
import type { Transition, TransitionKind } from '../../shared/transitions.ts';

export type TransitionDraft = Omit<Transition, 'id'>;
type Watched = Pick<EngineState, 'instances' | 'clusters' | 'prompts'>;

const tenMinutes = 10 * 60_000;

const instanceKinds: Readonly<Partial<Record<Instance['state'], TransitionKind>>> = {
  waiting: 'waiting',
  ready: 'ready',
  running: 'running',
  reconnecting: 'reconnecting',
  interrupted: 'interrupted',
  ended: 'ended',
  failed: 'failed',
};
const clusterKinds: Readonly<Partial<Record<ClusterState['connection']['state'], TransitionKind>>> = {
  connected: 'connected',
  'sign-in-needed': 'sign-in-needed',
  unreachable: 'unreachable',
  'key-changed': 'key-changed',
};

/** What a change of the state means to a user. What was not there before is no transition, except a question. */
export function transitionsBetween(before: Watched, after: Watched, now: number): TransitionDraft[] {
  return [
    ...instanceTransitions(before.instances, after.instances, now),
    ...clusterTransitions(before.clusters, after.clusters, now),
    ...questionTransitions(before.prompts, after.prompts, now),
  ];
}

/** The time from which an instance has ten minutes left; null: it has no limit, or one that is shorter. */
export function lastMinutesFrom({ endedAt, job }: Instance): number | null {
  if (endedAt !== null || job?.state !== 'running' || job.endsAt === null) return null;
  const from = job.endsAt - tenMinutes;
  return job.startedAt !== null && job.startedAt >= from ? null : from;
}

export const tenMinutesLeft = (instance: Instance, now: number): TransitionDraft => ({
  ...draftOf(instance, 'ten-minutes-left', now),
  values: { title: instance.title, cluster: instance.clusterName, endsAt: instance.job?.endsAt ?? now },
});

function draftOf(instance: Instance, kind: TransitionKind, at: number): TransitionDraft {
  const { id, clusterId, clusterName, title, job, error } = instance;
  const values = {
    title,
    cluster: clusterName,
    ...(kind === 'running' && job && { job: job.id }),
    ...(kind === 'failed' && error && { reason: error.message }),
  };
  return { at, kind, instanceId: id, clusterId, values };
}

function instanceTransitions(before: readonly Instance[], after: readonly Instance[], now: number): TransitionDraft[] {
  if (before === after) return [];
  const old = new Map(before.map(({ id, state }) => [id, state]));
  return after.flatMap((instance) => {
    const kind = instanceKinds[instance.state];
    const was = old.get(instance.id);
    return kind === undefined || was === undefined || was === instance.state ? [] : [draftOf(instance, kind, now)];
  });
}

function clusterTransitions(
  before: readonly ClusterState[],
  after: readonly ClusterState[],
  now: number,
): TransitionDraft[] {
  if (before === after) return [];
  const old = new Map(before.map(({ cluster, connection }) => [cluster.id, connection.state]));
  return after.flatMap(({ cluster, connection }) => {
    const kind = clusterKinds[connection.state];
    const was = old.get(cluster.id);
    if (kind === undefined || was === undefined || was === connection.state) return [];
    return [{ at: now, kind, instanceId: null, clusterId: cluster.id, values: { cluster: cluster.name } }];
  });
}

function questionTransitions(
  before: EngineState['prompts'],
  after: EngineState['prompts'],
  now: number,
): TransitionDraft[] {
  const old = new Set(before.map(({ id }) => id));
  return after
    .filter(({ id }) => !old.has(id))
    .map(({ clusterId, clusterName }) => ({
      at: now,
      kind: 'question-asked',
      instanceId: null,
      clusterId,
      values: { cluster: clusterName },
    }));
}
