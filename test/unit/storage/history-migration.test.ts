import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';

/** Written by the code of version 1 of the schema; two of its rows cannot be read. */
const version1 = join(import.meta.dirname, '../../fixtures/history/version-1.db');
/** Written by the code of version 2: a live app with a route and an exposure, a job with a progress, an ended app. */
const version2 = join(import.meta.dirname, '../../fixtures/history/version-2.db');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a history of version 1 keeps all that it says', async () => {
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  copyFileSync(version1, join(data, 'history.db'));
  const storage = openStorage(data, systemClock);

  expect(
    storage
      .liveInstances()
      .map(({ id, logTail }) => [id, logTail])
      .sort(),
  ).toEqual([
    ['batchjob01', 'epoch 1\n'],
    ['liveapp001', 'Jupyter is running\n'],
    ['waiting001', ''],
  ]);
  expect(storage.findInstance('batchjob01')?.instance).toMatchObject({ kind: 'job', state: 'running', readyAt: null });
  expect(storage.findInstance('liveapp001')?.instance).toMatchObject({ kind: 'app', state: 'ready' });
  expect(storage.findInstance('liveapp001')?.instance.readyAt).toBe(1_771_000_000_000 + 10 * 3_600_000 + 60_000);
  const recent = storage.recentEnded(50);
  expect(recent.map(({ id }) => id)).toEqual(
    Array.from({ length: 50 }, (_, index) => `ended${String(58 - index).padStart(5, '0')}`),
  );
  expect(recent.every(({ logTail }) => logTail === '')).toBe(true);
  expect(storage.findInstance('ended00003')).toMatchObject({
    removed: false,
    instance: { title: 'Größe 3', recipe: 'jupyter', state: 'ended', logTail: 'log of ended00003\nlast line 3\n' },
  });
  expect(storage.findInstance('ended00059')?.removed).toBe(true);
  expect(storage.findInstance('ended00005')?.instance.error).toEqual({
    code: 'job-failed',
    message: 'It ended with code 1.',
  });
  expect(storage.pageOfInstances({ where: [], parameters: [] }, 100)).toHaveLength(62);

  expect(storage.facts('c1')?.modules).toEqual(['gcc']);
  expect(storage.rememberedRoute('c1', 'slurm/socket')).toMatchObject({ kind: 'node' });
  expect(Object.keys(storage.lastValues())).toEqual(['jupyter@c1']);
  expect(storage.connectionEvents(10).map(({ text }) => text)).toEqual(['Facts.', 'Signed in.']);
  expect(storage.notices.all).toMatchObject([{ code: 'rows-kept', values: { count: 2 } }]);
  await storage.close();

  const again = openStorage(data, systemClock);
  expect(again.notices.all).toEqual([]);
  expect(again.pageOfInstances({ where: [], parameters: [] }, 100)).toHaveLength(62);
  await again.close();
  const database = new Libsql(join(data, 'history.db'));
  expect(database.prepare('select id from unreadable_rows order by id').all()).toEqual([
    { id: 'oldshape01' },
    { id: 'truncated1' },
  ]);
  database.close();
});

test('a history of version 2 keeps the sentences of routes, exposures and progress', async () => {
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  copyFileSync(version2, join(data, 'history.db'));
  const storage = openStorage(data, systemClock);
  expect(storage.findInstance('liveapp001')?.instance).toMatchObject({
    route: {
      kind: 'node',
      text: 'socket through the node',
      refused: [{ kind: 'socket', reason: 'it is on another node' }],
      warning: null,
    },
    exposure: { level: 'only-you', text: 'Only you: the folder of its socket is closed to others.' },
  });
  expect(storage.findInstance('batchjob01')?.instance.progress).toEqual({ fraction: 0.5, text: 'Sent 5 of 10 bytes' });
  expect(storage.findInstance('ended00003')?.instance).toMatchObject({
    route: { text: 'socket on the login node' },
    exposure: null,
    logTail: 'log of ended00003\nlast line 3\n',
  });
  expect(storage.notices.all).toEqual([]);
  await storage.close();
});

test('a row that this version cannot read is kept apart and reported, and the others are there', async () => {
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  copyFileSync(version1, join(data, 'history.db'));
  await openStorage(data, systemClock).close();
  const database = new Libsql(join(data, 'history.db'));
  database.exec("update instances set value = '{}' where id = 'liveapp001'");
  database.close();
  const storage = openStorage(data, systemClock);
  expect(
    storage
      .liveInstances()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['batchjob01', 'waiting001']);
  expect(storage.notices.all).toMatchObject([{ code: 'rows-kept', values: { count: 1 } }]);
  await storage.close();
});
