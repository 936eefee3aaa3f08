import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { stroke } from '../../components/icons.tsx';
import { useNow } from '../../components/use-now.ts';
import { itemsToDraw } from '../../components/virtual-list.ts';
import { ui } from '../../ui-store.ts';
import { beginDrag } from './drag.ts';
import { openChosen } from './file-actions.ts';
import { FileRow } from './file-row.tsx';
import css from './files-grid.module.css';
import { changePane, type Pane, type PaneId, paneOf, useFiles } from './files-store.ts';
import { gridId, useGridKeys } from './grid-keys.ts';
import { type Column, columns, type Sort, sortBy } from './list-model.ts';
import { isSameSource, joinPath } from './places.ts';
import { goToRow, selectOne, toggleRow } from './selection-model.ts';

/** Heights of a row and of the head, px; the same as in files-grid.module.css. */
const ROW_HEIGHT = 30;
const HEAD_HEIGHT = 32;

const titles: Record<Column, string> = {
  name: 'Name',
  size: 'Size',
  modified: 'Changed',
  owner: 'Owner',
  mode: 'Mode',
};

function ColumnHead({ column, sort, onSort }: { column: Column; sort: Sort; onSort: (sort: Sort) => void }) {
  const isSorted = sort.column === column;
  const Arrow = sort.isDescending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={css[column]}
      aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" className={css.sort} tabIndex={-1} onClick={() => onSort(sortBy(sort, column))}>
        <span className="truncate">{titles[column]}</span>
        {isSorted && <Arrow size={12} stroke={stroke} aria-hidden />}
      </button>
    </th>
  );
}

/** Which rows are in the page: those in sight, and the current one, which is kept in sight. */
function useRows(box: React.RefObject<HTMLElement | null>, entries: readonly FileEntry[], current: number) {
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 16,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    rangeExtractor: useCallback((range: Range) => itemsToDraw(range, current, 0), [current]),
    useFlushSync: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only going to another row scrolls, not what the list becomes
  useEffect(() => {
    if (current >= 0) virtual.scrollToIndex(current, { align: 'auto' });
  }, [current]);
  return virtual;
}

/** What the mouse does with the rows of a pane. */
function useRowPresses(id: PaneId, entries: readonly FileEntry[]) {
  const onPress = useCallback(
    (index: number, event: MouseEvent<HTMLElement>) => {
      const name = entries[index]?.name;
      if (name === undefined || event.button > 2) return;
      const pane = paneOf(id);
      // A press on what is chosen may begin to drag it, or open the menu for all of it.
      const isKept = pane.selected.has(name) && !event.shiftKey && !event.ctrlKey && !event.metaKey;
      if (event.button === 2 || isKept) changePane(id, isKept ? { cursor: name } : selectOne(name));
      else if (event.shiftKey) changePane(id, goToRow(pane, entries, index, 'range'));
      else if (event.ctrlKey || event.metaKey) changePane(id, toggleRow(pane, name));
      else changePane(id, selectOne(name));
    },
    [id, entries],
  );
  const onOpen = useCallback(
    (index: number) => {
      const name = entries[index]?.name;
      if (name === undefined) return;
      changePane(id, selectOne(name));
      openChosen(id);
    },
    [id, entries],
  );
  return { onPress, onOpen };
}

function useCutNames(pane: Pane): ReadonlySet<string> | null {
  const clipboard = useFiles((state) => state.clipboard);
  if (!clipboard?.isCut || !pane.source || !isSameSource(clipboard.source, pane.source)) return null;
  return new Set(clipboard.paths);
}

/** Opens the menu of what is chosen: at the pointer, or below the current row where a key asks for it. */
function openMenu(id: PaneId, event: MouseEvent<HTMLElement>, current: number): void {
  event.preventDefault();
  const isPointer = event.button === 2;
  const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
  if (row === null && isPointer) changePane(id, { selected: new Set(), cursor: null, anchor: null });
  const { left, top } = event.currentTarget.getBoundingClientRect();
  const place = document.getElementById(`${gridId(id)}-${current}`)?.getBoundingClientRect();
  ui.openContextMenu({
    kind: 'file',
    id: String(id),
    x: isPointer ? event.clientX : left + 48,
    y: isPointer ? event.clientY : (place?.bottom ?? top + 64),
  });
}

/** The entry of the row that something on the page is in. */
function rowOf(target: EventTarget, entries: readonly FileEntry[]): FileEntry | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row === null ? undefined : entries[Number(row.dataset.index)];
}

interface Props {
  id: PaneId;
  pane: Pane;
  /** Those that are shown, in their order. */
  entries: readonly FileEntry[];
  label: string;
  /** Instead of rows. */
  children: ReactNode;
}

function GridHead({ id, sort }: { id: PaneId; sort: Sort }) {
  return (
    <thead className={css.head}>
      <tr aria-rowindex={1} className={css.row}>
        {columns.map((column) => (
          <ColumnHead key={column} column={column} sort={sort} onSort={(next) => changePane(id, { sort: next })} />
        ))}
      </tr>
    </thead>
  );
}

function NoRows({ children }: { children: ReactNode }) {
  return (
    <tbody className={css.noRows}>
      <tr>
        <td className={css.none} colSpan={columns.length}>
          {children}
        </td>
      </tr>
    </tbody>
  );
}

/** The entries of a folder as a grid. Only those in sight are in the page. */
export function FilesGrid({ id, pane, entries, label, children }: Props) {
  const box = useRef<HTMLTableElement>(null);
  const now = useNow(true, 60_000);
  const current = entries.findIndex(({ name }) => name === pane.cursor);
  const virtual = useRows(box, entries, current);
  const presses = useRowPresses(id, entries);
  const cut = useCutNames(pane);
  const pageSize = () => Math.max(1, Math.floor(((box.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
  const onKeyDown = useGridKeys(id, entries, pageSize);
  return (
    <table
      ref={box}
      id={gridId(id)}
      className={css.grid}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table whose rows are chosen
      role="grid"
      tabIndex={0}
      data-region-start
      aria-label={label}
      aria-busy={pane.listing.isLoading}
      aria-multiselectable
      aria-rowcount={entries.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={current >= 0 ? `${gridId(id)}-${current}` : undefined}
      onKeyDown={onKeyDown}
      onDragStart={(event) => beginDrag(id, rowOf(event.target, entries)?.name, event)}
      onContextMenu={(event) => openMenu(id, event, current)}
    >
      <GridHead id={id} sort={pane.sort} />
      {entries.length === 0 ? (
        <NoRows>{children}</NoRows>
      ) : (
        <tbody className={css.rows} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const entry = entries[index];
            return (
              entry && (
                <FileRow
                  key={entry.name}
                  id={`${gridId(id)}-${index}`}
                  entry={entry}
                  index={index}
                  top={start - HEAD_HEIGHT}
                  isSelected={pane.selected.has(entry.name)}
                  isCurrent={index === current}
                  isCut={cut?.has(joinPath(pane.listing.path, entry.name)) ?? false}
                  now={now}
                  {...presses}
                />
              )
            );
          })}
        </tbody>
      )}
    </table>
  );
}
