import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { FileEntry, FileSpace } from '../../../electron/shared/files.ts';
import { stroke } from '../../components/icons.tsx';
import { formatFileSize } from '../../text/size.ts';
import type { Pane } from './files-store.ts';
import { totalSize } from './list-model.ts';
import css from './pane.module.css';
import { fileSource } from './sources.ts';
import { describeSpace } from './space-model.ts';

/** How full the disk of the folder is; null: it is not known, or is being asked for. */
function useSpace({ source, listing: { path } }: Pane, isUp: boolean): FileSpace | null {
  const [space, setSpace] = useState<FileSpace | null>(null);
  useEffect(() => {
    setSpace(null);
    if (!source || path === '' || !isUp) return;
    const asked = new AbortController();
    fileSource(source)
      .space(path, asked.signal)
      .then((found) => !asked.signal.aborted && setSpace(found))
      // It is a fact beside the list, which says itself what is wrong.
      .catch(() => undefined);
    return () => asked.abort();
  }, [source, path, isUp]);
  return space;
}

const number = (value: number): string => value.toLocaleString('en-GB');
const countItems = (value: number): string => `${number(value)} ${value === 1 ? 'item' : 'items'}`;

function describeCount(pane: Pane, entries: readonly FileEntry[]): string {
  const { listing, find } = pane;
  if (listing.path === '' || listing.error) return '';
  const items =
    find === '' ? countItems(entries.length) : `${number(entries.length)} of ${countItems(listing.entries.length)}`;
  return listing.isLoading && !listing.isComplete ? `${items} so far` : items;
}

export function PaneFoot({ pane, entries, isUp }: { pane: Pane; entries: readonly FileEntry[]; isUp: boolean }) {
  const space = useSpace(pane, isUp);
  const selected = pane.selected.size > 0 ? entries.filter(({ name }) => pane.selected.has(name)) : [];
  const size = totalSize(selected);
  const fact = space && describeSpace(space);
  return (
    <footer className={css.foot}>
      <span className="truncate" role="status">
        {describeCount(pane, entries)}
        {selected.length > 0 && (
          <>
            {', '}
            <strong className="medium">
              {number(selected.length)} selected{size > 0 && `, ${formatFileSize(size)}`}
            </strong>
          </>
        )}
      </span>
      <span className="grow" />
      {fact && (
        <span className={fact.isLow ? `${css.fact} tone-wait` : css.fact} title={fact.detail}>
          {fact.isLow && <IconAlertTriangle size={14} stroke={stroke} aria-hidden />}
          {fact.text}
        </span>
      )}
    </footer>
  );
}
