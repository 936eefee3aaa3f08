import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import { Transfers } from '../../../electron/core/transfers/transfers.ts';
import { requests } from '../../../electron/shared/contract/transfers.ts';
import { isTransferOver, type Transfer } from '../../../electron/shared/transfers.ts';
import { FileClusters } from '../../helpers/file-cluster.ts';
import { quietLogger } from '../../helpers/quiet-logger.ts';

const LARGE = 12_000_000;
const LOSSES = 3;

let folder = '';
let storage: Storage;
let clusters: FileClusters;
let transfers: Transfers;
const here = (name = '') => join(folder, 'here', name);
const home = (name = '') => join(folder, 'home', name);

function openTransfers(): Transfers {
  return new Transfers({
    data: join(folder, 'data'),
    connections: clusters.connections,
    storage,
    checkCluster: () => undefined,
    clock: systemClock,
    logger: quietLogger,
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-transfers-'));
  for (const name of ['here', 'home', 'other']) mkdirSync(join(folder, name));
  storage = openStorage(join(folder, 'data'), systemClock);
  clusters = new FileClusters({ hpc: join(folder, 'home'), other: join(folder, 'other') });
  transfers = openTransfers();
});
afterEach(async () => {
  await transfers.dispose();
  clusters.disconnect();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: string | Uint8Array = path): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

type Start = Partial<Parameters<(typeof requests)['transfers.start']['input']['parse']>[0] & object>;
const start = (input: Start & { direction?: string; sources?: string[]; [name: string]: unknown }): Transfer =>
  transfers.start(
    requests['transfers.start'].input.parse({ direction: 'upload', clusterId: 'hpc', destination: '~', ...input }),
  );

const over = (id: string): Promise<Transfer> =>
  vi.waitFor(
    () => {
      const transfer = transfers.get(id);
      if (!isTransferOver(transfer)) throw new Error(JSON.stringify(transfer));
      return transfer;
    },
    { timeout: 30_000, interval: 20 },
  );

const copied = async (input: Parameters<typeof start>[0]): Promise<Transfer> => over(start(input).id);

/** Short text as it is; comparing long ones takes long. */
function shown(path: string): string {
  const content = readFileSync(path);
  return content.length < 100 ? content.toString() : createHash('sha256').update(content).digest('hex');
}

/** Every file and link below a folder with its content. */
function contentOf(root: string, name = ''): Record<string, string> {
  return Object.fromEntries(
    readdirSync(join(root, name), { withFileTypes: true }).flatMap((entry): [string, string][] => {
      const path = join(name, entry.name);
      if (entry.isDirectory()) return [[`${path}/`, ''], ...Object.entries(contentOf(root, path))];
      if (entry.isSymbolicLink()) return [[path, `-> ${readlinkSync(join(root, path))}`]];
      return [[path, shown(join(root, path))]];
    }),
  );
}

function writeProject(root: string): void {
  write(join(root, 'data/run 1.h5'), randomBytes(300_000));
  write(join(root, 'data/it\'s "one" $(id)'), 'quoted');
  write(join(root, 'data/-n/empty'), '');
  write(join(root, 'data/größe/ü.txt'), 'ü');
  mkdirSync(join(root, 'data/nothing'));
  symlinkSync('run 1.h5', join(root, 'data/last'));
  symlinkSync('/nowhere', join(root, 'data/broken'));
  chmodSync(write(join(root, 'data/run.sh'), '#!/bin/sh\n'), 0o750);
  utimesSync(join(root, 'data/run.sh'), new Date(1_700_000_000_000), new Date(1_700_000_000_000));
}

describe.each([
  ['upload', { direction: 'upload', destination: 'in/new' }, () => here(), () => home('in/new')],
  ['download', { direction: 'download' }, () => home(), () => here('in/new')],
  [
    'copy',
    { direction: 'copy', toClusterId: 'other', destination: '~/in/new' },
    () => home(),
    () => join(folder, 'other/in/new'),
  ],
] as const)('%s', (direction, input, from, to) => {
  const sources = () => (direction === 'upload' ? [here('data')] : ['data']);
  const all = () => ({ ...input, sources: sources(), ...(direction === 'download' && { destination: to() }) });

  test('copies a folder with links, modes and times', async () => {
    writeProject(from());
    const transfer = await copied(all());
    expect(transfer).toMatchObject({
      state: 'completed',
      error: null,
      failures: [],
      files: { total: 7, done: 7, failed: 0, skipped: 0 },
    });
    expect(transfer.bytes).toEqual({ total: transfer.bytes.total, done: transfer.bytes.total });
    expect(contentOf(to())).toEqual(contentOf(from()));
    const script = lstatSync(join(to(), 'data/run.sh'));
    expect([script.mode & 0o777, script.mtimeMs]).toEqual([0o750, 1_700_000_000_000]);
  });

  test('copies many small files, also with long names, and names what is in the way of one', async () => {
    for (let file = 0; file < 300; file += 1) {
      const name = `data/folder ${file % 7}/${'deep/'.repeat(file % 4)}${'ü'.repeat(file % 90)}-${file}`;
      write(join(from(), name), randomBytes(file * 40));
    }
    chmodSync(join(from(), 'data/folder 0/-0'), 0o750);
    utimesSync(join(from(), 'data/folder 0/-0'), new Date(1_600_000_000_000), new Date(1_600_000_000_000));
    write(join(from(), 'data/taken'), 'x');
    mkdirSync(join(to(), 'data/taken'), { recursive: true });
    const before = clusters.commands;
    const transfer = await copied({ ...all(), conflicts: 'replace' });
    expect(transfer).toMatchObject({ state: 'completed', files: { total: 301, done: 300, failed: 1 } });
    expect(transfer.failures.map(({ error }) => error.code)).toEqual(['conflict']);
    const { 'data/taken': _taken, ...wanted } = contentOf(from());
    const { 'data/taken/': _folder, ...got } = contentOf(to());
    expect(got).toEqual(wanted);
    const { mode, mtimeMs } = lstatSync(join(to(), 'data/folder 0/-0'));
    expect([mode & 0o777, mtimeMs]).toEqual([0o750, 1_600_000_000_000]);
    // Not one for each file.
    expect(clusters.commands - before).toBeLessThan(20);
  });

  test('goes on where it was after the connection was lost', async () => {
    for (let file = 0; file < 12; file += 1) write(join(from(), `data/${file}`), randomBytes(200_000));
    write(join(from(), 'data/large'), randomBytes(LARGE));
    const { id } = start(all());
    for (let loss = 0; loss < LOSSES; loss += 1) {
      const begin = (loss * LARGE) / LOSSES + 1_000_000 * Math.random();
      await vi.waitFor(() => expect(transfers.get(id).bytes.done).toBeGreaterThan(begin), {
        timeout: 30_000,
        interval: 2,
      });
      clusters.disconnect();
    }
    expect(await over(id)).toMatchObject({ state: 'completed', files: { total: 13, done: 13, failed: 0 } });
    const ends = direction === 'copy' ? 2 : 1;
    const again = clusters.bytes / ends - transfers.get(id).bytes.total;
    expect(again / LOSSES).toBeLessThan(2_000_000);
    expect(contentOf(to())).toEqual(contentOf(from()));
  });

  test('asks once about what is there already, and copies the rest meanwhile', async () => {
    for (const name of ['a', 'b', 'c', 'd']) write(join(from(), 'data', name), `new ${name}`);
    for (const name of ['a', 'b', 'c']) write(join(to(), 'data', name), `old ${name}`);
    utimesSync(join(to(), 'data/a'), new Date(1000), new Date(1000));
    const future = new Date(Date.now() + 100_000);
    utimesSync(join(to(), 'data/b'), future, future);
    const { id } = start(all());
    await vi.waitFor(() => expect(transfers.get(id)).toMatchObject({ state: 'waiting', error: null }), {
      timeout: 10_000,
    });
    const { question } = transfers.get(id);
    expect(question).toMatchObject({ count: 3 });
    expect(question?.files.map(({ path }) => path).sort()).toEqual(['data/a', 'data/b', 'data/c']);
    expect(readFileSync(join(to(), 'data/d'), 'utf8')).toBe('new d');
    transfers.answerConflict({ id, choice: 'rename', paths: ['data/c'] });
    expect(transfers.get(id).question?.count).toBe(2);
    transfers.answerConflict({ id, choice: 'newer' });
    expect(await over(id)).toMatchObject({
      state: 'completed',
      question: null,
      files: { total: 4, done: 3, skipped: 1 },
    });
    expect(contentOf(join(to(), 'data'))).toEqual({ a: 'new a', b: 'old b', c: 'old c', 'c (2)': 'new c', d: 'new d' });
  });

  test('leaves out what has not changed', async () => {
    for (const name of ['a', 'b', 'c']) write(join(from(), 'data', name), `same ${name}`);
    await copied(all());
    write(join(from(), 'data/b'), 'diff b');
    write(join(from(), 'data/c'), 'same c');
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(from(), 'data/c'), later, later);
    utimesSync(join(from(), 'data/b'), later, later);
    const counts = async (changedOnly: string) => (await copied({ ...all(), conflicts: 'replace', changedOnly })).files;
    expect(await counts('hash')).toEqual({ total: 3, done: 1, skipped: 2, failed: 0 });
    expect(await counts('time')).toEqual({ total: 3, done: 1, skipped: 2, failed: 0 });
    expect(await counts('time')).toEqual({ total: 3, done: 0, skipped: 3, failed: 0 });
    expect(contentOf(to())).toEqual(contentOf(from()));
  });

  test('is checked on request, and treats links as asked', async () => {
    writeProject(from());
    rmSync(join(from(), 'data/broken'));
    expect(await copied({ ...all(), verify: true, links: 'follow' })).toMatchObject({
      state: 'completed',
      failures: [],
    });
    expect(shown(join(to(), 'data/last'))).toBe(shown(join(from(), 'data/run 1.h5')));
    expect(lstatSync(join(to(), 'data/last')).isSymbolicLink()).toBe(false);
    rmSync(to(), { recursive: true });
    await copied({ ...all(), links: 'skip' });
    expect(existsSync(join(to(), 'data/last'))).toBe(false);
  });

  test('can be cancelled, which leaves nothing half', async () => {
    write(join(from(), 'data/large'), randomBytes(30_000_000));
    const { id } = start({ ...all(), limit: 5_000_000 });
    await vi.waitFor(() => expect(transfers.get(id).bytes.done).toBeGreaterThan(0), { timeout: 10_000 });
    await transfers.cancel(id);
    expect(await over(id)).toMatchObject({ state: 'canceled' });
    await vi.waitFor(() => expect(existsSync(join(folder, 'data/transfers', id))).toBe(false), { timeout: 10_000 });
    expect(readdirSync(join(to(), 'data'))).toEqual([]);
  });
});

test('what cannot be copied is named, and the rest is copied', async () => {
  write(here('data/a'), 'a');
  write(here('data/b/c'), 'c');
  write(home('data/b'), 'a file where a folder is wanted');
  const transfer = await copied({ sources: [here('data'), here('absent')], conflicts: 'replace' });
  expect(transfer).toMatchObject({ state: 'completed', files: { done: 1, failed: 3 } });
  const codes = transfer.failures.map(({ path, error }) => [path, error.code]);
  expect(codes).toEqual([
    [here('absent'), 'not-found'],
    [here('data/b'), 'conflict'],
    [here('data/b/c'), 'conflict'],
  ]);
  expect(readFileSync(home('data/a'), 'utf8')).toBe('a');
  rmSync(home('data/b'));
  write(here('absent'), 'now');
  transfers.retry(transfer.id);
  expect(await over(transfer.id)).toMatchObject({ state: 'completed', files: { total: 3, done: 3, failed: 0 } });
  expect(readFileSync(home('data/b/c'), 'utf8')).toBe('c');
});

test('two at a time for a cluster, in the order of the queue', async () => {
  write(here('large'), randomBytes(3_000_000));
  const ids = [1, 2, 3, 4].map(
    (number) => start({ sources: [here('large')], destination: `to${number}`, limit: 2_000_000 }).id,
  );
  const states = () => ids.map((id) => transfers.get(id).state);
  await vi.waitFor(() => expect(states()).toEqual(['active', 'active', 'queued', 'queued']));
  transfers.move(ids[3] ?? '', ids[2] ?? '');
  expect(transfers.list({ limit: 10 }).map(({ id }) => id)).toEqual([ids[0], ids[1], ids[3], ids[2]]);
  transfers.pause(ids[0] ?? '');
  await vi.waitFor(() => expect(states()).toEqual(['paused', 'active', 'queued', 'active']));
  for (const id of ids) transfers.setLimit(transfers.get(id).endedAt === null ? id : undefined, 0);
  transfers.resume(ids[0] ?? '');
  for (const id of ids) expect(await over(id)).toMatchObject({ state: 'completed' });
  await transfers.remove(undefined);
  expect(transfers.recent()).toEqual([]);
});

test('the next engine goes on', async () => {
  write(here('large'), randomBytes(6_000_000));
  const { id } = start({ sources: [here('large')], limit: 3_000_000, key: 'k' });
  await vi.waitFor(() => expect(transfers.get(id).bytes.done).toBeGreaterThan(0), { timeout: 10_000 });
  await transfers.dispose();
  transfers = openTransfers();
  expect(transfers.get(id)).toMatchObject({ state: 'queued', sources: [here('large')] });
  expect(start({ sources: [here('large')], key: 'k' }).id).toBe(id);
  expect(() => start({ sources: [here('other')], key: 'k' })).toThrow(/another transfer/);
  transfers.continueQueue();
  expect(await over(id)).toMatchObject({ state: 'completed' });
  expect(shown(home('large'))).toBe(shown(here('large')));
});
