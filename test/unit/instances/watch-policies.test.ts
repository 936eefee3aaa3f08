import { describe, expect, test } from 'vitest';
import type { Observation } from '../../../electron/core/instances/observation.ts';
import { decisionDelay } from '../../../electron/core/instances/poll-policy.ts';
import { signOf, wantsPoll } from '../../../electron/core/instances/watch/sign-policy.ts';
import { WatchFrames } from '../../../electron/core/instances/watch/watch-frames.ts';
import { watchItem } from '../../../electron/core/instances/watch/watch-item.ts';
import { roundDelay, sentRoundDelay } from '../../../electron/core/instances/watch/watch-policy.ts';
import { askRequest, listRequest } from '../../../electron/core/instances/watch/watch-script.ts';

const now = 1_000_000;
const subject = (state: Parameters<typeof roundDelay>[0][number]['state'], age: number, isLogWanted = false) => ({
  state,
  changedAt: now - age,
  isLogWanted,
});

describe('how often directories are looked at', () => {
  test.each([
    [[subject('starting', 0)], 100],
    [[subject('starting', 60_000)], 500],
    [[subject('waiting', 1000)], 300],
    [[subject('waiting', 3_600_000)], 2000],
    [[subject('stopping', 5000)], 300],
    [[subject('ready', 5000)], 2000],
    [[subject('ready', 3_600_000)], 5000],
    [[subject('ready', 3_600_000, true)], 1000],
    [[subject('ready', 3_600_000), subject('starting', 10)], 100],
    [[], 5000],
  ])('%j: %i ms', (subjects, delay) => {
    expect(roundDelay(subjects, now)).toBe(delay);
  });

  test('a round that is sent over the network is at least half a second long', () => {
    expect([sentRoundDelay(100), sentRoundDelay(2000)]).toEqual([500, 2000]);
  });

  test('what depends on the time alone is decided again without a look', () => {
    expect(decisionDelay([{ state: 'ready' }, { state: 'waiting' }])).toBeNull();
    expect(decisionDelay([{ state: 'ready' }, { state: 'reconnecting' }])).toBe(2000);
    expect(decisionDelay([{ state: 'starting' }, { state: 'reconnecting' }])).toBe(500);
  });
});

describe('what is seen makes a scheduler be asked', () => {
  const sign = (change: Partial<Observation> = {}) =>
    signOf({ startedAt: null, exitCode: null, isProcessAlive: null, ...change } as Observation);

  test('once for each end, and when a job begins', () => {
    expect(wantsPoll('slurm', null, sign())).toBe(false);
    expect(wantsPoll('slurm', sign(), sign({ startedAt: 5 }))).toBe(true);
    expect(wantsPoll('slurm', sign({ startedAt: 5 }), sign({ startedAt: 5 }))).toBe(false);
    expect(wantsPoll('slurm', sign({ startedAt: 5 }), sign({ startedAt: 5, exitCode: 0 }))).toBe(true);
    expect(wantsPoll('slurm', sign({ exitCode: 0 }), sign({ exitCode: 0 }))).toBe(false);
  });

  test('of a process on the login node only its end', () => {
    expect(wantsPoll('login', sign({ isProcessAlive: true }), sign({ startedAt: 5, isProcessAlive: true }))).toBe(
      false,
    );
    expect(wantsPoll('login', sign({ isProcessAlive: true }), sign({ isProcessAlive: false }))).toBe(true);
    expect(wantsPoll('login', null, sign({ isProcessAlive: false }))).toBe(true);
  });
});

describe('the watch program', () => {
  const found = { id: 'a1', directory: '/d', isLogWanted: false, logOffset: 7, isJobUnwritten: false };

  test('sees the processes of its own node only', () => {
    const jobId = '12.345@login1';
    expect(watchItem({ ...found, launcher: 'login', jobId }, 'login1').process).toEqual({ pid: 12, start: '345' });
    expect(watchItem({ ...found, launcher: 'login', jobId }, 'login2').process).toBeNull();
    expect(watchItem({ ...found, launcher: 'slurm', jobId: '12' }, 'login1').process).toBeNull();
    expect(watchItem({ ...found, launcher: 'slurm', jobId: '12', isJobUnwritten: true }, 'x').job).toBe('12');
    expect(watchItem({ ...found, launcher: 'slurm', jobId: '12', isLogWanted: true }, 'x').logFrom).toBe(7);
  });

  test('is told how many lines follow', () => {
    const item = { id: 'a1', directory: "/a\n'b", process: null, logFrom: null, job: null };
    const [first = '', ...lines] = listRequest([item], 250).split('\n');
    expect(first).toBe(`list ${lines.length - 1}`);
    expect(lines).toContain('pause=0.25 step=250');
    expect(askRequest('n', 'a\nb')).toBe('ask n 2\na\nb\n');
    expect(askRequest('n', null)).toBe('ask n 0\n');
    expect(() => listRequest([{ ...item, id: 'a;b' }], 250)).toThrow(/character/);
  });

  test('prints frames that may come in any pieces', () => {
    const bytes = Buffer.from(
      'hello 1 n 1\nid a1\nexists 1\nexit 3\nalive 0\nend a1\n0m0.10s 0m0.05s\n0m1.00s 0m0,25s\ntick \ntick \n',
    );
    const whole = new WatchFrames().push(bytes);
    expect(whole).toMatchObject([
      { type: 'hello', hasTimer: true, node: 'n 1' },
      { type: 'seen', id: 'a1', observation: { exists: true, exitCode: 3, isProcessAlive: false, logSize: null } },
      { type: 'tick', cpuSeconds: 1.4 },
      { type: 'tick', cpuSeconds: null },
    ]);
    const frames = new WatchFrames();
    expect([...bytes].flatMap((byte) => frames.push(Buffer.from([byte])))).toEqual(whole);
  });

  test('that prints something else without end is given up', () => {
    const frames = new WatchFrames();
    const noise = Buffer.alloc(1024 * 1024, 'x');
    expect(() => {
      for (let count = 0; count < 5; count += 1) frames.push(noise);
    }).toThrow(/something else/);
  });
});
