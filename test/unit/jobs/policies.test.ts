import { describe, expect, test } from 'vitest';
import { hashInput } from '../../../electron/core/hash-input.ts';
import { checkWritable, jobDirectory, slugOf } from '../../../electron/core/jobs/job-directory-policy.ts';
import { jobErrorOf, jobStateOf, nativeOf } from '../../../electron/core/jobs/job-state-policy.ts';

import { type Instance, type JobStatus, unknownJob } from '../../../electron/shared/instances.ts';
import { jobPathSchema } from '../../../electron/shared/jobs.ts';

const job = (state: JobStatus['state'], more: Partial<JobStatus> = {}): JobStatus => ({
  ...unknownJob('12'),
  state,
  ...more,
});

describe('the state of a job', () => {
  test.each<[string, Pick<Instance, 'state' | 'job' | 'stopped'> | null, string]>([
    ['no instance', null, 'new'],
    ['an interrupted launch', { state: 'interrupted', job: null }, 'new'],
    ['a launch', { state: 'starting', job: null }, 'submitting'],
    ['a launch that is stopped', { state: 'stopping', job: null }, 'submitting'],
    ['a number only', { state: 'starting', job: job('unknown') }, 'queued'],
    ['in the queue', { state: 'waiting', job: job('pending') }, 'queued'],
    ['on hold', { state: 'waiting', job: job('held', { heldBy: 'user' }) }, 'held'],
    ['running', { state: 'running', job: job('running') }, 'active'],
    ['running, seen last before a restart', { state: 'reconnecting', job: job('unknown') }, 'active'],
    ['asked to end', { state: 'stopping', job: job('running') }, 'active'],
    ['over, its log is being read', { state: 'running', job: job('completed') }, 'active'],
    ['at its end', { state: 'ended', job: job('completed') }, 'completed'],
    ['failed', { state: 'failed', job: job('failed') }, 'failed'],
    ['out of time', { state: 'failed', job: job('timeout') }, 'failed'],
    ['never submitted', { state: 'failed', job: null }, 'failed'],
    ['stopped', { state: 'ended', job: job('completed'), stopped: true }, 'canceled'],
    ['stopped before it was submitted', { state: 'ended', job: null, stopped: true }, 'canceled'],
    ['cancelled by the scheduler’s own command', { state: 'failed', job: job('cancelled') }, 'canceled'],
  ])('%s', (_what, instance, state) => expect(jobStateOf(instance)).toBe(state));

  test('has no error where somebody wanted its end', () => {
    const error = { code: 'job-failed' as const, message: 'It was cancelled.' };
    expect(jobErrorOf({ state: 'failed', job: job('cancelled'), error })).toBeNull();
    expect(jobErrorOf({ state: 'failed', job: job('failed'), error })).toEqual(error);
  });

  test('says what the scheduler says', () => {
    const waiting = job('pending', {
      nativeState: 'PENDING',
      reason: 'waiting',
      nativeReason: 'Priority',
      startsAt: 5,
    });
    expect(nativeOf(waiting)).toMatchObject({
      id: '12',
      state: 'PENDING',
      reason: 'waiting (Priority)',
      expectedStart: 5,
    });
    expect(nativeOf(job('running', { startsAt: 5 }))?.expectedStart).toBeNull();
    expect(nativeOf(null)).toBeNull();
  });
});

describe('the directory of a job', () => {
  test.each([
    ['Größe & more', 'gro-e-more'],
    ['  --A/../b--  ', 'a-b'],
    ['漢字', 'job'],
    ['x'.repeat(100), 'x'.repeat(40)],
  ])('is named after “%s”', (name, slug) => expect(slugOf(name)).toBe(slug));

  test('is below the work directory', () => {
    const given = { id: 'abcdefghij', name: 'Run 1' };
    expect(jobDirectory('', '/home/me', given)).toBe('/home/me/tunel-jobs/run-1-abcdefghij');
    expect(jobDirectory('~/work/', '/home/me', given)).toBe('/home/me/work/tunel-jobs/run-1-abcdefghij');
    expect(jobDirectory('/scratch/me', '/home/me', given)).toBe('/scratch/me/tunel-jobs/run-1-abcdefghij');
  });

  test.each(['a', 'a/b', '.hidden', '...', 'a..b/c', 'ü /x', '-x'])('has the path “%s”', (path) => {
    expect(jobPathSchema.safeParse(path).success).toBe(true);
  });

  test.each(['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/.', 'a/..', '../a', 'a/../b', 'a\0', 'a\nb', 'a\rb'])(
    'has no path %j',
    (path) => expect(jobPathSchema.safeParse(path).success).toBe(false),
  );

  test('has files that only the app writes', () => {
    expect(() => checkWritable('job.json')).toThrow('written by Tunel');
    expect(() => checkWritable('in/job.json')).not.toThrow();
  });
});

test('two inputs that mean the same have one hash', () => {
  expect(hashInput({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(hashInput({ b: { c: [1, 2] }, a: 1 }));
  expect(hashInput({ a: [1, 2] })).not.toBe(hashInput({ a: [2, 1] }));
});
