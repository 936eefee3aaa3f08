import { expect, test } from 'vitest';
import { LoginNodeHops } from '../../../electron/core/instances/login-node-hops.ts';
import { unreadable } from '../../../electron/core/launchers/common/job-answer.ts';
import type { Launcher } from '../../../electron/core/launchers/common/launcher.ts';
import type { Connection, HopReason } from '../../../electron/core/ssh/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';

const { signal } = new AbortController();
const job = { id: '1.2@b', directory: '/d' };

/** A connection whose hops fail, and a launcher whose only job runs on another login node. */
function setUp(error: AppError) {
  const reasons: (HopReason | undefined)[] = [];
  const hop = async (_node: string, _signal?: AbortSignal, reason?: HopReason) => {
    reasons.push(reason);
    throw error;
  };
  // biome-ignore lint/suspicious/noExplicitAny: nothing else of a connection is used here.
  const from: Connection = { closed: new AbortController().signal, hop } as any;
  const poll = async () => new Map([[job.id, unreadable('it runs on b')]]);
  // biome-ignore lint/suspicious/noExplicitAny: nothing else of a launcher is used here.
  const launcher: Launcher = { name: 'login', poll } as any;
  const clock = { at: 0, now: () => clock.at, sleep: async () => undefined };
  const hops = new LoginNodeHops(clock);
  return { reasons, clock, poll: () => hops.poll(launcher, from, [job], signal) };
}

test('a node that was not reached is tried again after a minute, and asks nobody', async () => {
  const { reasons, clock, poll } = setUp(new AppError('timeout', 'No answer.'));
  await poll();
  await poll();
  expect(reasons).toEqual(['poll']);
  clock.at += 61_000;
  await poll();
  expect(reasons).toEqual(['poll', 'poll']);
});

test.each(['auth-failed', 'sign-in-needed'] as const)('one that refused with %s is not tried again', async (code) => {
  const { reasons, clock, poll } = setUp(new AppError(code, 'Refused.'));
  await poll();
  clock.at += 3_600_000;
  const statuses = await poll();
  expect(reasons).toEqual(['poll']);
  expect(statuses.get(job.id)).toMatchObject({
    reason: expect.stringContaining('was not reached from there: Refused.'),
  });
});
