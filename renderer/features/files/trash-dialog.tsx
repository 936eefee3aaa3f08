import { Button, Loader } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import { TRASH_DAYS, type TrashedFile } from '../../../electron/shared/files.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { formatWhen } from '../../text/time.ts';
import { ui } from '../../ui-store.ts';
import { reloadPlace } from './open-folder.ts';
import { baseOf, type Place, parentOf, type Source } from './places.ts';
import css from './trash-dialog.module.css';
import { showFailures, workThrough } from './work.ts';

function useTrash(clusterId: string, path: string) {
  const [files, setFiles] = useState<TrashedFile[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const read = useCallback(
    (signal?: AbortSignal) =>
      invoke('files.trashed', { clusterId, path }, signal).then(
        (found) => !signal?.aborted && setFiles(found),
        (failure) => !signal?.aborted && setError(AppError.from(failure)),
      ),
    [clusterId, path],
  );
  useEffect(() => {
    const asked = new AbortController();
    void read(asked.signal);
    return () => asked.abort();
  }, [read]);
  return { files, error, setError, read };
}

function TrashRow({ file, onRestore }: { file: TrashedFile; onRestore: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const name = displayName(baseOf(file.path));
  return (
    <li className={css.file}>
      <span className="column">
        <span className="medium truncate" title={name}>
          {name}
        </span>
        <span className="text-sm text-tertiary truncate" title={displayName(file.path)}>
          {file.trashedAt !== null && `${formatWhen(file.trashedAt, Date.now())}, from `}
          {displayName(parentOf(file.path))}
        </span>
      </span>
      <Button
        size="xs"
        loading={busy}
        aria-label={`Restore ${name}`}
        onClick={() => {
          setBusy(true);
          void onRestore().finally(() => setBusy(false));
        }}
      >
        Restore
      </Button>
    </li>
  );
}

function askToEmpty(source: Source & { kind: 'cluster' }, files: readonly TrashedFile[]): void {
  const { clusterId } = source;
  ui.confirm({
    title: 'Empty the trash?',
    text: `${files.length === 1 ? 'One item is' : `${files.length} items are`} deleted for good.`,
    action: 'Empty the trash',
    run: async () => {
      const remove = (path: string) => invoke('files.remove', { clusterId, path, recursive: true });
      showFailures(
        'Not everything was deleted',
        await workThrough(
          'Deleting',
          files.map(({ trash }) => trash),
          remove,
        ),
      );
    },
  });
}

/** What is in the trash of a cluster, to be put back where it was. */
export function TrashDialog({ place: { source, path } }: { place: Place }) {
  const clusterId = source.kind === 'cluster' ? source.clusterId : '';
  const { files, error, setError, read } = useTrash(clusterId, path);
  const restore = async (file: TrashedFile) => {
    setError(null);
    try {
      await invoke('files.restore', { clusterId, trash: file.trash });
      reloadPlace({ source, path: parentOf(file.path) });
      await read();
    } catch (failure) {
      setError(AppError.from(failure));
    }
  };
  return (
    <Dialog
      title="Trash"
      subtitle={`What is here longer than ${TRASH_DAYS} days is removed when something else is put here.`}
      icon={IconTrash}
      size={560}
      onClose={ui.closeDialog}
      footer={
        <>
          {source.kind === 'cluster' && files !== null && files.length > 0 && (
            <Button data-danger onClick={() => askToEmpty(source, files)}>
              Empty the trash
            </Button>
          )}
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Close</Button>
        </>
      }
    >
      {error && <ErrorNote error={error.serialize()} alert />}
      {files === null && !error && (
        <span className="row" role="status">
          <Loader size="sm" /> Reading the trash
        </span>
      )}
      {files?.length === 0 && <p>Nothing is in the trash.</p>}
      {files !== null && files.length > 0 && (
        <ul className={css.files}>
          {files.map((file) => (
            <TrashRow key={file.trash} file={file} onRestore={() => restore(file)} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}
