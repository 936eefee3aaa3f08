import { expect, test } from 'vitest';
import type { EndingView } from '../../../electron/core/instances/ending-policy.ts';
import { decideNextStep, type NextStepInput } from '../../../electron/core/instances/next-step-policy.ts';
import { type JobStatus, unknownJob } from '../../../electron/shared/instances.ts';

const job = (state: JobStatus['state'], change: Partial<JobStatus> = {}): JobStatus => ({
  ...unknownJob('7'),
  state,
  ...change,
});
const endpoint = { kind: 'socket', node: 'c1', path: '/s' } as const;
const calm: EndingView = { job: null, exitCode: null, exitSeenFor: 0, unknownFor: 0 };
const app = { state: 'starting', kind: 'app', job: job('running'), endpoint: null } as const;

test.each<[string, Partial<NextStepInput['instance']>, Partial<EndingView>, number | null, string]>([
  ['an app that does not listen yet', {}, {}, 2000, 'wait'],
  ['and never began to', {}, {}, 500, 'deaf'],
  ['an app that listens', { endpoint }, {}, 500, 'open'],
  ['a ready one is looked at, too, since its route may be gone', { state: 'ready', endpoint }, {}, null, 'open'],
  ['one that is being stopped', { state: 'stopping', endpoint }, {}, 500, 'wait'],
  ['one that ended, of which the scheduler may still tell', { endpoint }, { exitCode: 1 }, 500, 'wait'],
  ['one that is over', { job: job('completed') }, { job: job('completed') }, null, 'finish'],
  ['a job that the scheduler holds', { job: job('held', { heldBy: 'system' }) }, {}, null, 'held'],
  ['a job that the user holds', { job: job('held', { heldBy: 'user' }) }, {}, null, 'wait'],
  ['a batch job that runs', { kind: 'job' }, {}, null, 'running'],
  ['a batch job that waits', { kind: 'job', job: job('pending') }, {}, null, 'wait'],
])('%s', (_name, change, ending, readyBy, expected) => {
  const instance = { ...app, ...change };
  expect(decideNextStep({ instance, ending: { ...calm, ...ending }, readyBy, now: 1000 })).toBe(expected);
});
