import { useMemo, useRef, useState } from 'react';
import type { FileList } from '../../../electron/shared/files.ts';
import { type PathAsk, ui } from '../../ui-store.ts';
import { baseOf, canUse, chosen, isHidden, join, type Pick, parentOf } from './picker-model.ts';
import { type Folder, useFolder } from './use-folder.ts';

/** The entries of a folder to show, and the marked one among them. */
function useMarkedEntry(folder: Folder, showsHidden: boolean, pick: Pick) {
  const [moved, setMoved] = useState<{ in: FileList | null; name: string } | null>(null);
  const entries = useMemo(
    () => (folder.list?.entries ?? []).filter((entry) => showsHidden || !isHidden(entry)),
    [folder.list, showsHidden],
  );
  const markedName = moved !== null && moved.in === folder.list ? moved.name : folder.mark;
  const at = Math.max(
    0,
    entries.findIndex((entry) => entry.name === markedName),
  );
  return {
    entries,
    at,
    // Where a folder can be chosen as well as a file, a file counts only once it was gone to.
    marked: pick === undefined && markedName === '' ? undefined : entries[at],
    mark: (index: number) => setMoved({ in: folder.list, name: entries[index]?.name ?? '' }),
  };
}

/** The path picker's state: the open folder, what is marked in it, and what would be chosen. */
export function usePicker(ask: PathAsk) {
  const { pick } = ask;
  const folder = useFolder(ask.clusterId, {
    path: ask.value,
    nearest: true,
    mark: ask.value.endsWith('/') ? '' : baseOf(ask.value),
  });
  const [showsHidden, setShowsHidden] = useState(/\/\.[^/]/.test(ask.value));
  const list = useRef<HTMLDivElement>(null);
  const { entries, at, marked, mark } = useMarkedEntry(folder, showsHidden, pick);
  const openPath = folder.list?.path ?? folder.wanted.path;
  const shownPath = folder.error ? folder.wanted.path : openPath;
  const result = folder.list && !folder.error ? chosen(openPath, marked, pick) : null;

  const take = (path: string | null) => {
    if (path === null) return;
    ask.onPick(path);
    ui.closeDialog();
  };
  const go = (path: string, mark = '') => {
    folder.go(path, mark);
    list.current?.focus();
  };
  return {
    folder,
    list,
    entries,
    /** How many entries of the folder are not shown. */
    hiddenCount: (folder.list?.entries.length ?? 0) - entries.length,
    at,
    openPath,
    shownPath,
    /** The path that would be chosen now; null: none. */
    result,
    showsHidden,
    setShowsHidden,
    go,
    mark,
    take: () => take(result),
    open(index: number): void {
      const entry = entries[index];
      if (!entry || !canUse(entry, pick) || folder.loading) return;
      const path = join(openPath, entry.name);
      if (entry.kind === 'folder') folder.go(path);
      else take(path);
    },
    goUp(): void {
      if (shownPath.startsWith('/') && shownPath !== '/') go(parentOf(shownPath), baseOf(shownPath));
      else if (folder.error) go('');
    },
  };
}

export type Picker = ReturnType<typeof usePicker>;
