import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { EditedFile, Storage } from '../../../electron/core/storage/types.ts';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';

let folder: string;
let data: string;
let storage: Storage;
let edits: EditedFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-edits-'));
  data = join(folder, 'data');
  storage = openStorage(data, systemClock);
  edits = [];
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const cluster = (id: string, name: string) => ({
  ...clusterInputSchema.parse({ name, host: 'login.example', user: 'ada' }),
  id,
  createdAt: 1,
  demo: false,
  site: null,
});
const names = () => storage.clusters().map(({ name }) => name);
const file = (name: string) => join(data, name);
const read = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));
const write = (name: string, value: unknown) => writeFileSync(file(name), JSON.stringify({ version: 1, data: value }));
const codes = () => storage.notices.all.map(({ code }) => code);

test('an entry written by hand appears, also where an editor replaces the file', async () => {
  storage.saveCluster(cluster('a', 'one'));
  storage.watchFiles((name) => edits.push(name));
  // The watcher tells when it is ready by the first edit that it sees.
  await expect
    .poll(
      () => {
        write('settings.json', { theme: 'dark', logLines: 100 + Math.floor(Math.random() * 900) });
        return storage.settings().theme;
      },
      { interval: 400, timeout: 10_000 },
    )
    .toBe('dark');
  const begun = performance.now();
  const edited = {
    version: 1,
    data: [...read('clusters.json').data, { name: 'by hand', host: 'h.example', user: 'ada' }],
  };
  writeFileSync(file('edited'), JSON.stringify(edited));
  renameSync(file('edited'), file('clusters.json'));
  await expect.poll(names, { interval: 20, timeout: 10_000 }).toEqual(['one', 'by hand']);
  console.log(`seen after ${Math.round(performance.now() - begun)} ms`);
  expect(edits).toContain('clusters');
  const id = storage.clusters()[1]?.id;

  // The app's own write keeps it, under the same id.
  storage.saveCluster(cluster('b', 'two'));
  expect(names()).toEqual(['one', 'by hand', 'two']);
  expect(read('clusters.json').data[1].id).toBe(id);
  expect(storage.notices.all).toEqual([]);
});

test('every write starts from what is in the file, whoever wrote it', () => {
  storage.saveCluster(cluster('a', 'one'));
  write('clusters.json', [...read('clusters.json').data, cluster('b', 'two')]);
  storage.saveCluster(cluster('c', 'three'));
  expect(names()).toEqual(['one', 'two', 'three']);
  write('clusters.json', read('clusters.json').data.slice(1));
  storage.removeCluster('c');
  expect(names()).toEqual(['two']);
  write('settings.json', { favourites: ['hello'] });
  storage.saveSettings({ theme: 'dark' });
  expect(storage.settings()).toMatchObject({ theme: 'dark', favourites: ['hello'] });
  expect(() => storage.saveCluster(cluster('d', 'two'))).toThrow(/named “two” already/);
});

test('a mistake in one entry is reported, keeps its last valid version, and is not overwritten', async () => {
  storage.saveCluster(cluster('a', 'one'));
  storage.saveCluster(cluster('b', 'two'));
  storage.watchFiles((name) => edits.push(name));
  const wrong = [cluster('a', 'first'), { ...cluster('b', 'two'), port: 'ssh' }, cluster('c', 'three')];
  await expect
    .poll(
      () => {
        write('clusters.json', wrong);
        return names();
      },
      { interval: 400, timeout: 10_000 },
    )
    .toEqual(['first', 'two', 'three']);
  expect(storage.notices.all).toMatchObject([
    { code: 'file-invalid', values: { file: file('clusters.json'), reason: expect.stringContaining('port') } },
  ]);
  const asEdited = readFileSync(file('clusters.json'), 'utf8');

  storage.saveCluster(cluster('d', 'four'));
  expect(names()).toEqual(['first', 'two', 'three', 'four']);
  const kept = readdirSync(data).find((name) => name.startsWith('clusters.json.unreadable-'));
  expect(readFileSync(file(kept ?? ''), 'utf8')).toBe(asEdited);
  await expect.poll(codes, { timeout: 10_000 }).toEqual(['file-kept']);
});

test('a file that is no JSON any more changes nothing until it is written again', () => {
  storage.saveSettings({ theme: 'dark', logLines: 700 });
  writeFileSync(file('settings.json'), '{ "version": 1, "data": { "theme": "li');
  storage.saveSettings({ singleKeys: false });
  expect(storage.settings()).toMatchObject({ theme: 'dark', logLines: 700, singleKeys: false });
  expect(codes()).toEqual(['file-kept']);
});

test('one wrong setting does not take the others with it', async () => {
  write('settings.json', { theme: 'purple', logLines: 700 });
  const next = openStorage(data, systemClock);
  expect(next.settings()).toMatchObject({ theme: 'system', logLines: 700 });
  expect(next.notices.all).toMatchObject([{ code: 'file-kept' }]);
  await next.close();
});
