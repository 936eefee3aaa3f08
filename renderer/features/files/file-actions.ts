import { displayName } from '../../../electron/shared/file-names.ts';
import { isTrashName, TRASH_DAYS } from '../../../electron/shared/files.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { ui } from '../../ui-store.ts';
import { copiedPath } from './copied-path.ts';
import { editFile } from './editing/edit-file.ts';
import { activate, changePane, otherPane, type PaneId, paneOf, useFiles } from './files-store.ts';
import { freeName } from './list-model.ts';
import { openFolder, reload, reloadPlace } from './open-folder.ts';
import { baseOf, isInside, isSameSource, joinPath, type Source } from './places.ts';
import { cursorAfterRemoval } from './selection-model.ts';
import { fileSource } from './sources.ts';
import { startTransfer } from './start-transfer.ts';
import { describeEntries, pathsOf, shownEntries, type Target, targetOf } from './target.ts';
import { undoLater } from './undo.ts';
import { showFailures, workThrough } from './work.ts';

/** Puts the cursor on an entry once its folder was read again. */
function showEntry(id: PaneId, name: string): void {
  changePane(id, { selected: new Set([name]), cursor: name, anchor: name });
  reload(id);
}

const namesIn = (id: PaneId): ((name: string) => boolean) => {
  const names = new Set(paneOf(id).listing.entries.map(({ name }) => name));
  return (name) => names.has(name);
};

export function askForFolder(id: PaneId): void {
  const target = targetOf(id);
  if (!target) return;
  ui.open({
    kind: 'file-name',
    ask: {
      title: 'New folder',
      action: 'Create',
      value: freeName('New folder', namesIn(id)),
      run: async (name) => {
        await fileSource(target.source).makeDirectory(joinPath(target.folder, name));
        showEntry(id, name);
      },
    },
  });
}

export function askForFile(id: PaneId): void {
  const target = targetOf(id);
  if (!target) return;
  ui.open({
    kind: 'file-name',
    ask: {
      title: 'New file',
      action: 'Create',
      value: freeName('untitled.txt', namesIn(id)),
      run: async (name) => {
        await fileSource(target.source).makeFile(joinPath(target.folder, name));
        showEntry(id, name);
      },
    },
  });
}

export function askToRename(id: PaneId): void {
  const target = targetOf(id);
  const [entry] = target?.entries ?? [];
  if (!target || !entry || target.entries.length !== 1) return;
  const rename = (from: string, to: string) =>
    fileSource(target.source).move(joinPath(target.folder, from), joinPath(target.folder, to));
  ui.open({
    kind: 'file-name',
    ask: {
      title: 'Rename',
      action: 'Rename',
      value: entry.name,
      run: async (name) => {
        if (name === entry.name) return;
        await rename(entry.name, name);
        undoLater(`Renamed to ${displayName(name)}`, async () => {
          await rename(name, entry.name);
          showEntry(id, entry.name);
        });
        showEntry(id, name);
      },
    },
  });
}

/** The cursor goes to what stays. */
function leaveEntries({ id, entries }: Target): void {
  const removed = new Set(entries.map(({ name }) => name));
  const cursor = cursorAfterRemoval(shownEntries(id), removed, paneOf(id).cursor ?? entries[0]?.name ?? null);
  changePane(id, { selected: new Set(), cursor, anchor: cursor });
}

const isInTrash = ({ folder, entries }: Target): boolean =>
  folder.split('/').some(isTrashName) || entries.some(({ name }) => isTrashName(name));

export async function trashChosen(id: PaneId): Promise<void> {
  const target = targetOf(id);
  if (!target || target.entries.length === 0) return;
  if (isInTrash(target)) {
    askToRemove(id);
    return;
  }
  const { source, folder } = target;
  const takeBack = new Map<string, () => Promise<unknown>>();
  leaveEntries(target);
  const outcome = await workThrough('Moving to the trash', pathsOf(target), async (path) => {
    const undo = await fileSource(source).trash(path);
    if (undo) takeBack.set(path, undo);
  });
  showFailures('Not everything was moved to the trash', outcome);
  reloadPlace({ source, path: folder });
  if (outcome.done.length === 0) return;
  const what = describeEntries(outcome.done.map(baseOf), displayName);
  if (takeBack.size === 0) {
    ui.toast({ tone: 'ok', title: `${what} moved to the trash` });
    return;
  }
  undoLater(`${what} moved to the trash, where it stays for ${TRASH_DAYS} days`, async () => {
    const restored = await workThrough('Putting back', [...takeBack.keys()].reverse(), async (path) =>
      takeBack.get(path)?.(),
    );
    showFailures('Not everything was put back', restored);
    reloadPlace({ source, path: folder });
  });
}

export function askToRemove(id: PaneId): void {
  const target = targetOf(id);
  if (!target || target.entries.length === 0) return;
  const what = describeEntries(
    target.entries.map(({ name }) => name),
    displayName,
  );
  ui.confirm({
    title: `Delete ${what} for good?`,
    text: 'It does not go to the trash, and cannot be restored.',
    action: 'Delete',
    run: async () => {
      leaveEntries(target);
      const outcome = await workThrough('Deleting', pathsOf(target), (path) => fileSource(target.source).remove(path));
      showFailures('Not everything was deleted', outcome);
      reloadPlace({ source: target.source, path: target.folder });
    },
  });
}

export function askForMode(id: PaneId): void {
  const target = targetOf(id);
  if (!target || target.entries.length === 0) return;
  ui.open({
    kind: 'file-mode',
    ask: {
      names: target.entries.map(({ name }) => name),
      modes: target.entries.map(({ mode }) => mode ?? 0o644),
      run: async (change) => {
        const set = (path: string) => fileSource(target.source).setMode(path, change);
        showFailures('Not every mode was changed', await workThrough('Changing', pathsOf(target), set));
        reload(id);
      },
    },
  });
}

export function showUsage(id: PaneId): void {
  const target = targetOf(id);
  if (target?.source.kind !== 'cluster') return;
  const paths = pathsOf(target);
  ui.open({
    kind: 'file-usage',
    clusterId: target.source.clusterId,
    path: paths.length === 1 ? (paths[0] ?? '') : target.folder,
  });
}

export function copyPaths(id: PaneId): void {
  const target = targetOf(id);
  if (!target) return;
  const paths = target.entries.length === 0 ? [target.folder] : pathsOf(target);
  const copied = invoke('desktop.copy', { text: paths.map(copiedPath).join('\n') });
  void attempt(
    'The path was not copied',
    copied.then(() =>
      ui.toast({ tone: 'ok', title: paths.length === 1 ? 'Path copied' : `${paths.length} paths copied` }),
    ),
  );
}

interface Put {
  source: Source;
  paths: readonly string[];
  /** Where they are to be. */
  folder: string;
  isMove: boolean;
}

/** Copies or moves within one computer. What would have the name of something else gets a number. */
async function putWithin({ source, paths, folder, isMove }: Put, taken: (name: string) => boolean): Promise<void> {
  const files = fileSource(source);
  /** What is where it was put, with where it was. */
  const moved = new Map<string, string>();
  const outcome = await workThrough(isMove ? 'Moving' : 'Copying', paths, async (path, signal) => {
    if (isMove && joinPath(folder, baseOf(path)) === path) return;
    const to = joinPath(
      folder,
      freeName(baseOf(path), (name) => taken(name) || moved.has(joinPath(folder, name))),
    );
    if (isMove) await files.move(path, to);
    else await files.copy(path, to, signal);
    moved.set(to, path);
  });
  showFailures(`Not everything was ${isMove ? 'moved' : 'copied'}`, outcome);
  const first = paths[0] ?? '';
  const places = [folder, first.slice(0, first.lastIndexOf('/')) || '/'].map((path) => ({ source, path }));
  const refresh = () => places.forEach(reloadPlace);
  refresh();
  if (moved.size === 0) return;
  const what = describeEntries([...moved.keys()].map(baseOf), displayName);
  undoLater(`${what} ${isMove ? 'moved' : 'copied'}`, async () => {
    const undone = await workThrough('Undoing', [...moved.keys()].reverse(), (to) =>
      isMove ? files.move(to, moved.get(to) ?? to) : files.trash(to),
    );
    showFailures('Not everything was undone', undone);
    refresh();
  });
}

/** Puts files in the folder of a pane. Those of another computer are copied by a transfer, and stay where they are. */
export async function putInto(id: PaneId, { source, paths, isMove }: Omit<Put, 'folder'>): Promise<void> {
  const to = targetOf(id);
  if (!to || paths.length === 0) return;
  if (paths.some((path) => isSameSource(source, to.source) && isInside(to.folder, path))) {
    ui.toast({ tone: 'bad', title: 'A folder cannot be put into itself.' });
    return;
  }
  if (isSameSource(source, to.source)) await putWithin({ source, paths, folder: to.folder, isMove }, namesIn(id));
  else await startTransfer(source, paths, { source: to.source, path: to.folder });
}

type FilesState = ReturnType<typeof useFiles.getState>;

/** Whether there is another pane to copy to. */
export const canPutInOther = ({ isTwoPane, panes: [left, right] }: FilesState): boolean =>
  isTwoPane && left.source !== null && right.source !== null;

/** Whether it shows a folder of the same computer, to which files can be moved. */
export const canMoveToOther = (state: FilesState): boolean => {
  const [{ source: left }, { source: right }] = state.panes;
  return canPutInOther(state) && left !== null && right !== null && isSameSource(left, right);
};

/** Copies or moves what is chosen in a pane to the folder of the other one. */
export function putInOther(id: PaneId, isMove: boolean): void {
  const target = targetOf(id);
  const state = useFiles.getState();
  if (!target || !(isMove ? canMoveToOther(state) : canPutInOther(state))) return;
  void putInto(otherPane(id), { source: target.source, paths: pathsOf(target), isMove });
}

export function takeToClipboard(id: PaneId, isCut: boolean): void {
  const target = targetOf(id);
  if (!target || target.entries.length === 0) return;
  useFiles.setState({ clipboard: { source: target.source, paths: pathsOf(target), isCut } });
}

export function paste(id: PaneId): void {
  const { clipboard } = useFiles.getState();
  if (!clipboard || !targetOf(id)) return;
  if (clipboard.isCut) useFiles.setState({ clipboard: null });
  void putInto(id, { source: clipboard.source, paths: clipboard.paths, isMove: clipboard.isCut });
}

export function showPreview(id: PaneId, isPreviewing: boolean): void {
  activate(id);
  useFiles.setState({ isPreviewing });
}

/** Opens the file at the cursor in the editor. `isFollowing`: its end, as it grows. */
export function editChosen(id: PaneId, isFollowing = false): void {
  const target = targetOf(id);
  const entry = target?.entries.find(({ name }) => name === paneOf(id).cursor) ?? target?.entries[0];
  if (target && entry?.kind === 'file') editFile(target.source, joinPath(target.folder, entry.name), { isFollowing });
}

/** Opens the folder at the cursor, or shows the file. */
export function openChosen(id: PaneId): void {
  const target = targetOf(id);
  const entry = target?.entries.find(({ name }) => name === paneOf(id).cursor) ?? target?.entries[0];
  if (!target || !entry) return;
  if (entry.kind === 'folder') openFolder(id, { source: target.source, path: joinPath(target.folder, entry.name) });
  else if (entry.kind === 'file') showPreview(id, true);
}
