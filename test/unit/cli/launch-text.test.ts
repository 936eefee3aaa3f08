import { expect, test } from 'vitest';
import { describeLaunch } from '../../../cli/launch-text.ts';
import { type Instance, unknownJob } from '../../../electron/shared/instances.ts';

const of = (kind: Instance['kind'], state: Instance['state'], title = 'Fit') =>
  describeLaunch({ id: 'abcd', job: unknownJob('12'), kind, state, title });

test.each([
  ['job', 'running', 'Fit is running as job 12: abcd. Follow its log with: tunel logs -f abcd'],
  ['job', 'waiting', 'Fit waits in its queue as job 12: abcd. Follow its log with: tunel logs -f abcd'],
  ['job', 'ended', 'Fit has ended as job 12: abcd. Read its log with: tunel logs abcd'],
  ['app', 'ready', 'Fit is ready: abcd. Open it with: tunel open abcd'],
  ['app', 'waiting', 'Fit waits in its queue as job 12: abcd. Open it when it is ready with: tunel open abcd'],
  ['app', 'starting', 'Fit is starting: abcd. Open it when it is ready with: tunel open abcd'],
] as const)('a launch of an %s that is %s', (kind, state, expected) => expect(of(kind, state)).toBe(expected));

test('a job is never called ready and never to be opened', () => {
  for (const state of ['starting', 'waiting', 'running', 'reconnecting', 'stopping', 'ended', 'failed'] as const) {
    expect(of('job', state)).not.toMatch(/ready|Open it/);
  }
});
