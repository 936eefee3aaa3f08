import { useMediaQuery } from '@mantine/hooks';
import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  Fragment,
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { AuditEntry } from '../../../../electron/shared/audit.ts';
import { itemsToDraw, useListScroller } from '../../../components/virtual-list.ts';
import css from './audit.module.css';
import { CallCells, CallDetails } from './audit-row.tsx';
import { type AuditRow, buildRows, rowForKey, rowHeights } from './audit-rows.ts';

/** Between two calls there may be the details of the first and a day. */
const KEY_REACH = 3;
/** Rows kept beyond the window, so that a quick scroll finds them drawn. */
const OVERSCAN = 12;

const indexOf = (element: Element): number => Number(element.closest<HTMLElement>('[data-index]')?.dataset.index);

/** Height of rows that are not drawn. */
function Space({ height, span }: { height: number; span: number }) {
  return height > 0 ? (
    <tr aria-hidden>
      <td colSpan={span} className={css.space} style={{ blockSize: height }} />
    </tr>
  ) : null;
}

function TableHead({ hasCluster }: { hasCluster: boolean }) {
  return (
    <>
      <colgroup>
        <col className={css.colTime} />
        <col className={css.colClient} />
        <col />
        {hasCluster && <col className={css.colCluster} />}
        <col className={css.colResult} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" aria-sort="descending">
            Time
          </th>
          <th scope="col">Client</th>
          <th scope="col">Call</th>
          {hasCluster && <th scope="col">Cluster</th>}
          <th scope="col">Result</th>
        </tr>
      </thead>
    </>
  );
}

function RowCells(props: { row: AuditRow; isActive: boolean; span: number; onToggle: (entry: AuditEntry) => void }) {
  const { span } = props;
  const { row } = props;
  if (row.kind === 'day') {
    return (
      <th colSpan={span} scope="rowgroup" className={css.day}>
        {row.text}
      </th>
    );
  }
  if (row.kind === 'details') return <CallDetails entry={row.entry} span={span} />;
  const { entry, isOpen } = row;
  return (
    <CallCells
      entry={entry}
      isOpen={isOpen}
      hasCluster={span === 5}
      tabIndex={props.isActive ? 0 : -1}
      onToggle={() => props.onToggle(entry)}
    />
  );
}

/** Which rows are in the page, and which of them the keys are at. */
function useDrawnRows(table: RefObject<HTMLTableElement | null>, rows: readonly AuditRow[]) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  /** The row that a key leads to, until it has the focus. */
  const wanted = useRef<number | null>(null);
  const focused = rows.findIndex((row) => row.key === activeKey);
  const { scroller, margin } = useListScroller(table);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: scroller,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => rowHeights[rows[index]?.kind ?? 'call'],
    rangeExtractor: useCallback((range: Range) => itemsToDraw(range, focused, KEY_REACH), [focused]),
    overscan: OVERSCAN,
    scrollMargin: margin,
    useFlushSync: false,
  });
  // A row far away has to be drawn before it can take the focus.
  useLayoutEffect(() => {
    const button = table.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] button`);
    if (!button) return;
    wanted.current = null;
    button.focus({ preventScroll: true });
  });
  const activate = (index: number) => setActiveKey(rows[index]?.key ?? null);
  return {
    virtual,
    margin,
    active: focused < 0 ? rows.findIndex((row) => row.kind === 'call') : focused,
    activate,
    moveFocus(event: KeyboardEvent<HTMLElement>) {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
      const next = rowForKey(event.key, indexOf(event.target), rows);
      if (next === null) return;
      event.preventDefault();
      virtual.scrollToIndex(next, { align: 'auto' });
      wanted.current = next;
      activate(next);
    },
  };
}

/** Calls, newest first. Only the rows in sight are in the page; the arrow keys go from call to call. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const table = useRef<HTMLTableElement>(null);
  // Where room is short, the cluster is in the details only.
  const span = useMediaQuery('(max-width: 1023px)') ? 4 : 5;
  const [open, setOpen] = useState<number | null>(null);
  const rows = useMemo(() => buildRows(entries, open, Date.now()), [entries, open]);
  const { virtual, margin, active, activate, moveFocus } = useDrawnRows(table, rows);
  const drawn = virtual.getVirtualItems();
  return (
    <table ref={table} className={css.table} aria-label="Audit log" aria-rowcount={rows.length + 1}>
      <TableHead hasCluster={span === 5} />
      <tbody onKeyDown={moveFocus} onFocus={({ target }) => activate(indexOf(target))}>
        {drawn.map(({ index, key, start }, at) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <Fragment key={key}>
              <Space height={start - (drawn[at - 1]?.end ?? margin)} span={span} />
              <tr ref={virtual.measureElement} data-index={index} aria-rowindex={index + 2}>
                <RowCells
                  row={row}
                  isActive={index === active}
                  span={span}
                  onToggle={({ id }) => setOpen(id === open ? null : id)}
                />
              </tr>
            </Fragment>
          );
        })}
        <Space height={virtual.getTotalSize() - ((drawn.at(-1)?.end ?? margin) - margin)} span={span} />
      </tbody>
    </table>
  );
}
