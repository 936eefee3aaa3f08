import type { AuditEntry } from '../shared/audit.ts';

export type AuditFormat = 'csv' | 'json';

const columns = [
  'time',
  'client',
  'token',
  'token_id',
  'call',
  'detail',
  'cluster',
  'cluster_id',
  'result',
  'duration_ms',
] as const;

/** One call as an object of the file, its time as ISO 8601. */
function recordOf(entry: AuditEntry): Record<(typeof columns)[number], string | number | null> {
  return {
    time: new Date(entry.at).toISOString(),
    client: entry.client,
    token: entry.tokenName,
    token_id: entry.tokenId,
    call: entry.call,
    detail: entry.detail,
    cluster: entry.clusterName,
    cluster_id: entry.clusterId,
    result: entry.result,
    duration_ms: entry.duration,
  };
}

/** A cell of RFC 4180. A spreadsheet must not take what a program wrote for a formula. */
function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a file of a format begins with, each of its calls, and what it ends with. */
export const auditFormats: Readonly<
  Record<AuditFormat, { head: string; tail: string; call(entry: AuditEntry, index: number): string }>
> = {
  csv: {
    head: `${columns.join(',')}\r\n`,
    tail: '',
    call(entry) {
      const record = recordOf(entry);
      return `${columns.map((column) => cellOf(record[column])).join(',')}\r\n`;
    },
  },
  json: {
    head: '[\n',
    tail: '\n]\n',
    call: (entry, index) => `${index === 0 ? '' : ',\n'}  ${JSON.stringify(recordOf(entry))}`,
  },
};

/** `tunel-audit-2026-11-30.csv`. */
export const auditFileName = (format: AuditFormat, now: Date): string =>
  `tunel-audit-${now.toISOString().slice(0, 10)}.${format}`;
