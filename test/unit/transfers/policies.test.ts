import { describe, expect, test, vi } from 'vitest';
import { decideConflict, freeName, isSameByTime } from '../../../electron/core/transfers/conflict-policy.ts';
import { scopeOfFailure } from '../../../electron/core/transfers/failure-policy.ts';
import { isLocalName, partName } from '../../../electron/core/transfers/name-policy.ts';
import { startable } from '../../../electron/core/transfers/queue-policy.ts';
import { RateLimit } from '../../../electron/core/transfers/rate-limit.ts';
import { BLOCK, blocksToCompare, resumeOffset } from '../../../electron/core/transfers/resume-policy.ts';
import { SpeedMeter } from '../../../electron/core/transfers/speed-meter.ts';
import type { PlannedItem } from '../../../electron/core/transfers/types.ts';

const MB = 1_000_000;

describe('a name that is taken', () => {
  const there = (kind: 'file' | 'folder' | 'other', modified = 10_000): PlannedItem['existing'] => ({
    kind,
    leadsTo: kind,
    size: 1,
    modified,
  });
  const file = (existing: PlannedItem['existing'], modified = 20_000) => ({
    kind: 'file' as const,
    modified,
    existing,
  });

  test.each([
    ['nothing is there', file(null), 'ask', 'write'],
    ['a file, and nobody has decided', file(there('file')), 'ask', 'ask'],
    ['an older file', file(there('file')), 'newer', 'write'],
    ['a file that is as old, by a coarse clock', file(there('file', 19_000)), 'newer', 'skip'],
    ['a newer file', file(there('file', 30_000)), 'newer', 'skip'],
    ['any file', file(there('file')), 'replace', 'write'],
    ['any file', file(there('file')), 'rename', 'rename'],
    ['a folder, which is never replaced', file(there('folder')), 'replace', 'taken'],
    ['a folder', file(there('folder')), 'rename', 'rename'],
    ['a device', file(there('other')), 'newer', 'taken'],
    ['a folder for a folder', { ...file(there('folder')), kind: 'folder' }, 'ask', 'write'],
    ['a file for a folder', { ...file(there('file')), kind: 'folder' }, 'replace', 'taken'],
  ] as const)('%s: %o, %s', (_what, item, choice, verdict) => {
    expect(decideConflict(item, choice, true)).toBe(verdict);
  });

  test('is a link to a folder, behind which only what comes from this computer is copied', () => {
    const existing = { kind: 'link', leadsTo: 'folder', size: 0, modified: 0 } as const;
    const folder = { kind: 'folder', modified: 0, existing } as const;
    expect([decideConflict(folder, 'replace', true), decideConflict(folder, 'replace', false)]).toEqual([
      'write',
      'taken',
    ]);
  });

  test('is the same file where size and time are', () => {
    const item = { size: 1, modified: 11_000 };
    expect(isSameByTime({ ...item, existing: there('file') })).toBe(true);
    expect(isSameByTime({ ...item, size: 2, existing: there('file') })).toBe(false);
    expect(isSameByTime({ ...item, modified: 13_000, existing: there('file') })).toBe(false);
    expect(isSameByTime({ ...item, existing: null })).toBe(false);
  });

  test.each([
    ['run-11.h5', 'run-11 (2).h5'],
    ['cohort.tar.gz', 'cohort (2).tar.gz'],
    ['README', 'README (2)'],
    ['.bashrc', '.bashrc (2)'],
    ['a. b', 'a. b (2)'],
  ])('%s becomes %s', (name, other) => {
    expect(freeName(name, () => false)).toBe(other);
    expect(freeName(name, (taken) => taken === other)).toBe(other.replace('(2)', '(3)'));
  });
});

test('names that no file here can have', () => {
  for (const name of ['', '.', '..', 'a/b', 'a\0']) expect(isLocalName(name, 'linux'), name).toBe(false);
  for (const name of ['a:b', 'what?', 'a\\b', 'con', 'COM1.txt', 'dot.', 'space ', 'a\nb'])
    expect([isLocalName(name, 'win32'), isLocalName(name, 'linux')], name).toEqual([false, true]);
  for (const name of ['a', '.bashrc', 'conf', 'größe.txt']) expect(isLocalName(name, 'win32'), name).toBe(true);
});

test('the name of a part fits, and says whose it is', () => {
  expect(partName('run.h5', '0123456789abcdef')).toBe('run.h5.01234567.part');
  const long = partName('ü'.repeat(127), '0123456789abcdef');
  expect([Buffer.byteLength(long) <= 255, long.endsWith('.01234567.part')]).toEqual([true, true]);
});

test('what a failure concerns', () => {
  expect(scopeOfFailure({ code: 'connection-lost' })).toBe('connection');
  expect(scopeOfFailure({ code: 'sign-in-needed' })).toBe('connection');
  expect(scopeOfFailure({ code: 'no-space' })).toBe('transfer');
  expect(scopeOfFailure({ code: 'not-permitted' })).toBe('file');
});

test('the queue leaves each cluster room', () => {
  const queued = (id: string, ...clusters: string[]) => ({ id, clusters, holds: [], isReady: true });
  const running = (id: string, ...clusters: string[]) => ({ id, clusters, holds: clusters, isReady: false });
  expect(startable([queued('1', 'a'), queued('2', 'a'), queued('3', 'a'), queued('4', 'b')])).toEqual(['1', '2', '4']);
  expect(startable([running('1', 'a'), queued('2', 'a', 'b'), queued('3', 'a'), queued('4', 'b')])).toEqual(['2', '4']);
  expect(startable([queued('1', 'a'), running('2', 'a'), running('3', 'a')])).toEqual([]);
  const waiting = (id: string, missing: string) => ({ id, clusters: ['a', 'b'], holds: [missing], isReady: false });
  expect(startable([waiting('1', 'b'), waiting('2', 'b'), queued('3', 'a'), queued('4', 'b')])).toEqual(['3']);
});

test('the speed is smoothed, and falls when nothing comes', () => {
  let now = 0;
  const meter = new SpeedMeter(() => now);
  expect([meter.speed, meter.remaining(MB)]).toEqual([0, null]);
  for (; now < 10_000; now += 100) meter.add(MB);
  expect(meter.speed / MB).toBeCloseTo(10, 0);
  expect(meter.remaining(100 * MB)).toBe(Math.ceil((100 * MB) / meter.speed));
  now += 3000;
  expect(meter.speed / MB).toBeCloseTo(5, 0);
  now += 60_000;
  expect(meter.speed).toBeLessThan(100);
});

test('a limit lets so many bytes pass in a second, and a new one holds at once', async () => {
  let now = 0;
  const sleep = vi.fn(async (ms: number) => {
    now += ms;
  });
  const limit = new RateLimit({ now: () => now, sleep }, MB);
  const { signal } = new AbortController();
  for (let chunk = 0; chunk < 100; chunk += 1) await limit.pass(100_000, signal);
  expect(now).toBeGreaterThan(9_500);
  expect(now).toBeLessThan(10_100);
  limit.bytesPerSecond = 0;
  const before = now;
  for (let chunk = 0; chunk < 100; chunk += 1) await limit.pass(100_000, signal);
  expect(now).toBe(before);
});

describe('a copy goes on', () => {
  const blocks = (...names: string[]) => names;

  test('behind the last block that is the same, also behind what is known to be written', () => {
    const written = 6 * BLOCK + 1000;
    expect(blocksToCompare(written)).toMatchObject({ first: 2 });
    const source = blocks('c', 'd', 'e', 'f', 'g', 'h', 'i');
    expect(resumeOffset(written, blocks('c', 'd', 'e', 'f'), source)).toBe(6 * BLOCK);
    expect(resumeOffset(written, blocks('c', 'd', 'e', 'f', 'g', '0', 'i'), source)).toBe(7 * BLOCK);
  });

  test('at the beginning where the end of the part is another, is gone, or is less than a block', () => {
    const written = 6 * BLOCK;
    expect(resumeOffset(written, blocks('c', 'd', '0', 'f'), blocks('c', 'd', 'e', 'f'))).toBe(0);
    expect(resumeOffset(written, [], blocks('c', 'd', 'e', 'f'))).toBe(0);
    expect(resumeOffset(written, blocks('c', 'd', 'e', 'f'), [])).toBe(0);
    expect([blocksToCompare(BLOCK - 1), resumeOffset(BLOCK - 1, [], [])]).toEqual([null, 0]);
  });
});
