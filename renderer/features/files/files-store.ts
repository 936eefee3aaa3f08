import { create } from 'zustand';
import type { AppError } from '../../../electron/shared/errors.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import type { Sort } from './list-model.ts';
import type { Place, Source } from './places.ts';
import { nothingSelected, type Selection } from './selection-model.ts';

export type PaneId = 0 | 1;
export const paneIds: readonly PaneId[] = [0, 1];
export const otherPane = (id: PaneId): PaneId => (id === 0 ? 1 : 0);

/** What a folder holds, as far as it was read. */
export interface Listing {
  /** Absolute; empty: not known yet. */
  path: string;
  entries: readonly FileEntry[];
  isLoading: boolean;
  /** Whether all of it was read. */
  isComplete: boolean;
  error: AppError | null;
}

export interface Pane extends Selection {
  /** null: nothing was chosen yet. */
  source: Source | null;
  /** The folder that was asked for last; empty: the home directory. */
  path: string;
  listing: Listing;
  sort: Sort;
  find: string;
  isFinding: boolean;
  /** Whether the path is being typed. */
  isTyping: boolean;
}

interface FilesState {
  panes: readonly [Pane, Pane];
  active: PaneId;
  isTwoPane: boolean;
  showsHidden: boolean;
  /** Whether the file at the cursor of the active pane is shown beside its list. */
  isPreviewing: boolean;
  recent: readonly Place[];
  /** What was copied or cut with Ctrl C or Ctrl X. */
  clipboard: { source: Source; paths: readonly string[]; isCut: boolean } | null;
}

export const emptyListing: Listing = { path: '', entries: [], isLoading: false, isComplete: false, error: null };

const emptyPane: Pane = {
  ...nothingSelected,
  source: null,
  path: '',
  listing: emptyListing,
  sort: { column: 'name', isDescending: false },
  find: '',
  isFinding: false,
  isTyping: false,
};

/** The page of files; it stays as it is while another page is shown. */
export const useFiles = create<FilesState>(() => ({
  panes: [emptyPane, emptyPane],
  active: 0,
  isTwoPane: true,
  showsHidden: false,
  isPreviewing: false,
  recent: [],
  clipboard: null,
}));

export const paneOf = (id: PaneId): Pane => useFiles.getState().panes[id];

export function changePane(id: PaneId, changes: Partial<Pane>): void {
  useFiles.setState(({ panes: [left, right] }) => ({
    panes: id === 0 ? [{ ...left, ...changes }, right] : [left, { ...right, ...changes }],
  }));
}

export const changeListing = (id: PaneId, changes: Partial<Listing>): void =>
  changePane(id, { listing: { ...paneOf(id).listing, ...changes } });

export function activate(active: PaneId): void {
  if (useFiles.getState().active !== active) useFiles.setState({ active });
}
