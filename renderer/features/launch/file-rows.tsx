import { IconFile, IconFileSymlink, IconFileUnknown, IconFolder, IconFolderSymlink } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useId } from 'react';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { stroke } from '../../components/icons.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatFileSize } from '../../text/size.ts';
import { formatWhen } from '../../text/time.ts';
import css from './file-rows.module.css';
import { canUse, type Pick } from './picker-model.ts';
import { useFileKeys } from './use-file-keys.ts';
import { useFileRows } from './use-file-rows.ts';

function icon({ kind, link }: FileEntry) {
  if (kind === 'folder') return link ? IconFolderSymlink : IconFolder;
  if (kind === 'file') return link ? IconFileSymlink : IconFile;
  return IconFileUnknown;
}

function FileRow(props: {
  id: string;
  entry: FileEntry;
  isUsable: boolean;
  isMarked: boolean;
  /** Its place in the list, from 1. */
  position: number;
  total: number;
  /** Where it is drawn, px. */
  top: number;
  now: number;
  onMark: () => void;
  onOpen: () => void;
}) {
  const { entry, isUsable } = props;
  const Shown = icon(entry);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list box has the focus and names the marked one
    <div
      id={props.id}
      role="option"
      className={isUsable ? css.file : `${css.file} ${css.unusable}`}
      aria-selected={props.isMarked}
      aria-disabled={!isUsable}
      aria-setsize={props.total}
      aria-posinset={props.position}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={props.onMark}
      onDoubleClick={props.onOpen}
    >
      <Shown size={16} stroke={stroke} aria-hidden className="no-shrink" />
      <span className="truncate grow" title={entry.name}>
        {entry.name}
      </span>
      {entry.link && (
        <span className="text-xs text-tertiary no-shrink">{entry.kind === 'other' ? 'broken link' : 'link'}</span>
      )}
      {entry.size !== null && (
        <span className="text-sm text-tertiary tabular no-shrink">{formatFileSize(entry.size)}</span>
      )}
      {entry.modified !== null && (
        <span className={`${css.date} text-sm text-tertiary tabular no-shrink`}>
          {formatWhen(entry.modified, props.now)}
        </span>
      )}
    </div>
  );
}

/** The entries of a folder as a list box. Only those in sight are in the page, and the marked one. */
export function FileRows(props: {
  ref: RefObject<HTMLDivElement | null>;
  entries: FileEntry[];
  at: number;
  pick: Pick;
  busy: boolean;
  label: string;
  onMark: (index: number) => void;
  onOpen: (index: number) => void;
  onUp: () => void;
  onTake: () => void;
  /** Instead of rows. */
  children: ReactNode;
}) {
  const { ref, entries, at, pick, onMark, onOpen } = props;
  const id = useId();
  const now = useNow(true, 60_000);
  const virtual = useFileRows(ref, entries, at);
  const onKeyDown = useFileKeys(props);
  return (
    <div
      ref={ref}
      className={css.files}
      role="listbox"
      // The dialog begins here: arrows and letters work at once.
      data-autofocus
      tabIndex={0}
      aria-label={props.label}
      aria-busy={props.busy}
      aria-activedescendant={entries.length > 0 ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      {entries.length === 0 ? (
        <div className={css.none}>{props.children}</div>
      ) : (
        <div role="presentation" style={{ blockSize: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const entry = entries[index];
            if (!entry) return null;
            return (
              <FileRow
                key={entry.name}
                id={`${id}-${index}`}
                entry={entry}
                isUsable={canUse(entry, pick)}
                isMarked={index === at}
                position={index + 1}
                total={entries.length}
                top={start}
                now={now}
                onMark={() => onMark(index)}
                onOpen={() => onOpen(index)}
              />
            );
          })}
        </div>
      )}
    </div>
  );
}
