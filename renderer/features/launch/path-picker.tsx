import { Button, Checkbox, Loader } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { count } from '../../text/size.ts';
import { type PathAsk, ui } from '../../ui-store.ts';
import { FileRows } from './file-rows.tsx';
import css from './path-picker.module.css';
import { crumbs, type Pick } from './picker-model.ts';
import { usePlaces } from './use-folder.ts';
import { type Picker, usePicker } from './use-picker.ts';

/** Folders on the way to here; the first ones fold away when there are many. */
function Crumbs({ path, go }: { path: string; go: (path: string, mark: string) => void }) {
  const all = crumbs(path);
  const shown = all.length > 5 ? [...all.slice(0, 1), ...all.slice(-3)] : all;
  return (
    <nav aria-label="Folder" className={css.crumbs}>
      {shown.map((crumb, index) => (
        <span key={crumb.path} className="row gap-4">
          {index > 1 || (index === 1 && all.length > 5) ? (
            <span aria-hidden className="text-tertiary">
              {index === 1 ? '… /' : '/'}
            </span>
          ) : null}
          <LinkButton
            className="truncate"
            title={crumb.path}
            aria-current={crumb.path === path ? 'page' : undefined}
            onClick={() => go(crumb.path, all[all.indexOf(crumb) + 1]?.name ?? '')}
          >
            {crumb.name}
          </LinkButton>
        </span>
      ))}
    </nav>
  );
}

function PickerBar({ picker, clusterId }: { picker: Picker; clusterId: string }) {
  const places = usePlaces(clusterId);
  return (
    <div className={css.bar}>
      {places.map((place) => (
        <Button key={place.path} size="compact-sm" title={place.path} onClick={() => picker.go(place.path)}>
          {place.name}
        </Button>
      ))}
      <span className="push-end" />
      {picker.folder.loading && <Loader size={14} aria-label="Loading" />}
      <Checkbox
        size="xs"
        label="Hidden files"
        checked={picker.showsHidden}
        onChange={(event) => picker.setShowsHidden(event.currentTarget.checked)}
      />
    </div>
  );
}

/** What stands instead of rows: an error, that the folder is being read, or that nothing is in it. */
function NoRows({ picker, clusterName }: { picker: Picker; clusterName: string }) {
  const { folder, hiddenCount } = picker;
  if (folder.error) {
    return (
      <ErrorNote
        error={folder.error}
        alert
        action={
          <>
            <LinkButton onClick={folder.retry}>Try again</LinkButton>
            <LinkButton onClick={picker.goUp}>Go up</LinkButton>
          </>
        }
      />
    );
  }
  if (folder.list === null) return <p className="text-secondary">Reading the folder on {clusterName}</p>;
  return (
    <p className="text-secondary">
      {hiddenCount > 0 ? `Only ${count(hiddenCount, 'hidden file')} here.` : 'This folder is empty.'}
    </p>
  );
}

function describeCount({ folder, entries, hiddenCount }: Picker): string {
  if (folder.list?.truncated) return `The first ${entries.length} are shown. Type the path in the field for others.`;
  if (!folder.list || folder.error || folder.loading) return '';
  return [count(entries.length, 'entry', 'entries'), hiddenCount > 0 ? `${hiddenCount} hidden` : '']
    .filter(Boolean)
    .join(', ');
}

function chooseLabel({ result, openPath }: Picker, pick: Pick): string {
  if (result !== null && result !== openPath) return 'Choose this file';
  return pick === 'file' ? 'Choose' : 'Choose this folder';
}

function DialogFooter({ picker, pick }: { picker: Picker; pick: Pick }) {
  const { result } = picker;
  return (
    <>
      <span className="text-sm text-tertiary mono truncate grow" title={result ?? undefined}>
        {result ?? ''}
      </span>
      <Button onClick={ui.closeDialog}>Cancel</Button>
      <Button variant="filled" disabled={result === null} onClick={picker.take}>
        {chooseLabel(picker, pick)}
      </Button>
    </>
  );
}

/** Chooses a file or folder of a cluster, by pointer or by keys alone. */
export function PathPicker({ ask }: { ask: PathAsk }) {
  const { pick } = ask;
  const picker = usePicker(ask);
  return (
    <Dialog
      title={`Choose ${pick === 'file' ? 'a file' : pick === 'folder' ? 'a folder' : 'a file or folder'}`}
      subtitle={`${ask.title}, on ${ask.clusterName}`}
      icon={IconFolderOpen}
      size={640}
      onClose={ui.closeDialog}
      footer={<DialogFooter picker={picker} pick={pick} />}
    >
      <PickerBar picker={picker} clusterId={ask.clusterId} />
      <Crumbs path={picker.shownPath} go={picker.go} />
      <FileRows
        ref={picker.list}
        entries={picker.folder.error ? [] : picker.entries}
        at={picker.at}
        pick={pick}
        busy={picker.folder.loading}
        label={picker.openPath || 'Home'}
        onMark={picker.mark}
        onOpen={picker.open}
        onUp={picker.goUp}
        onTake={picker.take}
      >
        <NoRows picker={picker} clusterName={ask.clusterName} />
      </FileRows>
      <p className="text-xs text-tertiary" role="status">
        {describeCount(picker)}
      </p>
    </Dialog>
  );
}
