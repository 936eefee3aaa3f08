import { AppError } from '../../../electron/shared/errors.ts';
import { useStore } from '../../store.ts';
import { changeListing, changePane, emptyListing, otherPane, type PaneId, paneOf, useFiles } from './files-store.ts';
import { baseOf, isSameSource, type Place, parentOf, rememberPlace, type Source } from './places.ts';
import { nothingSelected, type Selection } from './selection-model.ts';
import { fileSource } from './sources.ts';

const reading: Record<PaneId, AbortController> = { 0: new AbortController(), 1: new AbortController() };

/** A cluster that is not connected is not asked, since that would sign in to it. */
export const isReachable = (source: Source): boolean =>
  source.kind === 'local' ||
  useStore
    .getState()
    .clusters.some(({ cluster, connection }) => cluster.id === source.clusterId && connection.state === 'connected');

/** Reads the folder of a pane; the question before is cancelled. What is shown stays until the answer comes. */
function read(id: PaneId, isSameFolder: boolean): void {
  reading[id].abort(new AppError('cancelled', 'Another folder is read.'));
  const controller = new AbortController();
  reading[id] = controller;
  const { source, path } = paneOf(id);
  if (!source || !isReachable(source)) {
    // The rows of the folder before would stand under the path of this one.
    changeListing(id, paneOf(id).listing.path === '' ? emptyListing : { isLoading: false });
    return;
  }
  const { signal } = controller;
  const before = paneOf(id).listing.entries.length;
  changeListing(id, { isLoading: true, error: null });
  fileSource(source)
    .read(
      path,
      (part) => {
        // The same folder is not shown with fewer entries while it is read again.
        if (signal.aborted || (isSameFolder && !part.isComplete && part.entries.length < before)) return;
        const isFirst = paneOf(id).listing.path !== part.path;
        changePane(id, { listing: { ...part, isLoading: !part.isComplete, error: null } });
        if (isFirst)
          useFiles.setState(({ recent }) => ({ recent: rememberPlace(recent, { source, path: part.path }) }));
      },
      signal,
    )
    .catch((error: unknown) => {
      if (!signal.aborted) changeListing(id, { isLoading: false, error: AppError.from(error) });
    });
}

/** Opens a folder in a pane. `mark`: the entry that the cursor is put on. */
export function openFolder(id: PaneId, { source, path }: Place, mark: string | null = null): void {
  const pane = paneOf(id);
  const isOther = pane.source === null || !isSameSource(pane.source, source);
  const selection: Selection = mark === null ? nothingSelected : { selected: new Set(), cursor: mark, anchor: mark };
  changePane(id, {
    ...selection,
    source,
    path,
    find: '',
    isFinding: false,
    isTyping: false,
    // The rows before stay in sight, and nothing can be done with them.
    listing: isOther ? emptyListing : { ...pane.listing, path: '', error: null },
  });
  read(id, false);
}

/** Reads the folder of a pane again; what is chosen stays. */
export const reload = (id: PaneId): void => read(id, true);

/** Reads again whatever pane shows a folder that was changed. */
export function reloadPlace({ source, path }: Place): void {
  for (const id of [0, 1] as const) {
    const pane = paneOf(id);
    if (pane.source && isSameSource(pane.source, source) && pane.listing.path === path) reload(id);
  }
}

export function goUp(id: PaneId): void {
  const { source, path, listing } = paneOf(id);
  if (!source) return;
  if (listing.error && path !== '') openFolder(id, { source, path: path.startsWith('/') ? parentOf(path) : '' });
  else if (listing.path !== '/' && listing.path !== '')
    openFolder(id, { source, path: parentOf(listing.path) }, baseOf(listing.path));
}

/** Shows in the other pane what this one shows. */
export function openInOther(id: PaneId, place: Place): void {
  useFiles.setState({ isTwoPane: true });
  openFolder(otherPane(id), place);
}
