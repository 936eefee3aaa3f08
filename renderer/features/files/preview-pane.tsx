import { useDebouncedValue } from '@mantine/hooks';
import { IconPencil } from '@tabler/icons-react';
import { useCallback } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { FilePreview } from '../../components/preview/file-preview.tsx';
import type { ReadPart } from '../../components/preview/use-preview.ts';
import { editFile } from './editing/edit-file.ts';
import { showPreview } from './file-actions.ts';
import css from './files-page.module.css';
import { type PaneId, useFiles } from './files-store.ts';
import { focusGrid } from './grid-keys.ts';
import { isReachable } from './open-folder.ts';
import { joinPath, type Source, sourceKey } from './places.ts';
import { fileSource } from './sources.ts';

/** The keys go through many files before one is looked at, ms. */
const SETTLE_MS = 120;

function Shown({
  source,
  path,
  entry,
  onClose,
}: {
  source: Source;
  path: string;
  entry: FileEntry;
  onClose: () => void;
}) {
  const read = useCallback<ReadPart>(
    async (offset, length, signal) => {
      // Going through the rows of a cluster that was lost must not sign in to it.
      if (!isReachable(source)) throw new AppError('connection-lost', 'The cluster is not connected.');
      return fileSource(source).readPart(path, offset, length, signal);
    },
    [source, path],
  );
  return (
    <FilePreview path={path} entry={entry} read={read} onClose={onClose} isFilling>
      <IconButton
        icon={IconPencil}
        label={`Edit ${displayName(entry.name)}`}
        size={26}
        onClick={() => editFile(source, path)}
      />
    </FilePreview>
  );
}

/** The file at the cursor of a pane, beside its list. */
export function PreviewPane({ id }: { id: PaneId }) {
  const pane = useFiles((state) => state.panes[id]);
  const [cursor] = useDebouncedValue(pane.cursor, SETTLE_MS);
  const entry = pane.listing.entries.find(({ name }) => name === cursor);
  const close = () => {
    showPreview(id, false);
    focusGrid(id);
  };
  if (!pane.source || entry?.kind !== 'file') {
    return (
      <section className={css.nothing} aria-label="Preview">
        <p>{entry?.kind === 'folder' ? 'A folder is chosen.' : 'Choose a file to see it here.'}</p>
      </section>
    );
  }
  const path = joinPath(pane.listing.path, entry.name);
  return (
    <Shown key={`${sourceKey(pane.source)} ${path}`} source={pane.source} path={path} entry={entry} onClose={close} />
  );
}
