import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileLedger } from '../../../electron/core/transfers/file-ledger.ts';
import { Journal } from '../../../electron/core/transfers/journal.ts';
import type { PlannedItem } from '../../../electron/core/transfers/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-journal-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const item = (name: string, size = 1000): PlannedItem => ({
  kind: 'file',
  name,
  source: `/from/${name}`,
  target: `/to/${name}`,
  size,
  modified: 1,
  mode: 0o644,
  link: null,
  existing: { kind: 'file', leadsTo: 'file', size: 1, modified: 1 },
});

const journal = () => new Journal(join(folder, 'id'));
const create = (items: PlannedItem[]) => FileLedger.create(journal(), { items, failures: [] }, null);
const stateOf = (ledger: FileLedger) => ({
  files: ledger.files,
  bytes: ledger.bytes,
  failures: ledger.failures,
  each: Array.from({ length: ledger.size }, (_, index) => [
    ledger.item(index),
    ledger.isOpen(index),
    ledger.choice(index),
    ledger.part(index),
  ]),
  begun: ledger.begun(),
});

test('is written anew when most of it is of no more use, and says the same then', async () => {
  const ledger = await create(
    ['done', 'left', 'failed', 'renamed', 'changed', 'asked', 'large'].map((name) => item(name)),
  );
  ledger.settle(0, 'done');
  ledger.settle(1, 'skipped');
  ledger.fail(2, new AppError('not-permitted', 'No.'));
  ledger.rename(3, '/to/renamed (2)');
  ledger.refresh(4, { size: 3000, modified: 2 });
  ledger.choose(5, 'newer');
  // A file that begins anew each time, as over a line that breaks.
  for (let at = 0; at < 25_000; at += 1) ledger.begin(6, at % 900);
  const lines = readFileSync(join(folder, 'id/journal'), 'utf8').split('\n').length;
  expect(lines).toBeLessThan(11_000);
  const again = await FileLedger.open(journal());
  expect(again && stateOf(again)).toEqual(stateOf(ledger));
});

test('has what was there where the process was killed while it was written anew', async () => {
  const ledger = await create([item('a'), item('b')]);
  ledger.settle(0, 'done');
  writeFileSync(join(folder, 'id/journal.new'), '\n["done",0]\n["do');
  writeFileSync(join(folder, 'id/plan.new'), '["item",{"ki');
  expect((await FileLedger.open(journal()))?.open()).toEqual([1]);
});

test('holds names with any end of line, and cut entries are left out', async () => {
  const names = ['a\nb', 'a\rb', 'a\u2028b', 'a\u0085b', '"\\'];
  await create(names.map((name) => item(name)));
  journal().add(['done', 1]);
  writeFileSync(join(folder, 'id/journal'), '\n["skipped",0', { flag: 'a' });
  const ledger = await FileLedger.open(journal());
  expect(names.map((_name, index) => ledger?.item(index).name)).toEqual(names);
  expect(ledger?.open()).toEqual([0, 2, 3, 4]);
});

test('is on the disk: the list of files, and what became of them where that is asked for', async () => {
  const file = await open(join(folder, 'any'), 'w');
  const prototype: { datasync(): Promise<void> } = Object.getPrototypeOf(file);
  await file.close();
  const datasync = vi.spyOn(prototype, 'datasync');
  const ledger = await create([item('a')]);
  expect(datasync).toHaveBeenCalledTimes(1);
  ledger.choose(0, 'replace');
  await ledger.sync();
  expect(datasync).toHaveBeenCalledTimes(2);
  journal().remove();
  await ledger.sync();
  expect(readdirSync(folder)).toEqual(['any']);
});

test('more files than one string holds are written and read a part at a time', async () => {
  const items = Array.from({ length: 20_000 }, (_, at) => item(`${'long'.repeat(20)}/${at}`));
  const stringify = vi.spyOn(JSON, 'stringify');
  await create(items);
  expect(Math.max(...stringify.mock.results.map(({ value }) => String(value).length))).toBeLessThan(2000);
  stringify.mockRestore();
  const parse = vi.spyOn(JSON, 'parse');
  expect((await FileLedger.open(journal()))?.files.total).toBe(20_000);
  expect(Math.max(...parse.mock.calls.map(([text]) => text.length))).toBeLessThan(2000);
});
