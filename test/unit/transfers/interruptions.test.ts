import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TransferDesk, writeTo } from '../../helpers/transfer-desk.ts';

let desk: TransferDesk;
beforeEach(() => {
  desk = new TransferDesk();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await desk.dispose();
});

const isSame = (one: string, other: string) => readFileSync(one).equals(readFileSync(other));
const partsIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.part'));
const LARGE = 9_000_000;

describe.each([
  ['upload', () => desk.here(), () => desk.home()],
  ['download', () => desk.home(), () => desk.here()],
] as const)('%s', (direction, from, to) => {
  const input = () => ({
    direction,
    sources: [direction === 'upload' ? desk.here('large') : 'large'],
    destination: direction === 'upload' ? '~' : desk.here(),
    limit: 4_000_000,
  });
  const startLarge = async () => {
    writeTo(`${from()}/large`, randomBytes(LARGE));
    const { id } = desk.start(input());
    await desk.until(id, ({ bytes }) => bytes.done > 500_000);
    return id;
  };

  test.each([
    ['grows', () => randomBytes(LARGE + 2_000_000)],
    ['shrinks', () => randomBytes(LARGE - 2_000_000)],
    ['gets other content', () => randomBytes(LARGE)],
  ])('copies a file anew that %s meanwhile', async (_how, content) => {
    const id = await startLarge();
    writeFileSync(`${from()}/large`, content());
    desk.transfers.setLimit(id, 0);
    expect(await desk.over(id)).toMatchObject({ state: 'completed', failures: [], files: { done: 1 } });
    expect(isSame(`${from()}/large`, `${to()}/large`)).toBe(true);
  });

  test('that was paused goes on where it is resumed before it has stopped', async () => {
    const id = await startLarge();
    desk.transfers.pause(id);
    desk.transfers.resume(id);
    desk.transfers.setLimit(id, 0);
    expect(await desk.over(id)).toMatchObject({ state: 'completed' });
  });

  test.each([
    ['pause', 'paused'],
    ['cancel', 'canceled'],
  ] as const)('%s holds where the engine ends at once', async (stop, state) => {
    const id = await startLarge();
    void desk.transfers[stop](id);
    await desk.restart();
    expect(desk.transfers.get(id).state).toBe(state);
  });

  test('cancelled after a pause leaves no part', async () => {
    const id = await startLarge();
    desk.transfers.pause(id);
    await desk.until(id, ({ state }) => state === 'paused');
    await vi.waitFor(() => expect(partsIn(to())).toHaveLength(1));
    await desk.transfers.cancel(id);
    expect(partsIn(to())).toEqual([]);
  });
});

test('taken off the list leaves no part', async () => {
  writeTo(desk.home('large'), randomBytes(LARGE));
  const input = { direction: 'download', sources: ['large'], destination: desk.here(), limit: 4_000_000 };
  const { id } = desk.start(input);
  await desk.until(id, ({ bytes }) => bytes.done > 500_000);
  desk.transfers.pause(id);
  await desk.until(id, ({ state }) => state === 'paused');
  await desk.transfers.dispose();
  const record = desk.storage.findTransfer(id);
  // As a full disk ends one.
  if (record) desk.storage.saveTransfer({ ...record, state: 'failed', endedAt: 1 });
  await desk.restart();
  expect(partsIn(desk.here())).toHaveLength(1);
  await desk.transfers.remove(id);
  expect([partsIn(desk.here()), existsSync(desk.journal(id))]).toEqual([[], false]);
});

test('goes on with the part where the sftp server has ended', async () => {
  writeTo(desk.here('large'), randomBytes(LARGE));
  const { id } = desk.start({ sources: [desk.here('large')], limit: 4_000_000 });
  await desk.until(id, ({ bytes }) => bytes.done > 2_000_000);
  desk.clusters.endSftp();
  desk.transfers.setLimit(id, 0);
  expect(await desk.over(id)).toMatchObject({ state: 'completed', failures: [], files: { done: 1 } });
  expect(isSame(desk.here('large'), desk.home('large'))).toBe(true);
});

test('a list that ended early is no list', async () => {
  for (const name of ['a', 'b', 'c']) writeTo(desk.home(`data/${name}`));
  const find = writeTo(
    desk.here('bin/find'),
    `#!/bin/sh\ncase "$*" in *-prune*) exit 0 ;; esac\nPATH=/usr/bin:/bin find "$@" | head -c 60\nexit 2\n`,
  );
  chmodSync(find, 0o755);
  vi.stubEnv('PATH', `${desk.here('bin')}:${process.env.PATH}`);
  const { id } = desk.start({ direction: 'download', sources: ['data'], destination: desk.here('got') });
  expect(await desk.over(id)).toMatchObject({ state: 'failed', files: { done: 0, failed: 1 } });
});

test('a transfer that waits for an answer makes room for others', async () => {
  for (const name of ['a', 'b', 'c']) writeTo(desk.here(name));
  for (const name of ['a', 'b']) writeTo(desk.home(name));
  const ids = ['a', 'b', 'c'].map((name) => desk.start({ sources: [desk.here(name)] }).id);
  expect(await desk.over(ids[2] ?? '')).toMatchObject({ state: 'completed' });
  expect(ids.slice(0, 2).map((id) => desk.transfers.get(id).state)).toEqual(['waiting', 'waiting']);
});

test('nothing from a cluster is written behind a link', async () => {
  writeTo(desk.home('data/keys/authorized'), 'of the cluster');
  mkdirSync(desk.here('data'));
  mkdirSync(desk.here('elsewhere'));
  symlinkSync('../elsewhere', desk.here('data/keys'));
  const input = { direction: 'download', sources: ['data'], destination: desk.here(), conflicts: 'replace' };
  const { failures } = await desk.over(desk.start(input).id);
  expect(failures.map(({ error }) => error.code)).toEqual(['conflict', 'conflict']);
  expect(readdirSync(desk.here('elsewhere'))).toEqual([]);
});

test('the list has as many as were asked for of those that are meant', async () => {
  writeTo(desk.here('a'));
  const failed = desk.start({ sources: [desk.here('absent')] });
  await desk.over(failed.id);
  await desk.over(desk.start({ sources: [desk.here('a')] }).id);
  expect(desk.transfers.list({ states: ['failed'], limit: 1 }).map(({ id }) => id)).toEqual([failed.id]);
});

test('a key is for one transfer with its options', async () => {
  writeTo(desk.here('a'));
  const input = { sources: [desk.here('a')], key: 'k' };
  const { id } = desk.start(input);
  desk.transfers.setLimit(id, 1000);
  expect(desk.start(input).id).toBe(id);
  expect(() => desk.start({ ...input, conflicts: 'replace' })).toThrow(/another transfer/);
});

test('those that ended are not read again with each notice of progress', async () => {
  writeTo(desk.here('a'));
  const read = vi.spyOn(desk.storage, 'endedTransfers');
  await desk.over(desk.start({ sources: [desk.here('a')], destination: 'one' }).id);
  for (let notice = 0; notice < 10; notice += 1) expect(desk.transfers.recent()).toHaveLength(1);
  expect(read).toHaveBeenCalledTimes(1);
  await desk.over(desk.start({ sources: [desk.here('a')], destination: 'two' }).id);
  expect(desk.transfers.recent()).toHaveLength(2);
  await desk.transfers.remove(undefined);
  expect(desk.transfers.recent()).toEqual([]);
});
