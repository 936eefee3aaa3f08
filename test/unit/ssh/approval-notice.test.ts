import { expect, test } from 'vitest';
import type { Clock } from '../../../electron/core/deps.ts';
import { ApprovalNotice } from '../../../electron/core/ssh/auth/approval-notice.ts';
import { AppError } from '../../../electron/shared/errors.ts';

/** A clock whose sleeps end when `pass` is called. */
function stoppedClock() {
  const sleeping = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        sleeping.add(resolve);
        signal?.addEventListener('abort', () => {
          sleeping.delete(resolve);
          reject(new AppError('cancelled', 'Cancelled.'));
        });
      }),
  };
  const pass = async () => {
    for (const wake of sleeping) wake();
    sleeping.clear();
    await new Promise(setImmediate);
  };
  return { clock, pass };
}

function createNotice(show: (option: string | null, signal: AbortSignal) => Promise<unknown>) {
  const { clock, pass } = stoppedClock();
  const cancelled: AppError[] = [];
  const notice = new ApprovalNotice({ clock, show, onCancel: (error) => cancelled.push(error) });
  return { notice, pass, cancelled };
}

test('is shown once for a chosen option, and goes when the server answers', async () => {
  const shown: [string | null, AbortSignal][] = [];
  const { notice, pass } = createNotice(async (...call) => {
    shown.push(call);
  });
  notice.show('Push');
  notice.sent();
  await pass();
  expect(shown.map(([option]) => option)).toEqual(['Push']);
  notice.end();
  expect(shown[0]?.[1].aborted).toBe(true);
});

test('is shown for a server that stays silent, and not for one that answers', async () => {
  const shown: (string | null)[] = [];
  const { notice, pass } = createNotice(async (option) => {
    shown.push(option);
  });
  notice.sent();
  notice.end();
  await pass();
  expect(shown).toEqual([]);
  notice.sent();
  await pass();
  expect(shown).toEqual([null]);
});

test('ends the sign-in when the user closes it, not when nobody can be shown it or the server went on', async () => {
  const refused = createNotice(() => Promise.reject(new AppError('sign-in-needed', 'Nobody.')));
  refused.notice.show('Push');
  await refused.pass();
  expect(refused.cancelled).toEqual([]);
  const closed = createNotice(() => Promise.reject(new AppError('cancelled', 'Sign-in cancelled.')));
  closed.notice.show('Push');
  await closed.pass();
  expect(closed.cancelled).toHaveLength(1);
  const ended = createNotice(() => Promise.reject(new AppError('cancelled', 'Cancelled.')));
  ended.notice.show('Push');
  ended.notice.end();
  await ended.pass();
  expect(ended.cancelled).toEqual([]);
});
