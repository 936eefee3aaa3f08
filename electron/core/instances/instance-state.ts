import type { SerializedError } from '../../shared/errors.ts';
import { isOver, isStarting, isUp } from '../../shared/instance-policy.ts';
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
import { isRecentLaunch, isSubmissionBegun, isUnfinishedLaunch } from './interruption-policy.ts';

type StepName = (typeof stepNames)[number];

type Planned = Pick<Instance, 'kind' | 'launcher' | 'runtime' | 'directory' | 'workDirectory' | 'path'>;

/** What can happen to an instance. Times are epoch ms of this machine's clock. */
export type InstanceEvent =
  | { type: 'step'; step: StepName; at: number }
  /** What the facts of the cluster decided about a launch. */
  | ({ type: 'planned' } & Planned)
  /** Of the step that runs. */
  | { type: 'progress'; progress: Progress }
  | { type: 'job'; job: JobStatus; at: number }
  /** The last question said nothing of its state, which stays; `error`: for a while already. */
  | { type: 'unobserved'; reason: string; error: SerializedError | null }
  /** As the job's own directory says; what the scheduler says counts more. */
  | { type: 'job-times'; startedAt: number | null; endedAt: number | null }
  | { type: 'endpoint'; endpoint: Endpoint; at: number }
  | { type: 'route'; route: RouteInfo }
  | { type: 'exposure'; exposure: Exposure }
  | { type: 'notes'; notes: Note[] }
  | { type: 'ready'; at: number }
  /** A batch job runs. */
  | { type: 'running'; at: number }
  | { type: 'lost' }
  | { type: 'back'; at: number }
  | { type: 'stopping' }
  /** It could not be stopped from here, e.g. it runs on another login node. */
  | { type: 'stop-failed'; error: SerializedError }
  /** `stopped`: somebody wanted that. */
  | { type: 'ended'; at: number; stopped?: boolean }
  | { type: 'failed'; at: number; error: SerializedError }
  /** What the app says of itself once it answers. */
  | { type: 'described'; title: string; icon: string; path: string }
  /** This process read it from what another one saved. */
  | { type: 'restored'; at: number }
  /** A launch was cut off before it was submitted, and waits for the user. */
  | { type: 'interrupted' }
  | { type: 'continued' }
  | { type: 'log'; tail: string; span: Instance['logSpan'] };

const appSteps: ReadonlySet<StepName> = new Set(['tunnel', 'ready']);

/** `image` is a step only in a container, `tunnel` and `ready` only of an app. */
export const newSteps = ({ kind, runtime }: Pick<Instance, 'kind' | 'runtime'>): Step[] =>
  stepNames
    .filter((name) => (name !== 'image' || runtime !== 'native') && (kind === 'app' || !appSteps.has(name)))
    .map((name) => ({ name, state: 'todo', startedAt: null, endedAt: null }));

/** The plan may show only after the connection which steps there are. */
function onPlanned(instance: Instance, planned: Planned): Instance {
  const { kind, launcher, runtime, directory, workDirectory = instance.workDirectory, path } = planned;
  const steps = newSteps(planned).map((fresh) => instance.steps.find((step) => step.name === fresh.name) ?? fresh);
  return { ...instance, kind, launcher, runtime, directory, workDirectory, path, steps };
}

const isSameEndpoint = (a: Endpoint | null, b: Endpoint): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Steps only move forward: a poll that reports the past, or a second look after a reconnect, changes nothing. */
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

/** A scheduler forgets the times of a job that is over; a job that was requeued has none yet. */
function withKnownTimes(job: JobStatus, known: JobStatus | null): JobStatus {
  if (known?.id !== job.id || job.state === 'pending' || job.state === 'held') return job;
  return { ...job, startedAt: job.startedAt ?? known.startedAt, endedAt: job.endedAt ?? known.endedAt };
}

/**
 * When something happened that was seen at `at`, by the cluster's clock: a job may have begun long before anybody looked. Not
 * before what is known to have come first, as that clock may be wrong.
 */
function happenedAt({ createdAt, steps }: Instance, time: number | null, at: number): number {
  if (time === null) return at;
  const known = steps.flatMap((step) => [step.startedAt ?? createdAt, step.endedAt ?? createdAt]);
  return Math.max(createdAt, ...known, Math.min(at, time));
}

/** That the state is not known is no error any more once it is. */
const withoutDoubt = ({ error }: Instance): Instance['error'] => (error?.code === 'state-unknown' ? null : error);

function onUnobserved(instance: Instance, reason: string, error: SerializedError | null): Instance {
  if (!instance.job) return instance;
  return { ...instance, job: { ...instance.job, reason }, error: withoutDoubt(instance) ?? error };
}

function onJob(instance: Instance, job: JobStatus, at: number): Instance {
  const next = { ...instance, job: withKnownTimes(job, instance.job), error: withoutDoubt(instance) };
  if (!isStarting(instance.state)) return next;
  if (job.state === 'pending' || job.state === 'held') {
    return { ...next, state: 'waiting', steps: begin(next.steps, 'queue', happenedAt(next, job.submittedAt, at)) };
  }
  if (job.state !== 'running') return next;
  return { ...next, state: 'starting', steps: begin(next.steps, 'start', happenedAt(next, job.startedAt, at)) };
}

const interrupt = (instance: Instance): Instance => ({
  ...instance,
  state: 'interrupted',
  progress: null,
  steps: newSteps(instance),
});

/** Nothing is connected yet. Whether a begun submission made a job is seen on its cluster. */
function onRestored(instance: Instance, at: number): Instance {
  if (isUp(instance.state)) return { ...instance, state: 'reconnecting' };
  const isCutOff = isUnfinishedLaunch(instance) && !isSubmissionBegun(instance);
  return isCutOff && !isRecentLaunch(instance, at) ? interrupt(instance) : instance;
}

function withJobTimes(instance: Instance, times: Pick<JobStatus, 'startedAt' | 'endedAt'>): Instance {
  const { job } = instance;
  if (!job) return instance;
  const { startedAt, endedAt } = times;
  return { ...instance, job: { ...job, startedAt: job.startedAt ?? startedAt, endedAt: job.endedAt ?? endedAt } };
}

function onUp(instance: Instance, state: 'ready' | 'running', at: number): Instance {
  if (instance.state === 'stopping') return instance;
  const readyAt = state === 'ready' ? (instance.readyAt ?? at) : null;
  return { ...instance, state, readyAt, steps: finish(instance.steps, at) };
}

/** A job may have ended long before it was noticed; a cluster whose clock is wrong must not end it before it began. */
const endOf = ({ job, createdAt }: Instance, at: number): number =>
  Math.max(createdAt, Math.min(at, job?.endedAt ?? at));

/** Where an instance was before it was asked to stop; a route is found again from `reconnecting`. */
function resumed(instance: Instance): InstanceState {
  if (instance.steps.at(-1)?.state === 'done') return 'reconnecting';
  return instance.job?.state === 'pending' || instance.job?.state === 'held' ? 'waiting' : 'starting';
}

function onEndpoint(instance: Instance, endpoint: Endpoint, at: number): Instance {
  return {
    ...instance,
    endpoint,
    // What was seen of another endpoint, as before a requeue, says nothing of this one.
    exposure: isSameEndpoint(instance.endpoint, endpoint) ? instance.exposure : null,
    state: instance.state === 'waiting' ? 'starting' : instance.state,
    steps: begin(instance.steps, 'start', at),
  };
}

function end(instance: Instance, state: 'ended' | 'failed', at: number): Instance {
  const steps = halt(instance.steps, state === 'ended' ? 'todo' : 'failed', at);
  return { ...instance, progress: null, state, endedAt: endOf(instance, at), steps, error: withoutDoubt(instance) };
}

/** The one place where an instance changes. What is over stays over, except that its log may still arrive. */
export function reduce(instance: Instance, event: InstanceEvent): Instance {
  if (event.type === 'log') return { ...instance, logTail: event.tail, logSpan: event.span };
  if (isOver(instance.state)) return instance;
  switch (event.type) {
    case 'planned':
      return onPlanned(instance, event);
    case 'step':
      return { ...instance, progress: null, steps: begin(instance.steps, event.step, event.at) };
    case 'progress':
      return { ...instance, progress: event.progress };
    case 'job':
      return onJob(instance, event.job, event.at);
    case 'unobserved':
      return onUnobserved(instance, event.reason, event.error);
    case 'job-times':
      return withJobTimes(instance, event);
    case 'endpoint':
      return onEndpoint(instance, event.endpoint, event.at);
    case 'route':
      return { ...instance, route: event.route };
    case 'described':
      return { ...instance, title: event.title, icon: event.icon, path: event.path };
    case 'exposure':
      return { ...instance, exposure: event.exposure };
    case 'notes':
      return { ...instance, notes: event.notes };
    case 'ready':
    case 'back':
      return onUp(instance, 'ready', event.at);
    case 'running':
      return onUp(instance, 'running', event.at);
    case 'lost':
      return isUp(instance.state) ? { ...instance, state: 'reconnecting' } : instance;
    case 'restored':
      return onRestored(instance, event.at);
    case 'interrupted':
      return interrupt(instance);
    case 'continued':
      return instance.state === 'interrupted' ? { ...instance, state: 'starting' } : instance;
    case 'stopping':
      return { ...instance, state: 'stopping' };
    case 'stop-failed':
      return { ...instance, state: resumed(instance), error: event.error };
    case 'ended':
      return { ...end(instance, 'ended', event.at), ...(event.stopped && { stopped: true }) };
    case 'failed':
      return { ...end(instance, 'failed', event.at), error: event.error };
  }
}
