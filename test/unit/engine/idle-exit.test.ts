import { expect, test } from 'vitest';
import { Activity } from '../../../electron/core/api/activity.ts';
import { idleLimit, untilIdle } from '../../../electron/core/api/idle-exit.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { ManualClock, settle } from '../gateway/manual-clock.ts';

const minute = 60_000;

function start() {
  const clock = new ManualClock();
  const activity = new Activity();
  const life = new AbortController();
  const engine = { clock, activity, life, isWatched: false, outcome: 'up' };
  untilIdle({ activity, clock, isWatching: () => engine.isWatched }, life.signal).then(
    () => (engine.outcome = 'idle'),
    (error: unknown) => (engine.outcome = AppError.from(error).code),
  );
  return engine;
}

test('an engine that nobody uses ends after the limit, and not before', async () => {
  const engine = start();
  await engine.clock.pass(idleLimit - minute);
  expect(engine.outcome).toBe('up');
  await engine.clock.pass(minute);
  expect(engine.outcome).toBe('idle');
});

test.each(['clients', 'streams', 'requests'] as const)(
  '%s keep it, and the limit begins anew after them',
  async (kind) => {
    const engine = start();
    await engine.clock.pass(idleLimit - minute);
    const end = engine.activity.begin(kind);
    await engine.clock.pass(3 * idleLimit);
    expect(engine.outcome).toBe('up');
    end();
    await engine.clock.pass(idleLimit - minute);
    expect(engine.outcome).toBe('up');
    await engine.clock.pass(2 * minute);
    expect(engine.outcome).toBe('idle');
  },
);

test('a request between two looks begins the limit anew', async () => {
  const engine = start();
  await engine.clock.pass(idleLimit - minute / 2);
  engine.activity.begin('requests')();
  await engine.clock.pass(idleLimit - minute);
  expect(engine.outcome).toBe('up');
  await engine.clock.pass(2 * minute);
  expect(engine.outcome).toBe('idle');
});

test('a watched app keeps it', async () => {
  const engine = start();
  engine.isWatched = true;
  await engine.clock.pass(3 * idleLimit);
  expect(engine.outcome).toBe('up');
  engine.isWatched = false;
  await engine.clock.pass(idleLimit + minute);
  expect(engine.outcome).toBe('idle');
});

test('an engine that is asked to end does not wait', async () => {
  const engine = start();
  engine.life.abort();
  await settle();
  expect(engine.outcome).toBe('cancelled');
});
