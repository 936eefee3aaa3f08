import { Button, Checkbox, Loader } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { FileList } from '../../../electron/shared/files.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { count } from '../../text/size.ts';
import { type PathAsk, ui } from '../../ui-store.ts';
import { FileRows } from './file-rows.tsx';
import css from './path-picker.module.css';
import { baseOf, canUse, chosen, crumbs, isHidden, join, parentOf } from './picker-model.ts';
import { useFolder, usePlaces } from './use-folder.ts';

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

/** Chooses a file or folder of a cluster, by pointer or by keys alone. */
export function PathPicker({ ask }: { ask: PathAsk }) {
  const { pick } = ask;
  const folder = useFolder(ask.clusterId, {
    path: ask.value,
    nearest: true,
    mark: ask.value.endsWith('/') ? '' : baseOf(ask.value),
  });
  const places = usePlaces(ask.clusterId);
  const [hidden, setHidden] = useState(/\/\.[^/]/.test(ask.value));
  const [moved, setMoved] = useState<{ in: FileList | null; name: string } | null>(null);
  const markedName = moved !== null && moved.in === folder.list ? moved.name : folder.mark;
  const list = useRef<HTMLDivElement>(null);
  const entries = useMemo(
    () => (folder.list?.entries ?? []).filter((entry) => hidden || !isHidden(entry)),
    [folder.list, hidden],
  );
  const here = folder.list?.path ?? folder.wanted.path;
  const at = Math.max(
    0,
    entries.findIndex((entry) => entry.name === markedName),
  );
  // Where a folder is as welcome as a file, a file counts only once it was gone to.
  const marked = pick === undefined && markedName === '' ? undefined : entries[at];
  const result = folder.list && !folder.error ? chosen(here, marked, pick) : null;
  const unseen = (folder.list?.entries.length ?? 0) - entries.length;

  const take = (path: string) => {
    ask.onPick(path);
    ui.closeDialog();
  };
  const open = (index: number) => {
    const entry = entries[index];
    if (!entry || !canUse(entry, pick) || folder.loading) return;
    const path = join(here, entry.name);
    if (entry.kind === 'folder') folder.go(path);
    else take(path);
  };
  const go = (path: string, name = '') => {
    folder.go(path, name);
    list.current?.focus();
  };
  const up = () => {
    const from = folder.error ? folder.wanted.path : here;
    if (from.startsWith('/') && from !== '/') go(parentOf(from), baseOf(from));
    else if (folder.error) go('');
  };

  return (
    <Dialog
      title={`Choose ${pick === 'file' ? 'a file' : pick === 'folder' ? 'a folder' : 'a file or folder'}`}
      subtitle={`${ask.title}, on ${ask.clusterName}`}
      icon={IconFolderOpen}
      size={640}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="text-sm text-tertiary mono truncate grow" title={result ?? undefined}>
            {result ?? ''}
          </span>
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button variant="filled" disabled={result === null} onClick={() => result !== null && take(result)}>
            {result !== null && result !== here
              ? 'Choose this file'
              : pick === 'file'
                ? 'Choose'
                : 'Choose this folder'}
          </Button>
        </>
      }
    >
      <div className={css.bar}>
        {places.map((place) => (
          <Button key={place.path} size="compact-sm" title={place.path} onClick={() => go(place.path)}>
            {place.name}
          </Button>
        ))}
        <span className="push-end" />
        {folder.loading && <Loader size={14} aria-label="Loading" />}
        <Checkbox
          size="xs"
          label="Hidden files"
          checked={hidden}
          onChange={(event) => setHidden(event.currentTarget.checked)}
        />
      </div>
      <Crumbs path={folder.error ? folder.wanted.path : here} go={go} />
      <FileRows
        ref={list}
        entries={folder.error ? [] : entries}
        at={at}
        pick={pick}
        busy={folder.loading}
        label={here || 'Home'}
        onMark={(index) => setMoved({ in: folder.list, name: entries[index]?.name ?? '' })}
        onOpen={open}
        onUp={up}
        onTake={() => result !== null && take(result)}
      >
        {folder.error ? (
          <ErrorNote
            error={folder.error}
            alert
            action={
              <>
                <LinkButton onClick={folder.retry}>Try again</LinkButton>
                <LinkButton onClick={up}>Go up</LinkButton>
              </>
            }
          />
        ) : folder.list === null ? (
          <p className="text-secondary">Reading the folder on {ask.clusterName}</p>
        ) : (
          entries.length === 0 && (
            <p className="text-secondary">
              {unseen > 0 ? `Only ${count(unseen, 'hidden file')} here.` : 'This folder is empty.'}
            </p>
          )
        )}
      </FileRows>
      <p className="text-xs text-tertiary" role="status">
        {folder.list?.truncated
          ? `The first ${entries.length} are shown. Type the path in the field for others.`
          : folder.list && !folder.error && !folder.loading
            ? [count(entries.length, 'entry', 'entries'), unseen > 0 ? `${unseen} hidden` : '']
                .filter(Boolean)
                .join(', ')
            : ' '}
      </p>
    </Dialog>
  );
}
