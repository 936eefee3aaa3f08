import { describe, expect, test } from 'vitest';
import { type InstanceEvent, newSteps, reduce } from '../../../electron/core/instances/instance-state.ts';
import { runTime } from '../../../electron/shared/instance-policy.ts';
import { type Instance, type JobStatus, unknownJob } from '../../../electron/shared/instances.ts';

const job = (state: JobStatus['state']): JobStatus => ({
  ...unknownJob('7'),
  state,
  nativeState: state.toUpperCase(),
  node: 'c1',
  queue: 'cpu',
});

const fresh: Instance = {
  id: 'abcdefghij',
  clusterId: 'c',
  clusterName: 'C',
  recipe: 'web',
  kind: 'app',
  title: 'Web',
  icon: 'app',
  launcher: 'slurm',
  runtime: 'native',
  state: 'starting',
  steps: newSteps({ kind: 'app', runtime: 'native' }),
  progress: null,
  createdAt: 0,
  readyAt: null,
  endedAt: null,
  job: null,
  endpoint: null,
  route: null,
  exposure: null,
  path: '/',
  error: null,
  logTail: '',
  logSpan: null,
  directory: '/home/ada/.tunel/abcdefghij',
  input: null,
};

const endpoint = { kind: 'socket', node: 'c1', path: '/s' } as const;
const error = { code: 'job-failed', message: 'It failed.' } as const;
const toQueue: InstanceEvent[] = [
  { type: 'step', step: 'connect', at: 1 },
  { type: 'step', step: 'upload', at: 2 },
  { type: 'step', step: 'submit', at: 3 },
  { type: 'step', step: 'queue', at: 4 },
];
const toReady: InstanceEvent[] = [
  ...toQueue,
  { type: 'job', job: job('pending'), at: 5 },
  { type: 'job', job: job('running'), at: 6 },
  { type: 'endpoint', endpoint, at: 7 },
  { type: 'step', step: 'tunnel', at: 8 },
  { type: 'step', step: 'ready', at: 9 },
  { type: 'ready', at: 10 },
];

/** `state step step ...`: each step as its first letter of state (t, n, d, f). */
const sketch = (instance: Instance): string =>
  `${instance.state} ${instance.steps.map((step) => step.state[0]).join('')}`;
const changed = (...events: InstanceEvent[]): Instance => events.reduce(reduce, fresh);

describe('an instance changes', () => {
  test.each<[string, InstanceEvent[], string]>([
    ['nothing happened', [], 'starting ttttttt'],
    ['connecting', toQueue.slice(0, 1), 'starting ntttttt'],
    ['submitted', toQueue, 'starting dddnttt'],
    ['pending', toReady.slice(0, 5), 'waiting dddnttt'],
    ['held by the user', [...toQueue, { type: 'job', job: job('held'), at: 5 }], 'waiting dddnttt'],
    ['running', toReady.slice(0, 6), 'starting ddddntt'],
    ['running at once', [...toQueue, { type: 'job', job: job('running'), at: 5 }], 'starting ddddntt'],
    [
      'an endpoint before the scheduler says running',
      [...toReady.slice(0, 5), { type: 'endpoint', endpoint, at: 6 }],
      'starting ddddntt',
    ],
    ['ready', toReady, 'ready ddddddd'],
    ['the connection is lost', [...toReady, { type: 'lost' }], 'reconnecting ddddddd'],
    ['and back', [...toReady, { type: 'lost' }, { type: 'back', at: 20 }], 'ready ddddddd'],
    ['lost while it waits', [...toReady.slice(0, 5), { type: 'lost' }], 'waiting dddnttt'],
    ['a late pending does not undo ready', [...toReady, { type: 'job', job: job('pending'), at: 11 }], 'ready ddddddd'],
    [
      'a late step does not go back',
      [...toReady.slice(0, 8), { type: 'step', step: 'queue', at: 9 }],
      'starting dddddnt',
    ],
    ['interrupted', [...toQueue.slice(0, 2), { type: 'interrupted' }], 'interrupted ttttttt'],
    ['and continued', [...toQueue.slice(0, 2), { type: 'interrupted' }, { type: 'continued' }], 'starting ttttttt'],
    ['stopping', [...toReady, { type: 'stopping' }], 'stopping ddddddd'],
    [
      'stopping is not undone by a route',
      [...toReady, { type: 'stopping' }, { type: 'back', at: 12 }],
      'stopping ddddddd',
    ],
    ['a stop that failed', [...toReady, { type: 'stopping' }, { type: 'stop-failed', error }], 'reconnecting ddddddd'],
    [
      'a stop in the queue that failed',
      [...toReady.slice(0, 5), { type: 'stopping' }, { type: 'stop-failed', error }],
      'waiting dddnttt',
    ],
    ['ended', [...toReady, { type: 'stopping' }, { type: 'ended', at: 13 }], 'ended ddddddd'],
    ['stopped in the queue', [...toReady.slice(0, 5), { type: 'ended', at: 6 }], 'ended dddtttt'],
    ['failed at a step', [...toReady.slice(0, 6), { type: 'failed', at: 7, error }], 'failed ddddftt'],
    [
      'over stays over',
      [...toReady, { type: 'ended', at: 13 }, { type: 'back', at: 14 }, { type: 'failed', at: 15, error }],
      'ended ddddddd',
    ],
  ])('%s', (_name, events, expected) => {
    expect(sketch(changed(...events))).toBe(expected);
  });

  test('a batch job runs, and is never ready', () => {
    const planned = { type: 'planned', kind: 'job', path: '' } as const;
    const { launcher, runtime, directory } = fresh;
    const batch = changed({ ...planned, launcher, runtime, directory }, ...toReady.slice(0, 6), {
      type: 'running',
      at: 7,
    });
    expect(sketch(batch)).toBe('running ddddd');
    expect(batch.readyAt).toBeNull();
    expect(sketch(reduce(batch, { type: 'lost' }))).toBe('reconnecting ddddd');
  });

  test('it is known since when an app is ready', () => {
    expect(changed(...toReady, { type: 'lost' }, { type: 'back', at: 20 }).readyAt).toBe(10);
  });

  test('how long it ran is told by the times of its job, also when its end is noticed late', () => {
    const began = { type: 'job', job: { ...job('running'), startedAt: 1000 }, at: 6 } as const;
    const events: InstanceEvent[] = [...toQueue, began, { type: 'job', job: job('completed'), at: 90_000 }];
    const seen = changed(
      ...events,
      { type: 'job-times', startedAt: 7, endedAt: 61_000 },
      { type: 'ended', at: 90_000 },
    );
    expect(seen.job).toMatchObject({ startedAt: 1000, endedAt: 61_000 });
    expect([seen.endedAt, runTime(seen)]).toEqual([61_000, 60_000]);
    expect(runTime(changed(...events, { type: 'ended', at: 90_000 }))).toBe(89_000);
    expect(runTime(changed(...events))).toBeNull();
  });

  test('steps keep their times', () => {
    const { steps } = changed(...toReady);
    expect(steps.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 6],
      [6, 8],
      [8, 9],
      [9, 10],
    ]);
  });

  test('the log may come after the end', () => {
    expect(changed(...toReady, { type: 'ended', at: 13 }, { type: 'log', tail: 'bye', span: null }).logTail).toBe(
      'bye',
    );
  });
});

describe('times of a job that nobody looked at meanwhile', () => {
  const minutes = (count: number) => count * 60_000;
  const seenAt = minutes(60);
  const submitted = reduce({ ...fresh, createdAt: minutes(1) }, { type: 'step', step: 'queue', at: minutes(2) });
  const began = { ...job('running'), submittedAt: minutes(2), startedAt: minutes(10) };

  test('are the cluster’s own: its wait, its start and how long it ran', () => {
    const running = reduce(submitted, { type: 'job', job: began, at: seenAt });
    const step = (name: string) => running.steps.find((each) => each.name === name);
    expect(step('queue')).toMatchObject({ startedAt: minutes(2), endedAt: minutes(10) });
    expect(step('start')).toMatchObject({ startedAt: minutes(10) });
    const done = { ...job('completed'), startedAt: minutes(10), endedAt: minutes(30) };
    const over = reduce(reduce(running, { type: 'job', job: done, at: seenAt }), { type: 'ended', at: seenAt });
    expect([over.endedAt, runTime(over)]).toEqual([minutes(30), minutes(20)]);
  });

  test('never lie before what came first, whatever the cluster’s clock says', () => {
    const early = reduce(submitted, { type: 'job', job: { ...began, startedAt: 5 }, at: seenAt });
    expect(early.steps.find(({ name }) => name === 'start')?.startedAt).toBe(minutes(2));
    const late = reduce(submitted, { type: 'job', job: { ...began, startedAt: minutes(90) }, at: seenAt });
    expect(late.steps.find(({ name }) => name === 'start')?.startedAt).toBe(seenAt);
  });

  test('an app that waits in the queue of another computer waits since it was submitted', () => {
    const found = reduce(fresh, { type: 'job', job: { ...job('pending'), submittedAt: minutes(2) }, at: seenAt });
    expect(found.steps.find(({ name }) => name === 'queue')?.startedAt).toBe(minutes(2));
  });
});
