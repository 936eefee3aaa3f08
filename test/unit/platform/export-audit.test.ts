import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { auditFileName } from '../../../electron/platform/audit-file-policy.ts';
import { type AuditQuery, exportAudit } from '../../../electron/platform/export-audit.ts';
import type { AuditEntry } from '../../../electron/shared/audit.ts';
import { AppError } from '../../../electron/shared/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunel-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entry = (id: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  at: Date.UTC(2026, 10, 30, 4, 0, id),
  client: 'token',
  tokenName: 'sync',
  tokenId: 'a1',
  call: 'files.list',
  detail: '/data',
  clusterId: 'c1',
  clusterName: 'hpc',
  result: 'ok',
  duration: 18,
  ...changes,
});

/** Two pages. */
const query: AuditQuery = ({ cursor }) =>
  Promise.resolve(
    cursor === undefined
      ? { entries: [entry(3), entry(2, { detail: 'a "b", c' })], next: 2, total: 3 }
      : { entries: [entry(1, { tokenName: '=1+1', clusterId: null })], next: null, total: 3 },
  );

const signal = new AbortController().signal;
const filter = { failed: false };

test('CSV: every page, quoted, and no text that a spreadsheet takes for a formula', async () => {
  const path = join(folder, 'calls.csv');
  expect(await exportAudit({ path, format: 'csv', filter, query, signal })).toBe(3);
  expect((await readFile(path, 'utf8')).split('\r\n')).toEqual([
    'time,client,token,token_id,call,detail,cluster,cluster_id,result,duration_ms',
    '2026-11-30T04:00:03.000Z,token,sync,a1,files.list,/data,hpc,c1,ok,18',
    '2026-11-30T04:00:02.000Z,token,sync,a1,files.list,"a ""b"", c",hpc,c1,ok,18',
    "2026-11-30T04:00:01.000Z,token,'=1+1,a1,files.list,/data,hpc,,ok,18",
    '',
  ]);
});

test('JSON: an array, also of nothing', async () => {
  const path = join(folder, 'calls.json');
  await exportAudit({ path, format: 'json', filter, query, signal });
  const calls = JSON.parse(await readFile(path, 'utf8')) as object[];
  expect(calls).toHaveLength(3);
  expect(calls[2]).toMatchObject({ time: '2026-11-30T04:00:01.000Z', token: '=1+1', cluster_id: null });
  const none: AuditQuery = () => Promise.resolve({ entries: [], next: null, total: 0 });
  expect(await exportAudit({ path, format: 'json', filter, query: none, signal })).toBe(0);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual([]);
});

test('a failure or a cancelled export leaves no file, and no part of one', async () => {
  const path = join(folder, 'calls.csv');
  const failing: AuditQuery = ({ cursor }, given) =>
    cursor === undefined ? query({}, given) : Promise.reject(new AppError('storage', 'The history is locked.'));
  await expect(exportAudit({ path, format: 'csv', filter, query: failing, signal })).rejects.toMatchObject({
    code: 'storage',
  });
  const leaving = new AbortController();
  const cancelled: AuditQuery = (asked, given) => {
    leaving.abort(new AppError('cancelled', 'The window is closed.'));
    return query(asked, given);
  };
  await expect(
    exportAudit({ path, format: 'csv', filter, query: cancelled, signal: leaving.signal }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  await expect(
    exportAudit({ path: join(folder, 'nowhere/calls.csv'), format: 'csv', filter, query, signal }),
  ).rejects.toMatchObject({ code: 'internal', values: { path: join(folder, 'nowhere/calls.csv') } });
  expect(await readdir(folder)).toEqual([]);
});

test('the offered name has the day', () => {
  expect(auditFileName('csv', new Date(Date.UTC(2026, 10, 30)))).toBe('tunel-audit-2026-11-30.csv');
});
