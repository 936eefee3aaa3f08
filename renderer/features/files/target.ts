import type { FileEntry } from '../../../electron/shared/files.ts';
import { type PaneId, paneOf, useFiles } from './files-store.ts';
import { filterEntries, sortEntries } from './list-model.ts';
import { joinPath, type Source } from './places.ts';
import { chosenOf } from './selection-model.ts';

/** What an action is about: some entries of the folder of a pane. */
export interface Target {
  id: PaneId;
  source: Source;
  folder: string;
  entries: readonly FileEntry[];
}

/** The entries that a pane shows, in their order. */
export function shownEntries(id: PaneId): FileEntry[] {
  const { listing, sort, find } = paneOf(id);
  return sortEntries(filterEntries(listing.entries, find, useFiles.getState().showsHidden), sort);
}

/** What is chosen in a pane; null: its folder is not known. */
export function targetOf(id: PaneId): Target | null {
  const pane = paneOf(id);
  if (!pane.source || pane.listing.path === '') return null;
  return {
    id,
    source: pane.source,
    folder: pane.listing.path,
    entries: chosenOf(pane, filterEntries(pane.listing.entries, pane.find, useFiles.getState().showsHidden)),
  };
}

export const pathsOf = ({ folder, entries }: Target): string[] => entries.map(({ name }) => joinPath(folder, name));

/** `run.h5`, or `3 items`. */
export const describeEntries = (names: readonly string[], shown: (name: string) => string): string =>
  names.length === 1 ? shown(names[0] ?? '') : `${names.length} items`;
