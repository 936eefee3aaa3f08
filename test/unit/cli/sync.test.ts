import { linkSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noBar } from '../../../cli/progress-bar.ts';
import { applyPlan, type SyncSides, touchTime } from '../../../cli/sync/apply-plan.ts';
import { parseHashes, sameSized } from '../../../cli/sync/compare-content.ts';
import { readEnds } from '../../../cli/sync/ends.ts';
import { looksSame, planSync, type TreeEntry } from '../../../cli/sync/plan.ts';
import { workOnAll } from '../../../cli/sync/work-on-all.ts';
import { UsageError } from '../../../cli/usage-error.ts';
import { AppError } from '../../../electron/shared/errors.ts';

const file = (size: number, modified = 1000): TreeEntry => ({ kind: 'file', size, modified, mode: 0o600 });
const folder: TreeEntry = { kind: 'folder', size: 0, modified: 0, mode: 0o700 };
const link: TreeEntry = { kind: 'other', size: 0, modified: 0, mode: null };
const tree = (entries: Record<string, TreeEntry>) => new Map(Object.entries(entries));
const plan = (source: Record<string, TreeEntry>, target: Record<string, TreeEntry>) =>
  planSync(tree(source), tree(target), (_path, a, b) => looksSame(a, b));

describe('what a sync does', () => {
  test('is to copy what is new, or has another size or time', () => {
    const found = plan(
      { same: file(1, 5900), bigger: file(2), later: file(1, 7000), new: file(3), dir: folder, 'dir/in': file(1) },
      { same: file(1, 5000), bigger: file(1), later: file(1, 6999) },
    );
    expect(found).toEqual({
      folders: ['dir'],
      copies: ['bigger', 'dir/in', 'later', 'new'],
      unchanged: 1,
      removals: [],
      conflicts: [],
      left: [],
    });
  });

  test('is to remove files before their folders, and nothing around a link', () => {
    const target = {
      a: folder,
      'a/b': folder,
      'a/b/c': file(1),
      ab: folder,
      'ab/link': link,
      'ab/x': file(1),
      z: link,
    };
    expect(plan({}, target).removals).toEqual(['a/b/c', 'ab/x', 'a/b', 'a']);
    expect(plan({ a: folder, z: link }, { a: folder, z: file(1) })).toMatchObject({ left: ['z'], removals: [] });
  });

  test('is to leave alone what is in a folder where the source has a link or a file', () => {
    const target = { data: folder, 'data/a': file(1), 'data/b': folder, 'data/b/c': file(1), old: file(1) };
    expect(plan({ data: link }, target)).toMatchObject({ left: ['data'], removals: ['old'] });
    expect(plan({ data: file(1) }, target)).toMatchObject({ conflicts: ['data'], removals: ['old'] });
  });

  test('is nothing where a path is a file on one side and a folder or link on the other', () => {
    const found = plan(
      { a: folder, 'a/b': folder, 'a/b/c': file(1), d: file(1), e: file(1) },
      { a: file(1), d: folder, e: link },
    );
    expect(found).toMatchObject({ conflicts: ['a', 'd', 'e'], copies: [], folders: [], removals: [] });
  });
});

test.each([
  ['./data', 'hpc:data', { direction: 'upload', cluster: 'hpc', remote: 'data', local: './data' }],
  ['hpc:', '.', { direction: 'download', cluster: 'hpc', remote: '', local: '.' }],
  ['my cluster:/a:b', './c:d', { direction: 'download', cluster: 'my cluster', remote: '/a:b', local: './c:d' }],
  ['C:\\data', 'hpc:x', { direction: 'upload', cluster: 'hpc', remote: 'x', local: 'C:\\data' }],
])('%s to %s', (source, target, ends) => expect(readEnds(source, target)).toEqual(ends));

test('one side is on a cluster, and one here', () => {
  expect(() => readEnds('a', 'b')).toThrow(UsageError);
  expect(() => readEnds('a:x', 'b:y')).toThrow('Both a:x and b:y');
});

test('what sha256sum prints is read, also of names that it changes', () => {
  const hash = 'a'.repeat(64);
  const printed = `${hash}  ./plain\n\\${hash}  ./back\\\\slash\\nline\n${hash} *./star\nsha256sum: ./no: denied\n`;
  expect([...parseHashes(printed).keys()]).toEqual(['plain', 'back\\slash\nline', 'star']);
  expect(sameSized(tree({ a: file(1), b: file(2), c: folder }), tree({ a: file(1), b: file(3), c: folder }))).toEqual([
    'a',
  ]);
});

test('times are those of touch, in UTC', () => {
  expect(touchTime(Date.UTC(2026, 10, 29, 14, 20, 7, 900))).toBe('202611291420.07');
});

describe('work on many items', () => {
  const idle = new AbortController().signal;
  test('is done a few at a time, also for those that come later', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await workOnAll([1, 2, 3, 4], { atOnce: 2, signal: idle }, async (item, add) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      if (item < 3) add(item * 10);
      done.push(item);
      running -= 1;
    });
    expect(done.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 10, 20]);
    expect(most).toBe(2);
  });

  test('ends at the first failure and at an interrupt', async () => {
    const done: number[] = [];
    const work = async (item: number) => {
      if (item === 2) throw new Error('two');
      done.push(item);
    };
    await expect(workOnAll([1, 2, 3, 4], { atOnce: 1, signal: idle }, work)).rejects.toThrow('two');
    expect(done).toEqual([1]);
    const controller = new AbortController();
    const interrupted = workOnAll([1, 3], { atOnce: 1, signal: controller.signal }, async () => controller.abort());
    await expect(interrupted).rejects.toThrow();
  });
});

describe('what is not in the source', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunel-sync-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const apply = (source: string[], work: { copies: string[]; removals: string[] }) => {
    const session = {
      interrupted: new AbortController().signal,
      openStream: () => Promise.reject(new AppError('not-permitted', 'Permission denied')),
    };
    const sides = { session, direction: 'download', local: folder, remote: { clusterId: 'c1', path: '/data' } };
    const entries = tree(Object.fromEntries(source.map((path) => [path, file(13)])));
    return applyPlan(sides as unknown as SyncSides, { folders: [], ...work }, entries, noBar);
  };

  test('stays where a file could not be copied', async () => {
    writeFileSync(join(folder, 'before'), 'the only copy');
    const outcome = await apply(['after'], { copies: ['after'], removals: ['before'] });
    expect(outcome).toMatchObject({ removed: [], failed: [{ path: 'after' }] });
    expect(readdirSync(folder)).toEqual(['before']);
  });

  test('is removed, but not a file of the source by another spelling of its name', async () => {
    writeFileSync(join(folder, 'read.me'), 'copied');
    // As a disk that takes no notice of case has it: two names of one file.
    linkSync(join(folder, 'read.me'), join(folder, 'READ.me'));
    writeFileSync(join(folder, 'old'), '');
    const outcome = await apply(['read.me'], { copies: [], removals: ['READ.me', 'old'] });
    expect(outcome.removed).toEqual(['old']);
    expect(readdirSync(folder).sort()).toEqual(['READ.me', 'read.me']);
  });
});
