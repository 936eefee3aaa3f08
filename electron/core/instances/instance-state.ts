import type { SerializedError } from '../../shared/errors.ts';
import {
  type Endpoint,
  type Exposure,
  type Instance,
  type InstanceState,
  type JobStatus,
  type Note,
  type Progress,
  type RouteInfo,
  type Step,
  stepNames,
} from '../../shared/instances.ts';

export type StepName = (typeof stepNames)[number];

/** What can happen to an instance. Times are epoch ms of this machine's clock. */
export type InstanceEvent =
  | { type: 'step'; step: StepName; at: number }
  /** Of the step that runs. */
  | { type: 'progress'; progress: Progress }
  | { type: 'job'; job: JobStatus; at: number }
  | { type: 'endpoint'; endpoint: Endpoint; at: number }
  | { type: 'route'; route: RouteInfo }
  | { type: 'exposure'; exposure: Exposure }
  | { type: 'notes'; notes: Note[] }
  | { type: 'ready'; at: number }
  | { type: 'lost' }
  | { type: 'back'; at: number }
  | { type: 'stopping' }
  /** It could not be stopped from here, e.g. it runs on another login node. */
  | { type: 'stop-failed'; error: SerializedError }
  | { type: 'ended'; at: number }
  | { type: 'failed'; at: number; error: SerializedError }
  /** What the app says of itself once it answers. */
  | { type: 'told'; title: string; icon: string; path: string }
  | { type: 'log'; tail: string };

/** `image` is a step only of an app in a container. */
export const freshSteps = (inContainer = false): Step[] =>
  stepNames
    .filter((name) => name !== 'image' || inContainer)
    .map((name) => ({ name, state: 'todo', startedAt: null, endedAt: null }));

/** The same steps with or without `image`: which runtime it is may show only after the connection. */
export const withImageStep = (steps: Step[], inContainer: boolean): Step[] =>
  freshSteps(inContainer).map((fresh) => steps.find((step) => step.name === fresh.name) ?? fresh);

export const isOver = (state: InstanceState): boolean => state === 'ended' || state === 'failed';

/** True until the app was ready for the first time (or is a batch job that began to run). */
export const isStarting = (state: InstanceState): boolean => state === 'starting' || state === 'waiting';

const isSameEndpoint = (a: Endpoint | null, b: Endpoint): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Steps only move forward: a poll that tells of the past, or a second look after a reconnect, changes nothing. */
function begin(steps: Step[], name: StepName, at: number): Step[] {
  const target = steps.findIndex((step) => step.name === name);
  const reached = steps.findLastIndex((step) => step.state !== 'todo');
  if (target <= reached) return steps;
  return steps.map((step, index): Step => {
    if (index < target && step.state !== 'done') {
      return { ...step, state: 'done', startedAt: step.startedAt ?? at, endedAt: at };
    }
    return index === target ? { ...step, state: 'now', startedAt: at } : step;
  });
}

const finish = (steps: Step[], at: number): Step[] =>
  steps.map((step) =>
    step.state === 'done' ? step : { ...step, state: 'done', startedAt: step.startedAt ?? at, endedAt: at },
  );

const halt = (steps: Step[], state: 'failed' | 'todo', at: number): Step[] =>
  steps.map((step) => (step.state === 'now' ? { ...step, state, endedAt: at } : step));

function onJob(instance: Instance, job: JobStatus, at: number): Instance {
  const next = { ...instance, job };
  if (!isStarting(instance.state)) return next;
  if (job.state === 'pending' || job.state === 'held')
    return { ...next, state: 'waiting', steps: begin(next.steps, 'queue', at) };
  if (job.state === 'running') return { ...next, state: 'starting', steps: begin(next.steps, 'start', at) };
  return next;
}

/** Where an instance was before it was asked to stop; a route is found again from `reconnecting`. */
function resumed(instance: Instance): InstanceState {
  if (instance.steps.at(-1)?.state === 'done') return 'reconnecting';
  return instance.job?.state === 'pending' || instance.job?.state === 'held' ? 'waiting' : 'starting';
}

/** The one place where an instance changes. What is over stays over, except that its log may still arrive. */
export function reduce(instance: Instance, event: InstanceEvent): Instance {
  if (event.type === 'log') return { ...instance, logTail: event.tail };
  if (isOver(instance.state)) return instance;
  switch (event.type) {
    case 'step':
      return { ...instance, progress: null, steps: begin(instance.steps, event.step, event.at) };
    case 'progress':
      return { ...instance, progress: event.progress };
    case 'job':
      return onJob(instance, event.job, event.at);
    case 'endpoint':
      return {
        ...instance,
        endpoint: event.endpoint,
        // What was seen of another endpoint, as before a requeue, says nothing of this one.
        exposure: isSameEndpoint(instance.endpoint, event.endpoint) ? instance.exposure : null,
        state: instance.state === 'waiting' ? 'starting' : instance.state,
        steps: begin(instance.steps, 'start', event.at),
      };
    case 'route':
      return { ...instance, route: event.route };
    case 'told':
      return { ...instance, title: event.title, icon: event.icon, path: event.path };
    case 'exposure':
      return { ...instance, exposure: event.exposure };
    case 'notes':
      return { ...instance, notes: event.notes };
    case 'ready':
    case 'back':
      if (instance.state === 'stopping') return instance;
      return { ...instance, state: 'ready', steps: finish(instance.steps, event.at) };
    case 'lost':
      return instance.state === 'ready' ? { ...instance, state: 'reconnecting' } : instance;
    case 'stopping':
      return { ...instance, state: 'stopping' };
    case 'stop-failed':
      return { ...instance, state: resumed(instance), error: event.error };
    case 'ended':
      return {
        ...instance,
        progress: null,
        state: 'ended',
        endedAt: event.at,
        steps: halt(instance.steps, 'todo', event.at),
      };
    case 'failed':
      return {
        ...instance,
        progress: null,
        state: 'failed',
        endedAt: event.at,
        error: event.error,
        steps: halt(instance.steps, 'failed', event.at),
      };
  }
}
