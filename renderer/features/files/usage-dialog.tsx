import { Button, Loader } from '@mantine/core';
import { IconRuler2 } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import type { FolderUsage } from '../../../electron/shared/files.ts';
import { invoke } from '../../bridge.ts';
import bar from '../../components/bar.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { formatFileSize } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { activate, useFiles } from './files-store.ts';
import { openFolder } from './open-folder.ts';
import { joinPath } from './places.ts';
import css from './usage-dialog.module.css';

function useUsage(clusterId: string, path: string) {
  const [usage, setUsage] = useState<FolderUsage | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    const asked = new AbortController();
    invoke('files.usage', { clusterId, path }, asked.signal).then(
      (found) => !asked.signal.aborted && setUsage(found),
      (failure) => !asked.signal.aborted && setError(AppError.from(failure)),
    );
    return () => asked.abort();
  }, [clusterId, path]);
  return { usage, error };
}

function Folders({ clusterId, path, usage }: { clusterId: string; path: string; usage: FolderUsage }) {
  const active = useFiles((state) => state.active);
  const open = (name: string) => {
    activate(active);
    openFolder(active, { source: { kind: 'cluster', clusterId }, path: joinPath(path, name) });
    ui.closeDialog();
  };
  const most = usage.folders[0]?.bytes || 1;
  return (
    <ul className={css.folders}>
      {usage.folders.slice(0, 100).map(({ name, bytes }) => (
        <li key={name}>
          <button type="button" className={css.folder} onClick={() => open(name)}>
            <span className="truncate" title={displayName(name)}>
              {displayName(name)}
            </span>
            <span className={bar.bar} aria-hidden>
              <i className={bar.go} style={{ inlineSize: `${(bytes / most) * 100}%` }} />
            </span>
            <span className="tabular">{formatFileSize(bytes)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The disk space that a folder takes, and each folder in it. */
export function UsageDialog({ clusterId, path }: { clusterId: string; path: string }) {
  const { usage, error } = useUsage(clusterId, path);
  return (
    <Dialog
      title="Size of the folder"
      subtitle={displayName(path)}
      icon={IconRuler2}
      size={520}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>{usage || error ? 'Close' : 'Cancel'}</Button>
        </>
      }
    >
      {error && <ErrorNote error={error.serialize()} alert />}
      {!usage && !error && (
        <span className="row" role="status">
          <Loader size="sm" /> Adding up. A large folder takes a while
        </span>
      )}
      {usage && (
        <>
          <p role="status">
            <strong className="medium">{formatFileSize(usage.bytes)}</strong> on the disk
            {!usage.complete && '. Some of it could not be read, so it may be more'}
          </p>
          {usage.folders.length > 0 && <Folders clusterId={clusterId} path={path} usage={usage} />}
        </>
      )}
    </Dialog>
  );
}
