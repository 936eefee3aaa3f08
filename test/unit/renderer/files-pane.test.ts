import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../electron/shared/errors.ts';
import { emptyState } from '../../../electron/shared/state.ts';
import { paste, putInto, trashChosen } from '../../../renderer/features/files/file-actions.ts';
import { changePane, emptyListing, paneOf, useFiles } from '../../../renderer/features/files/files-store.ts';
import { isTabToOther } from '../../../renderer/features/files/grid-keys.ts';
import { openFolder } from '../../../renderer/features/files/open-folder.ts';
import { undoLast } from '../../../renderer/features/files/undo.ts';
import { useWork } from '../../../renderer/features/files/work.ts';
import { useStore } from '../../../renderer/store.ts';

const source = { kind: 'cluster', clusterId: 'hpc' } as const;
const entry = {
  name: 'run.h5',
  kind: 'file',
  link: false,
  size: 1,
  modified: 1,
  mode: 0o640,
  owner: 'ada',
  target: null,
} as const;

beforeEach(() => {
  useStore.setState(emptyState);
  changePane(0, {
    source,
    path: '/old',
    listing: { ...emptyListing, path: '/old', entries: [entry], isComplete: true },
  });
});
afterEach(() => vi.unstubAllGlobals());

it('what cannot be put back does not keep the rest in the trash', async () => {
  const restored: string[] = [];
  const invoke = async (name: string, input: { path: string; trash: string }) => {
    if (name === 'files.trash') return { trash: input.path };
    restored.push(input.trash);
    if (input.trash === '/old/b') throw new AppError('conflict', 'There is something of that name already.');
    return { path: input.trash };
  };
  vi.stubGlobal('window', { tunel: { invoke } });
  const entries = ['a', 'b', 'c'].map((name) => ({ ...entry, name }));
  changePane(0, { listing: { ...paneOf(0).listing, entries }, selected: new Set(['a', 'b', 'c']) });
  await trashChosen(0);
  undoLast();
  await vi.waitFor(() => expect(restored).toHaveLength(3));
  await vi.waitFor(() => expect(useWork.getState().list).toEqual([]));
  expect(restored).toEqual(['/old/c', '/old/b', '/old/a']);
});

it('files of one name from two folders get two names', async () => {
  const made: string[] = [];
  const invoke = async (_name: string, { newPath }: { newPath: string }) => void made.push(newPath);
  vi.stubGlobal('window', { tunel: { invoke } });
  await putInto(0, { source, paths: ['/x/a', '/y/a', '/y/run.h5'], isMove: false });
  expect(made).toEqual(['/old/a', '/old/a (2)', '/old/run (2).h5']);
});

it('what was cut stays cut until there is a folder for it', () => {
  const clipboard = { source, paths: ['/old/run.h5'], isCut: true };
  useFiles.setState({ clipboard });
  changePane(0, { listing: emptyListing });
  paste(0);
  expect(useFiles.getState().clipboard).toBe(clipboard);
});

it('another folder of a cluster that is not connected is not shown with the rows of the one before', () => {
  openFolder(0, { source, path: '/new' });
  expect(paneOf(0)).toMatchObject({ path: '/new', listing: emptyListing });
});

it('Tab goes from the left list to the right one, and what is above each list is reached', () => {
  const key = { key: 'Tab', shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
  expect(isTabToOther(0, key)).toBe(true);
  for (const id of [0, 1] as const) expect(isTabToOther(id, { ...key, shiftKey: true })).toBe(false);
  expect(isTabToOther(1, key)).toBe(false);
});
