import { expect, it } from 'vitest';
import type { JobTask } from '../../../electron/shared/jobs.ts';
import { describeTaskEnd, describeTaskTime, matchesTask } from '../../../renderer/features/jobs/job-tasks-model.ts';

const task = (over: Partial<JobTask>): JobTask => ({
  ...{ index: 3, state: 'completed', nativeState: 'COMPLETED', reason: '', node: 'c1' },
  ...{ exitCode: null, signal: null, startedAt: null, endedAt: null },
  ...over,
});

it('shows tasks by what matters of their state', () => {
  expect(matchesTask('failed', task({ state: 'canceled' }))).toBe(true);
  expect(matchesTask('waiting', task({ state: 'held' }))).toBe(true);
  expect(matchesTask('waiting', task({ state: 'active' }))).toBe(false);
  expect(matchesTask('completed', task({}))).toBe(true);
});

it('says how a task ended, and how long it ran', () => {
  expect(describeTaskEnd(task({ exitCode: 0 }))).toBe('0');
  expect(describeTaskEnd(task({ signal: 9 }))).toBe('signal 9');
  expect(describeTaskEnd(task({}))).toBe('');
  expect(describeTaskTime(task({ startedAt: 0, endedAt: 61_000 }), 999_000)).toBe(
    describeTaskTime(task({ startedAt: 0, state: 'active' }), 61_000),
  );
  expect(describeTaskTime(task({ startedAt: 5 }), 9)).toBe('');
});
