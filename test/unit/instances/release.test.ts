import { expect, it } from 'vitest';
import { releasableJob } from '../../../electron/core/instances/release-policy.ts';
import { canRelease } from '../../../electron/shared/instance-policy.ts';
import type { JobStatus } from '../../../electron/shared/instances.ts';
import { fixtureInstance, fixtureJob } from '../../helpers/fixtures/parts.ts';

const withJob = (job: Partial<JobStatus> | null, state: 'waiting' | 'stopping' | 'ended' = 'waiting') =>
  fixtureInstance({ id: 'held000000', title: 'Web', state, job: job && fixtureJob(job) });

it('lets the user release what the user holds', () => {
  const held = withJob({ state: 'held', heldBy: 'user' });
  expect(releasableJob(held)).toBe(held.job);
  expect(canRelease(held)).toBe(true);
});

it('says that somebody else holds it', () => {
  const held = withJob({ state: 'held', heldBy: 'system', nativeReason: 'JobHeldAdmin' });
  expect(() => releasableJob(held)).toThrow(/An administrator or the scheduler holds this job/);
  expect(canRelease(held)).toBe(false);
});

it.each([withJob(null), withJob({ state: 'pending' }), withJob({ state: 'running' })])(
  'says that it is not on hold (%#)',
  (instance) => {
    expect(() => releasableJob(instance)).toThrow('The job of Web is not on hold.');
    expect(canRelease(instance)).toBe(false);
  },
);

it('offers no release of what ends or has ended', () => {
  for (const state of ['stopping', 'ended'] as const) {
    expect(canRelease(withJob({ state: 'held', heldBy: 'user' }, state))).toBe(false);
  }
});
