import type { Settings } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import type { Place } from './places.ts';

type Bookmark = Settings['fileBookmarks'][number];

const toBookmark = ({ source, path }: Place): Bookmark => ({
  clusterId: source.kind === 'cluster' ? source.clusterId : null,
  path,
});

export const toPlace = ({ clusterId, path }: Bookmark): Place => ({
  source: clusterId === null ? { kind: 'local' } : { kind: 'cluster', clusterId },
  path,
});

const isSame = (one: Bookmark, other: Bookmark): boolean =>
  one.clusterId === other.clusterId && one.path === other.path;

export const isBookmarked = (bookmarks: readonly Bookmark[], place: Place): boolean =>
  bookmarks.some((each) => isSame(each, toBookmark(place)));

export function toggleBookmark(place: Place): void {
  const { fileBookmarks } = useStore.getState().settings;
  const bookmark = toBookmark(place);
  const next = isBookmarked(fileBookmarks, place)
    ? fileBookmarks.filter((each) => !isSame(each, bookmark))
    : [...fileBookmarks, bookmark];
  void attempt('The bookmark was not saved', invoke('settings.save', { fileBookmarks: next }));
}
