import { Button, CloseButton, Loader, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { useStore } from '../../store.ts';
import { connectionLabels } from '../../text/cluster.ts';
import { connectCluster } from '../jobs/job-button.tsx';
import { useDrop } from './drag.ts';
import { askForFolder } from './file-actions.ts';
import { FilesGrid } from './files-grid.tsx';
import { activate, changePane, type Pane, type PaneId, useFiles } from './files-store.ts';
import { focusGrid } from './grid-keys.ts';
import { filterEntries, sortEntries } from './list-model.ts';
import { goUp, reload } from './open-folder.ts';
import css from './pane.module.css';
import { PaneBar } from './pane-bar.tsx';
import { PaneFoot } from './pane-foot.tsx';
import { PlaceButtons } from './place-buttons.tsx';
import { useSourceName } from './source-name.ts';

function useCluster({ source }: Pane): ClusterState | undefined {
  return useStore(({ clusters }) =>
    clusters.find(({ cluster }) => source?.kind === 'cluster' && cluster.id === source.clusterId),
  );
}

/** Whether the files of the pane can be read now. */
const isReachable = (pane: Pane, cluster: ClusterState | undefined): boolean =>
  pane.source?.kind === 'local' || cluster?.connection.state === 'connected';

function NotConnected({ cluster }: { cluster: ClusterState | undefined }) {
  if (!cluster) return <p>This cluster was removed.</p>;
  const { state } = cluster.connection;
  const isBusy = state === 'connecting' || state === 'asking' || state === 'reconnecting';
  return (
    <>
      <p className="medium">
        {isBusy ? `${cluster.cluster.name} is being connected` : `${cluster.cluster.name} is not connected`}
      </p>
      <p className="text-sm text-tertiary">{connectionLabels[state]}. Its files are listed once you are signed in.</p>
      {!isBusy && (
        <Button onClick={() => connectCluster(cluster)}>{state === 'sign-in-needed' ? 'Sign in' : 'Connect'}</Button>
      )}
    </>
  );
}

/** What stands instead of rows: why there are none, and what to do. */
function NoRows({ id, pane, cluster }: { id: PaneId; pane: Pane; cluster: ClusterState | undefined }) {
  const { listing, find } = pane;
  if (!isReachable(pane, cluster) && listing.path === '') return <NotConnected cluster={cluster} />;
  if (listing.error) {
    return (
      <ErrorNote
        error={listing.error.serialize()}
        title="The folder could not be read"
        alert
        action={
          <>
            <LinkButton onClick={() => reload(id)}>Try again</LinkButton>
            <LinkButton onClick={() => goUp(id)}>Go up</LinkButton>
          </>
        }
      />
    );
  }
  if (listing.isLoading || listing.path === '')
    return (
      <span className="row" role="status">
        <Loader size="sm" /> Reading the folder
      </span>
    );
  if (find !== '')
    return (
      <>
        <p>No name matches.</p>
        <Button onClick={() => changePane(id, { find: '', isFinding: false })}>Clear</Button>
      </>
    );
  const hidden = listing.entries.length;
  return (
    <>
      <p className="medium">Empty folder</p>
      {hidden > 0 && (
        <LinkButton onClick={() => useFiles.setState({ showsHidden: true })}>
          Show {hidden === 1 ? 'the hidden file' : `the ${hidden} hidden files`}
        </LinkButton>
      )}
      <Button onClick={() => askForFolder(id)}>New folder</Button>
    </>
  );
}

function FindBar({ id, find }: { id: PaneId; find: string }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const close = () => {
    changePane(id, { find: '', isFinding: false });
    focusGrid(id);
  };
  return (
    <div className={css.find}>
      <TextInput
        ref={field}
        className="grow"
        size="xs"
        aria-label="Find by name"
        placeholder="Part of a name, or a pattern such as *.csv"
        maxLength={200}
        leftSection={<IconSearch size={14} stroke={stroke} aria-hidden />}
        value={find}
        onChange={(event) => changePane(id, { find: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          else if (event.key === 'Enter' || event.key === 'ArrowDown') focusGrid(id);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <CloseButton size={24} aria-label="Close the search" onClick={close} />
    </div>
  );
}

/** Reads the folder when the page comes, and once its cluster is connected. */
function useReading(id: PaneId, pane: Pane, isUp: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another folder is read by whoever opens it
  useEffect(() => {
    if (isUp && pane.source !== null && !pane.listing.isLoading) reload(id);
  }, [id, isUp]);
}

/** Takes the focus back where a menu or dialog that is gone had it. */
function useActivity(id: PaneId, box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current;
    const onFocus = () => activate(id);
    element?.addEventListener('focusin', onFocus);
    element?.addEventListener('mousedown', onFocus);
    return () => {
      element?.removeEventListener('focusin', onFocus);
      element?.removeEventListener('mousedown', onFocus);
    };
  }, [id, box]);
}

export function FilePane({ id }: { id: PaneId }) {
  const pane = useFiles((state) => state.panes[id]);
  const isActive = useFiles((state) => state.active === id);
  const isTwoPane = useFiles((state) => state.isTwoPane);
  const showsHidden = useFiles((state) => state.showsHidden);
  const name = useSourceName(pane.source);
  const cluster = useCluster(pane);
  const box = useRef<HTMLElement>(null);
  const isUp = isReachable(pane, cluster);
  const drop = useDrop(id);
  useReading(id, pane, isUp);
  useActivity(id, box);
  const { listing, find, sort } = pane;
  const sorted = useMemo(() => sortEntries(listing.entries, sort), [listing.entries, sort]);
  const entries = useMemo(() => filterEntries(sorted, find, showsHidden), [sorted, find, showsHidden]);
  const shown = listing.error ? [] : entries;
  return (
    <section
      ref={box}
      className={[css.pane, isActive && isTwoPane && css.active, drop.isOver && css.over].filter(Boolean).join(' ')}
      {...drop.target}
      data-region={`files-${id}`}
      aria-label={`${isTwoPane ? (id === 0 ? 'Left pane: ' : 'Right pane: ') : ''}${name}`}
    >
      <PaneBar id={id} pane={pane} name={name} />
      {pane.isFinding && <FindBar id={id} find={find} />}
      {pane.source ? (
        <FilesGrid
          id={id}
          pane={pane}
          entries={shown}
          label={listing.path === '' ? `Files on ${name}` : `Files in ${displayName(listing.path)} on ${name}`}
        >
          <NoRows id={id} pane={pane} cluster={cluster} />
        </FilesGrid>
      ) : (
        <PlaceButtons id={id} />
      )}
      <PaneFoot pane={pane} entries={shown} isUp={isUp} />
    </section>
  );
}
