import type { AuditEntry } from '../../../../electron/shared/audit.ts';
import { dayOf, formatLogDay } from './audit-text.ts';

/** A row of the table: the day above its calls, a call, or the details below one. */
export type AuditRow =
  | { kind: 'day'; key: string; text: string }
  | { kind: 'call'; key: string; entry: AuditEntry; isOpen: boolean }
  | { kind: 'details'; key: string; entry: AuditEntry };

/** About how high a row is, px, until it has been measured. */
export const rowHeights: Readonly<Record<AuditRow['kind'], number>> = { day: 32, call: 36, details: 148 };

/** Entries, newest first, under their days. */
export function buildRows(entries: readonly AuditEntry[], open: number | null, now: number): AuditRow[] {
  const rows: AuditRow[] = [];
  let day: number | null = null;
  for (const entry of entries) {
    const itsDay = dayOf(entry.at);
    if (itsDay !== day) rows.push({ kind: 'day', key: `day ${itsDay}`, text: formatLogDay(entry.at, now) });
    day = itsDay;
    const isOpen = entry.id === open;
    rows.push({ kind: 'call', key: `call ${entry.id}`, entry, isOpen });
    if (isOpen) rows.push({ kind: 'details', key: `details ${entry.id}`, entry });
  }
  return rows;
}

/** Where a key leads from a row: the index of another call, or null where the key is not for the table. */
export function rowForKey(key: string, at: number, rows: readonly AuditRow[]): number | null {
  const isCall = (index: number) => rows[index]?.kind === 'call';
  const step = (by: 1 | -1, from: number) => {
    let next = from;
    while (next >= 0 && next < rows.length && !isCall(next)) next += by;
    return isCall(next) ? next : null;
  };
  switch (key) {
    case 'ArrowDown':
      return step(1, at + 1);
    case 'ArrowUp':
      return step(-1, at - 1);
    case 'Home':
      return step(1, 0);
    case 'End':
      return step(-1, rows.length - 1);
    default:
      return null;
  }
}
