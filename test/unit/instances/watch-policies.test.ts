import { describe, expect, test } from 'vitest';
import type { Observation } from '../../../electron/core/instances/observation.ts';
import { decisionDelay } from '../../../electron/core/instances/poll-policy.ts';
import { signOf, wantsPoll } from '../../../electron/core/instances/watch/sign-policy.ts';
import { WatchFrames } from '../../../electron/core/instances/watch/watch-frames.ts';
import { WatchGroup } from '../../../electron/core/instances/watch/watch-group.ts';
import { byGroup, GroupNames } from '../../../electron/core/instances/watch/watch-groups-policy.ts';
import { watchItem } from '../../../electron/core/instances/watch/watch-item.ts';
import { roundDelay, sentRoundDelay } from '../../../electron/core/instances/watch/watch-policy.ts';
import {
  askRequest,
  groupRequest,
  type Looker,
  listRequest,
  listText,
} from '../../../electron/core/instances/watch/watch-script.ts';

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
    const [first = '', ...lines] = listRequest(listText([item], 250)).split('\n');
    expect(first).toBe(`list ${lines.length - 1}`);
    expect(lines).toContain('pause=0.25 step=250');
    expect(askRequest('n', 'a\nb')).toBe('ask n 2\na\nb\n');
    expect(groupRequest('g0', 'a\nb\n', null)).toBe('to g0 2\na\nb\n');
    expect(groupRequest('g0', 'a\n', { pid: 7, start: '99' })).toBe('to g0 7 99 1\na\n');
    expect(askRequest('n', null)).toBe('ask n 0\n');
    expect(() => listText([{ ...item, id: 'a;b' }], 250)).toThrow(/character/);
  });

  test('prints frames that may come in any pieces', () => {
    const bytes = Buffer.from(
      'hello 1 0 n 1\nid a1\nexists 1\nexit 3\nalive 0\nend a1\n0m0.10s 0m0.05s\n0m1.00s 0m0,25s\ntick \ntick \n',
    );
    const whole = new WatchFrames().push(bytes);
    expect(whole).toMatchObject([
      { type: 'hello', hasTimer: true, hasGroups: false, node: 'n 1' },
      { type: 'seen', id: 'a1', observation: { exists: true, exitCode: 3, isProcessAlive: false, logSize: null } },
      { type: 'tick', cpuSeconds: 1.4 },
      { type: 'tick', cpuSeconds: null },
    ]);
    const frames = new WatchFrames();
    expect([...bytes].flatMap((byte) => frames.push(Buffer.from([byte])))).toEqual(whole);
  });

  test('of several groups, whose lines come in between', () => {
    const lines = [
      'hello 1 1 n 1',
      'g0:here 12 345',
      'g0:id a1',
      'g0+ex',
      'g1:id b1',
      'main:tick 25',
      'g1:exists 1',
      'g0:ists 1',
      'g1:end b1',
      'g0:end a1',
      'g0:listed',
      'g1:busy',
    ];
    expect(new WatchFrames().push(Buffer.from(`${lines.join('\n')}\n`))).toMatchObject([
      { type: 'hello', hasGroups: true },
      { type: 'here', group: 'g0', looker: { pid: 12, start: '345' } },
      { type: 'tick', group: 'main', cpuSeconds: 0.25 },
      { type: 'seen', id: 'b1', observation: { exists: true } },
      { type: 'seen', id: 'a1', observation: { exists: true } },
      { type: 'listed', group: 'g0' },
      { type: 'busy', group: 'g1' },
    ]);
  });

  test('that prints something else without end is given up', () => {
    const frames = new WatchFrames();
    const noise = Buffer.alloc(1024 * 1024, 'x');
    expect(() => {
      for (let count = 0; count < 5; count += 1) frames.push(noise);
    }).toThrow(/something else/);
  });
});

describe('a group of what is watched', () => {
  const looker = { pid: 12, start: '345' };

  function rig(former: Looker | null = null, name: string | null = 'g0') {
    const written: string[] = [];
    const hung: [boolean, Looker | null][] = [];
    const group = new WatchGroup({
      name,
      former,
      write: (request) => written.push(request),
      onHung: (isHung, process) => hung.push([isHung, process]),
    });
    const check = (times: number) => {
      for (let count = 0; count < times; count += 1) group.check();
    };
    return { group, written, hung, check, takeWritten: () => written.splice(0) };
  }

  test('is given one list at a time, and the last one that was wanted', () => {
    const { group, takeWritten } = rig();
    for (const text of ['a\n', 'b\n', 'c\n']) group.setList(text);
    expect(takeWritten()).toEqual(['to g0 1\na\n']);
    group.onListed();
    expect(takeWritten()).toEqual(['to g0 1\nc\n']);
    group.onListed();
    group.setList('c\n');
    expect(takeWritten()).toEqual([]);
  });

  test('hangs after four checks without a line, and is offered another process only in place of that one', () => {
    const { group, hung, check, takeWritten } = rig();
    group.setList('a\n');
    group.onHere(looker);
    group.onLine();
    group.onListed();
    takeWritten();
    check(4);
    expect(hung).toEqual([]);
    check(1);
    expect(hung).toEqual([[true, looker]]);
    group.setList('b\n');
    expect(takeWritten()).toEqual(['to g0 12 345 1\na\n']);
    group.onBusy();
    check(4);
    expect(takeWritten()).toEqual(['to g0 12 345 1\nb\n']);
    group.onBusy();
    // It answers again.
    group.onLine();
    expect([hung.at(-1), takeWritten()]).toEqual([[false, looker], ['to g0 1\nb\n']]);
  });

  test('whose process is gone gets another one', () => {
    const { group, hung, check, takeWritten } = rig();
    group.setList('a\n');
    group.onHere(looker);
    check(5);
    takeWritten();
    const next = { pid: 13, start: '1' };
    group.onHere(next);
    group.onLine();
    expect(hung.map(([isHung]) => isHung)).toEqual([true, false]);
    group.setList('b\n');
    expect(takeWritten()).toEqual([]);
    group.onListed();
    expect(takeWritten()).toEqual(['to g0 1\nb\n']);
  });

  test('begins where a former process is known only if that is gone', () => {
    const { group, hung, takeWritten } = rig(looker);
    group.setList('a\n');
    expect(takeWritten()).toEqual(['to g0 12 345 1\na\n']);
    group.onBusy();
    expect(hung).toEqual([[true, looker]]);
  });

  test('is all there is where the program has none', () => {
    const { group, check, takeWritten } = rig(null, null);
    group.setList('a\n');
    expect(takeWritten()).toEqual(['list 1\na\n']);
    check(12);
    expect([group.isHung, group.silentChecks, takeWritten()]).toEqual([true, 11, []]);
  });

  test('is that of a folder, four at most', () => {
    const names = new GroupNames();
    const of = (path: string) => names.of(path);
    expect(['/h/a', '/h/b', '/i/a', '/j/a', '/k/a', '/l/a', '/h/c'].map(of)).toEqual([
      'g0',
      'g0',
      'g1',
      'g2',
      'g3',
      'g3',
      'g0',
    ]);
    expect([...byGroup(['/h/a', '/i/b', '/h/c'], of)]).toEqual([
      ['g0', ['/h/a', '/h/c']],
      ['g1', ['/i/b']],
    ]);
  });
});
