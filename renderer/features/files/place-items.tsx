import { Menu } from '@mantine/core';
import {
  IconBookmark,
  IconBriefcase,
  IconDeviceLaptop,
  IconFolder,
  IconHistory,
  IconHome,
  IconListCheck,
  IconServer2,
  type TablerIcon,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { displayName } from '../../../electron/shared/file-names.ts';
import type { FilePlace } from '../../../electron/shared/files.ts';
import { stroke } from '../../components/icons.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { useStore } from '../../store.ts';
import { toPlace } from './bookmarks.ts';
import { type PaneId, useFiles } from './files-store.ts';
import { openFolder } from './open-folder.ts';
import { baseOf, isSameSource, type Place, type Source, sourceKey } from './places.ts';
import { useSourceName } from './source-name.ts';
import { fileSource } from './sources.ts';

const icon = (Shown: TablerIcon) => <Shown size={16} stroke={stroke} aria-hidden />;

/** Shortcuts of a computer; none while they are looked for, or where that fails: they are a help and no more. */
function usePlaces(source: Source | null): FilePlace[] {
  const [places, setPlaces] = useState<FilePlace[]>([]);
  const isUp = useStore(
    ({ clusters }) =>
      source?.kind === 'local' ||
      clusters.some(
        ({ cluster, connection }) =>
          source?.kind === 'cluster' && cluster.id === source.clusterId && connection.state === 'connected',
      ),
  );
  useEffect(() => {
    if (!source || !isUp) return;
    const asked = new AbortController();
    fileSource(source)
      .places(asked.signal)
      .then((found) => !asked.signal.aborted && setPlaces(found))
      .catch(() => undefined);
    return () => asked.abort();
  }, [source, isUp]);
  return places;
}

/** The directories of the jobs that are listed, the newest first. */
function useJobPlaces(source: Source | null): FilePlace[] {
  const jobs = useStore((state) => state.jobs);
  if (source?.kind !== 'cluster') return [];
  return jobs
    .filter(({ clusterId, directory, archived }) => clusterId === source.clusterId && directory !== '' && !archived)
    .slice(0, 5)
    .map(({ name, directory }) => ({ name, path: directory }));
}

function PlaceItem(props: { id: PaneId; place: Place; name: string; shown: TablerIcon }) {
  const { id, place, name, shown } = props;
  const computer = useSourceName(place.source);
  return (
    <Menu.Item leftSection={icon(shown)} onClick={() => openFolder(id, place)}>
      <span className="truncate">{name}</span>
      <MenuHint>
        {computer}: {displayName(place.path)}
      </MenuHint>
    </Menu.Item>
  );
}

/** All computers that have files. */
function SourceItems({ id }: { id: PaneId }) {
  const clusters = useStore((state) => state.clusters);
  return (
    <>
      <Menu.Item
        leftSection={icon(IconDeviceLaptop)}
        onClick={() => openFolder(id, { source: { kind: 'local' }, path: '' })}
      >
        This computer
      </Menu.Item>
      {clusters.map(({ cluster, connection }) => (
        <Menu.Item
          key={cluster.id}
          leftSection={icon(IconServer2)}
          onClick={() => openFolder(id, { source: { kind: 'cluster', clusterId: cluster.id }, path: '' })}
        >
          <span className="truncate">{cluster.name}</span>
          {connection.state !== 'connected' && <MenuHint>Not connected</MenuHint>}
        </Menu.Item>
      ))}
    </>
  );
}

/** Bookmarks, where one was, and the same on other computers. */
export function BookmarkItems({ id }: { id: PaneId }) {
  const bookmarks = useStore((state) => state.settings.fileBookmarks);
  const recent = useFiles((state) => state.recent);
  const places = bookmarks.map(toPlace);
  return (
    <>
      <Menu.Label>Bookmarks</Menu.Label>
      {places.length === 0 && <Menu.Item disabled>None yet. Add one in the menu of a folder</Menu.Item>}
      {places.map((place) => (
        <PlaceItem
          key={`${sourceKey(place.source)} ${place.path}`}
          id={id}
          place={place}
          name={displayName(baseOf(place.path)) || '/'}
          shown={IconBookmark}
        />
      ))}
      {recent.length > 0 && <Menu.Label>Recent</Menu.Label>}
      {recent.slice(0, 6).map((place) => (
        <PlaceItem
          key={`${sourceKey(place.source)} ${place.path}`}
          id={id}
          place={place}
          name={displayName(baseOf(place.path)) || '/'}
          shown={IconHistory}
        />
      ))}
    </>
  );
}

const iconOfPlace = ({ name }: FilePlace): TablerIcon =>
  name === 'Home' ? IconHome : name.startsWith('Work') ? IconBriefcase : IconFolder;

/** Where a pane can go: other computers, and on this one home, work, scratch and directories of jobs. */
export function PlaceItems({ id, source }: { id: PaneId; source: Source | null }) {
  const places = usePlaces(source);
  const jobs = useJobPlaces(source);
  const bookmarks = useStore((state) => state.settings.fileBookmarks).map(toPlace);
  if (!source) return <SourceItems id={id} />;
  const own = bookmarks.filter((place) => isSameSource(place.source, source));
  const item = (place: FilePlace, shown: TablerIcon) => (
    <Menu.Item
      key={`${place.name} ${place.path}`}
      leftSection={icon(shown)}
      onClick={() => openFolder(id, { source, path: place.path })}
    >
      <span className="truncate">{place.name}</span>
      <MenuHint>{displayName(place.path)}</MenuHint>
    </Menu.Item>
  );
  return (
    <>
      <SourceItems id={id} />
      {places.length > 0 && <Menu.Label>Places</Menu.Label>}
      {places.map((place) => item(place, iconOfPlace(place)))}
      {own.length > 0 && <Menu.Label>Bookmarks</Menu.Label>}
      {own.map(({ path }) => item({ name: displayName(baseOf(path)) || '/', path }, IconBookmark))}
      {jobs.length > 0 && <Menu.Label>Directories of jobs</Menu.Label>}
      {jobs.map((job) => item(job, IconListCheck))}
    </>
  );
}
