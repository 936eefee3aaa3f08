import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeInstanceWait, describeJobWait, formatElapsed } from '../../../cli/describe-wait.ts';
import { showInstanceWait } from '../../../cli/wait-status.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { type EngineState, emptyEngineState } from '../../../electron/shared/state.ts';
import { fixtureBatchJob, fixtureNative } from '../../helpers/fixtures/jobs.ts';
import { fixtureInstance, fixtureJob, fixtureSteps } from '../../helpers/fixtures/parts.ts';

const now = new Date('2026-11-29T14:00:00').getTime();
const minutes = (count: number) => count * 60_000;

test.each([
  [0, '0:00'],
  [7_900, '0:07'],
  [725_000, '12:05'],
  [3_725_000, '1:02:05'],
  [-5, '0:00'],
])('%i ms are %s', (elapsed, text) => expect(formatElapsed(elapsed)).toBe(text));

describe('what a launch waits for', () => {
  const pending = fixtureJob({
    state: 'pending',
    reason: 'waiting for enough free resources',
    nativeReason: 'Resources',
    submittedAt: now - minutes(3),
    startsAt: now + minutes(20),
  });
  const app = (over: Partial<Instance>) =>
    fixtureInstance({ id: 'abcdefghij', title: 'Jupyter', state: 'waiting', ...over });

  test('is its queue, with the reason and the expected start', () => {
    expect(describeInstanceWait(app({ job: pending }), now)).toBe(
      'Jupyter: waiting in the queue 3:00, waiting for enough free resources (Resources), expected to start at 14:20',
    );
    const tomorrow = { ...pending, startsAt: now + minutes(24 * 60) };
    expect(describeInstanceWait(app({ job: tomorrow }), now)).toContain('expected to start 2026-11-30 14:00');
    const passed = { ...pending, startsAt: now - 1, reason: '', nativeReason: '' };
    expect(describeInstanceWait(app({ job: passed }), now)).toBe('Jupyter: waiting in the queue 3:00');
    expect(describeInstanceWait(app({ job: { ...pending, state: 'held' } }), now)).toContain('held in the queue');
  });

  test('is the step that runs now, with how far it is', () => {
    const starting = app({
      state: 'starting',
      job: null,
      steps: [{ name: 'upload', state: 'now', startedAt: now - 5000, endedAt: null }],
      progress: { fraction: 0.5, text: '2 of 4 MiB' },
    });
    expect(describeInstanceWait(starting, now)).toBe('Jupyter: sending its files 0:05, 50 %, 2 of 4 MiB');
  });

  test('is nothing when it is ready, runs or is over', () => {
    for (const state of ['ready', 'running', 'ended', 'failed', 'interrupted'] as const) {
      expect(describeInstanceWait(app({ state, job: pending, steps: fixtureSteps(0, now, 0) }), now)).toBeNull();
    }
  });
});

test('what a batch job waits for', () => {
  const job = fixtureBatchJob({
    id: 'abcdefghij',
    name: 'fit',
    state: 'queued',
    submittedAt: now - minutes(1),
    native: fixtureNative({ reason: 'Priority', expectedStart: now + minutes(5) }),
  });
  expect(describeJobWait(job, now)).toBe('fit: waiting in the queue 1:00, Priority, expected to start at 14:05');
  const active = { ...job, state: 'active' as const, startedAt: now - minutes(2) };
  expect(describeJobWait(active, now)).toMatch(/^fit: running 2:00/);
  expect(describeJobWait({ ...job, state: 'completed' }, now)).toBeNull();
});

describe('the line of a wait', () => {
  const written: string[] = [];
  const tty = process.stderr.isTTY;
  beforeEach(() => {
    vi.useFakeTimers({ now });
    written.length = 0;
    process.stderr.isTTY = true;
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    process.stderr.isTTY = tty;
  });

  test('follows the state and the time, and is gone at a question and at the end', () => {
    const waiting = fixtureInstance({
      id: 'a',
      title: 'Hello',
      state: 'waiting',
      job: fixtureJob({ state: 'pending', submittedAt: now, reason: '', nativeReason: '', startsAt: null }),
    });
    let state: EngineState = { ...emptyEngineState, instances: [waiting] };
    const listeners = new Set<() => void>();
    const change = (next: EngineState) => {
      state = next;
      for (const each of listeners) each();
    };
    const onChange = (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    const stop = showInstanceWait({ state: () => state, onChange }, 'a');
    expect(written.at(-1)).toContain('Hello: waiting in the queue 0:00');
    vi.advanceTimersByTime(2000);
    expect(written.at(-1)).toContain('0:02');
    const approval = { id: 'p', clusterId: 'c', clusterName: 'hpc', askedAt: now, kind: 'approval' as const };
    change({ ...state, prompts: [{ ...approval, subject: 'ada', option: null }] });
    expect(written.at(-1)).toBe('\r\x1b[K');
    const count = written.length;
    vi.advanceTimersByTime(3000);
    expect(written.length).toBe(count);
    change({ ...state, prompts: [] });
    expect(written.at(-1)).toContain('0:05');
    stop();
    expect(written.at(-1)).toBe('\r\x1b[K');
    vi.advanceTimersByTime(3000);
    expect(listeners.size).toBe(0);
    expect(written.at(-1)).toBe('\r\x1b[K');
  });

  test('is only for a terminal', () => {
    process.stderr.isTTY = false;
    const session = { state: () => emptyEngineState, onChange: () => () => undefined };
    showInstanceWait(session, 'a')();
    expect(written).toEqual([]);
  });
});
