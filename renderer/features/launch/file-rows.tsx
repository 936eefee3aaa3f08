import { IconFile, IconFileSymlink, IconFileUnknown, IconFolder, IconFolderSymlink } from '@tabler/icons-react';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useEffect, useId, useRef } from 'react';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { stroke } from '../../components/icons.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatFileSize } from '../../text/size.ts';
import { formatWhen } from '../../text/time.ts';
import css from './file-rows.module.css';
import { canUse, type Pick, step, typeAhead } from './picker-model.ts';

const rowHeight = 32;
/** Letters typed within this time are one word, ms. */
const wordTime = 900;

function icon({ kind, link }: FileEntry) {
  if (kind === 'folder') return link ? IconFolderSymlink : IconFolder;
  if (kind === 'file') return link ? IconFileSymlink : IconFile;
  return IconFileUnknown;
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
  const typed = useRef({ text: '', at: 0 });
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => ref.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    rangeExtractor: useCallback(
      (range: Range) => {
        const rows = defaultRangeExtractor(range);
        return at >= range.count || rows.includes(at) ? rows : [...rows, at].sort((a, b) => a - b);
      },
      [at],
    ),
    useFlushSync: false,
  });
  const height = virtual.scrollRect?.height;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a lower window must not hide the marked entry
  useEffect(() => {
    if (at < entries.length) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, entries, virtual, height]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      props.onTake();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((ref.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next = step(event.key, at, entries.length, page);
    if (next !== null) onMark(next);
    else if (event.key === 'Enter') onOpen(at);
    else if (event.key === 'Backspace') props.onUp();
    else if (event.key.length === 1 && (event.key !== ' ' || typed.current.text !== '')) {
      const text = event.timeStamp - typed.current.at < wordTime ? typed.current.text + event.key : event.key;
      typed.current = { text, at: event.timeStamp };
      if (entries.length > 0) onMark(typeAhead(entries, at, text));
    } else return;
    // Nothing of it is for the page behind, which takes `/` for its search.
    event.preventDefault();
  };

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
            const Shown = icon(entry);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list box has the keys
              // biome-ignore lint/a11y/useFocusableInteractive: the list box has the focus and names the marked one
              <div
                key={entry.name}
                id={`${id}-${index}`}
                role="option"
                className={canUse(entry, pick) ? css.file : `${css.file} ${css.unusable}`}
                aria-selected={index === at}
                aria-disabled={!canUse(entry, pick)}
                aria-setsize={entries.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => onMark(index)}
                onDoubleClick={() => onOpen(index)}
              >
                <Shown size={16} stroke={stroke} aria-hidden className="no-shrink" />
                <span className="truncate grow" title={entry.name}>
                  {entry.name}
                </span>
                {entry.link && (
                  <span className="text-xs text-tertiary no-shrink">
                    {entry.kind === 'other' ? 'broken link' : 'link'}
                  </span>
                )}
                {entry.size !== null && (
                  <span className="text-sm text-tertiary tabular no-shrink">{formatFileSize(entry.size)}</span>
                )}
                {entry.modified !== null && (
                  <span className={`${css.date} text-sm text-tertiary tabular no-shrink`}>
                    {formatWhen(entry.modified, now)}
                  </span>
                )}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}
