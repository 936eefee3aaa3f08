import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { areIn, findDragged, keepDragged } from '../../../renderer/features/files/dragged-files.ts';
import {
  filterEntries,
  formatMode,
  freeName,
  nameProblem,
  patternOf,
  sortBy,
  sortEntries,
} from '../../../renderer/features/files/list-model.ts';
import {
  crumbs,
  isInside,
  type Place,
  parentOf,
  rememberPlace,
  splitTyped,
} from '../../../renderer/features/files/places.ts';
import {
  chosenOf,
  cursorAfterRemoval,
  goToRow,
  nothingSelected,
  selectAll,
  selectOne,
  toggleRow,
} from '../../../renderer/features/files/selection-model.ts';
import { describeSpace } from '../../../renderer/features/files/space-model.ts';

const entry = (name: string, more: Partial<FileEntry> = {}): FileEntry => ({
  name,
  kind: 'file',
  link: false,
  size: null,
  modified: null,
  mode: null,
  owner: null,
  target: null,
  ...more,
});
const names = (entries: readonly { name: string }[]) => entries.map(({ name }) => name);

describe('the list of a folder', () => {
  const entries = [
    entry('run-10.h5', { size: 5 }),
    entry('Run-9.h5', { size: 50 }),
    entry('z', { kind: 'folder' }),
    entry('.hidden', { size: 1 }),
    entry('a', { kind: 'folder' }),
  ];
  it('has folders first, and numbers by their size', () => {
    expect(names(sortEntries(entries, { column: 'name', isDescending: false }))).toEqual([
      'a',
      'z',
      '.hidden',
      'Run-9.h5',
      'run-10.h5',
    ]);
    expect(names(sortEntries(entries, { column: 'size', isDescending: true }))).toEqual([
      'a',
      'z',
      'Run-9.h5',
      'run-10.h5',
      '.hidden',
    ]);
  });
  it('is sorted with one look at each name, however long it is', () => {
    let looks = 0;
    const named = (name: string): FileEntry => ({
      ...entry(''),
      get name() {
        looks += 1;
        return name;
      },
    });
    const many = Array.from({ length: 100_000 }, (_, index) => named(`file-${(index * 7919) % 100_000}.dat`));
    const sorted = sortEntries(many, { column: 'name', isDescending: false });
    expect(looks).toBe(many.length);
    expect(names(sorted.slice(0, 3))).toEqual(['file-0.dat', 'file-1.dat', 'file-2.dat']);
  });
  it('is filtered by a pattern of many stars as by one, which has less to try', () => {
    expect(patternOf(`${'*'.repeat(30)}b`)).toEqual(patternOf('*b'));
    expect(filterEntries([entry('a'.repeat(120))], `${'*'.repeat(30)}b`, true)).toEqual([]);
  });
  it('turns round, and begins with the largest and the newest', () => {
    const byName = { column: 'name', isDescending: false } as const;
    expect(sortBy(byName, 'name').isDescending).toBe(true);
    expect(sortBy(byName, 'size')).toEqual({ column: 'size', isDescending: true });
    expect(sortBy(byName, 'owner').isDescending).toBe(false);
  });
  it('is filtered by words and patterns; hidden files are shown on request', () => {
    expect(names(filterEntries(entries, '', false))).not.toContain('.hidden');
    expect(names(filterEntries(entries, '', true))).toContain('.hidden');
    expect(names(filterEntries(entries, 'run 9', false))).toEqual(['Run-9.h5']);
    expect(names(filterEntries(entries, 'run-?.h5', false))).toEqual(['Run-9.h5']);
    expect(names(filterEntries(entries, '*.H5', false))).toHaveLength(2);
    expect(names(filterEntries(entries, '(', false))).toEqual([]);
  });
});

it.each([
  [0o755, 'rwxr-xr-x'],
  [0o640, 'rw-r-----'],
  [0o4755, 'rwsr-xr-x'],
  [0o2644, 'rw-r-Sr--'],
  [0o1777, 'rwxrwxrwt'],
])('mode %i is %s', (mode, text) => expect(formatMode(mode)).toBe(text));

it.each([
  ['', 'Enter a name.'],
  ['..', '.. stands for a folder itself.'],
  ['a/b', 'A name has no slash in it.'],
  ['é'.repeat(128), 'A name has at most 255 bytes.'],
  ['-rf *', null],
])('the name %j: %s', (name, problem) => expect(nameProblem(name)).toBe(problem));

it('finds a name that is free, before the extension', () => {
  const taken = new Set(['run.h5', 'run (2).h5', 'data.tar.gz', 'folder', '.profile']);
  const free = (name: string) => freeName(name, (each) => taken.has(each));
  expect(['run.h5', 'data.tar.gz', 'folder', '.profile', 'new'].map(free)).toEqual([
    'run (3).h5',
    'data (2).tar.gz',
    'folder (2)',
    '.profile (2)',
    'new',
  ]);
});

describe('what is chosen in a list', () => {
  const list = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
  it('is one row, a range from where it began, or some rows', () => {
    const one = goToRow(nothingSelected, list, 1, 'alone');
    expect([...one.selected]).toEqual(['b']);
    const range = goToRow(one, list, 3, 'range');
    expect([...range.selected]).toEqual(['b', 'c', 'd']);
    const shorter = goToRow(range, list, 0, 'range');
    expect([...shorter.selected]).toEqual(['a', 'b']);
    expect(shorter.cursor).toBe('a');
    const moved = goToRow(selectOne('a'), list, 2, 'move');
    expect([...moved.selected, moved.cursor]).toEqual(['a', 'c']);
    expect([...toggleRow(moved, 'c').selected]).toEqual(['a', 'c']);
    expect([...toggleRow(selectOne('a'), 'a').selected]).toEqual([]);
    expect(selectAll(one, list).selected.size).toBe(4);
  });
  it('is the row of the cursor where nothing is, and names that have gone are none of it', () => {
    expect(chosenOf({ ...nothingSelected, cursor: 'b' }, list)).toEqual([{ name: 'b' }]);
    expect(chosenOf({ selected: new Set(['b', 'gone']), cursor: null, anchor: null }, list)).toEqual([{ name: 'b' }]);
    expect(chosenOf(nothingSelected, list)).toEqual([]);
  });
  it('leaves the cursor on what stays', () => {
    expect(cursorAfterRemoval(list, new Set(['b', 'c']), 'b')).toBe('d');
    expect(cursorAfterRemoval(list, new Set(['c', 'd']), 'd')).toBe('b');
    expect(cursorAfterRemoval(list, new Set(['a', 'b', 'c', 'd']), 'a')).toBeNull();
  });
});

it('knows paths, and what of a typed one is its folder', () => {
  expect(crumbs('/home/m\udcff').map(({ name }) => name)).toEqual(['/', 'home', 'm\\xff']);
  expect([parentOf('/home/a'), parentOf('/home')]).toEqual(['/home', '/']);
  expect([isInside('/a/b', '/a'), isInside('/ab', '/a'), isInside('/a', '/a'), isInside('/a', '/')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect(splitTyped('/ho')).toEqual({ folder: '/', begin: 'ho' });
  expect(splitTyped('~/a/b')).toEqual({ folder: '~/a', begin: 'b' });
  expect(splitTyped('dat')).toEqual({ folder: '', begin: 'dat' });
});

it('remembers where the user was, the last first and each once', () => {
  const place = (path: string): Place => ({ source: { kind: 'local' }, path });
  const recent = ['/a', '/b', '/a'].reduce((list, path) => rememberPlace(list, place(path)), [] as Place[]);
  expect(recent.map(({ path }) => path)).toEqual(['/a', '/b']);
});

describe('how full a disk is', () => {
  const space = { total: 2e12, free: 1e12, filesTotal: null, filesFree: null, quota: null };
  it('is what is free, or the quota', () => {
    expect(describeSpace(space)).toMatchObject({ text: '1 TB free', isLow: false });
    const quota = { bytes: 1e9, bytesLimit: 10e9, files: 10, filesLimit: null };
    expect(describeSpace({ ...space, quota })).toMatchObject({ text: 'Quota 1 GB of 10 GB (10 %)', isLow: false });
    expect(describeSpace({ ...space, total: null, free: null })).toBeNull();
  });
  it('warns at 95 %, of bytes and of files', () => {
    const quota = { bytes: 1e9, bytesLimit: 10e9, files: 960_000, filesLimit: 1_000_000 };
    expect(describeSpace({ ...space, quota })).toMatchObject({
      text: 'Quota 960,000 of 1,000,000 files (96 %)',
      isLow: true,
    });
    expect(describeSpace({ ...space, free: 50e9 })).toMatchObject({ text: '50 GB free', isLow: true });
    expect(describeSpace({ ...space, filesTotal: 1000, filesFree: 10 })).toMatchObject({
      text: 'Room for 10 files',
      isLow: true,
    });
  });
});

describe('files that are dragged', () => {
  const files = { source: { kind: 'local' } as const, paths: ['/home/ada/.ssh/key'] };
  it('are those of a pane, and never what a drag of another page names', () => {
    const mark = keepDragged(files);
    expect(findDragged(mark)).toBe(files);
    expect(findDragged(JSON.stringify(files))).toBeNull();
    keepDragged({ ...files, paths: [] });
    expect(findDragged(mark)).toBeNull();
  });
  it('stay where they are when they are dropped there', () => {
    expect(areIn({ source: { kind: 'local' }, path: '/home/ada/.ssh' }, files)).toBe(true);
    expect(areIn({ source: { kind: 'local' }, path: '/home/ada' }, files)).toBe(false);
    expect(areIn({ source: { kind: 'cluster', clusterId: 'c' }, path: '/home/ada/.ssh' }, files)).toBe(false);
  });
});
