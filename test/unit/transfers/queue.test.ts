import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newRecord } from '../../../electron/core/transfers/transfer-input.ts';
import { requests } from '../../../electron/shared/contract/transfers.ts';
import { TransferDesk, writeTo } from '../../helpers/transfer-desk.ts';

let desk: TransferDesk;
beforeEach(() => {
  desk = new TransferDesk();
});
afterEach(() => desk.dispose());

/** The most that were active at once since it was called. */
function countActive(): () => number {
  let most = 0;
  const count = () => {
    most = Math.max(most, desk.transfers.recent().filter(({ state }) => state === 'active').length);
  };
  desk.transfers.onChange(count);
  return () => {
    count();
    return most;
  };
}

/** Bytes a second: nothing of it passes while a test runs. */
const STUCK = 1;

const stateOf = (id: string) => desk.transfers.get(id).state;

test('no more than two go at once after a connection was lost', async () => {
  writeTo(desk.here('large'), randomBytes(2_000_000));
  const startOne = (to: number) => desk.start({ sources: [desk.here('large')], destination: `${to}`, limit: STUCK });
  const ids = [1, 2, 3].map((to) => startOne(to).id);
  for (const id of ids.slice(0, 2)) await desk.until(id, ({ current }) => current !== null);
  expect(ids.map(stateOf)).toEqual(['active', 'active', 'queued']);
  desk.clusters.isDown = true;
  desk.clusters.disconnect();
  await vi.waitFor(() => expect(ids.slice(0, 2).map(stateOf)).toEqual(['waiting', 'waiting']), { timeout: 30_000 });
  ids.push(startOne(4).id);
  const mostActive = countActive();
  desk.clusters.isDown = false;
  for (const id of ids.slice(0, 2)) desk.transfers.resume(id);
  for (const id of ids) desk.transfers.setLimit(id, 0);
  for (const id of ids) expect(await desk.over(id)).toMatchObject({ state: 'completed', failures: [] });
  expect(mostActive()).toBe(2);
});

test('no more than two go at once after questions were answered', async () => {
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) writeTo(desk.here(name), randomBytes(400_000));
  for (const name of ['a', 'b']) writeTo(desk.home(name), 'old');
  const ids = names.map((name) => desk.start({ sources: [desk.here(name)], limit: STUCK }).id);
  await vi.waitFor(() => expect(ids.map(stateOf)).toEqual(['waiting', 'waiting', 'active', 'active']), {
    timeout: 30_000,
  });
  const mostActive = countActive();
  for (const id of ids.slice(0, 2)) desk.transfers.answerConflict({ id, choice: 'replace' });
  await vi.waitFor(() => expect(ids.slice(0, 2).map(stateOf)).toEqual(['queued', 'queued']), { timeout: 30_000 });
  for (const id of ids) desk.transfers.setLimit(id, 0);
  for (const id of ids) expect(await desk.over(id)).toMatchObject({ state: 'completed', failures: [] });
  expect(mostActive()).toBe(2);
  expect(readFileSync(desk.home('b')).equals(readFileSync(desk.here('b')))).toBe(true);
});

test('one that waits for its turn can be paused and cancelled', async () => {
  for (const name of ['a', 'b', 'c', 'd']) writeTo(desk.here(name), randomBytes(400_000));
  for (const name of ['a', 'b']) writeTo(desk.home(name), 'old');
  const ids = ['a', 'b', 'c', 'd'].map((name) => desk.start({ sources: [desk.here(name)], limit: STUCK }).id);
  const [first = '', second = '', ...others] = ids;
  await vi.waitFor(() => expect(ids.map(stateOf)).toEqual(['waiting', 'waiting', 'active', 'active']), {
    timeout: 30_000,
  });
  for (const id of [first, second]) desk.transfers.answerConflict({ id, choice: 'replace' });
  await vi.waitFor(() => expect([first, second].map(stateOf)).toEqual(['queued', 'queued']), { timeout: 30_000 });
  desk.transfers.pause(first);
  await desk.transfers.cancel(second);
  await vi.waitFor(() => expect([first, second].map(stateOf)).toEqual(['paused', 'canceled']), { timeout: 30_000 });
  for (const id of others) await desk.transfers.cancel(id);
  desk.transfers.resume(first);
  desk.transfers.setLimit(first, 0);
  await desk.until(first, ({ question }) => question !== null || stateOf(first) === 'completed');
});

test('the limit of all together is kept by the next engine', async () => {
  const heard = vi.fn();
  desk.transfers.onLimitChange(heard);
  desk.transfers.setLimit(undefined, STUCK);
  expect(heard).toHaveBeenCalledOnce();
  expect(desk.storage.settings().transferLimit).toBe(STUCK);
  await desk.restart();
  writeTo(desk.here('large'), randomBytes(3_000_000));
  const { id } = desk.start({ sources: [desk.here('large')] });
  await desk.until(id, ({ current }) => current !== null);
  const isOver = () => expect(stateOf(id)).toBe('completed');
  await expect(vi.waitFor(isOver, { timeout: 500 })).rejects.toThrow();
  desk.storage.saveSettings({ transferLimit: 0 });
  desk.transfers.applyLimit();
  expect(await desk.over(id)).toMatchObject({ state: 'completed' });
});

test('a retry lists the sources again, also where the engine ends before', async () => {
  writeTo(desk.here('data/a'), 'a');
  const { id } = desk.start({ sources: [desk.here('data'), desk.here('absent')] });
  expect(await desk.over(id)).toMatchObject({ state: 'completed', files: { failed: 1 } });
  writeTo(desk.here('absent'), 'now');
  desk.clusters.isDown = true;
  desk.clusters.disconnect();
  desk.transfers.retry(id);
  await desk.until(id, ({ state }) => state === 'waiting');
  await desk.restart();
  desk.clusters.isDown = false;
  desk.transfers.continueQueue();
  expect(await desk.over(id)).toMatchObject({ state: 'completed', files: { total: 2, done: 2, failed: 0 } });
  expect(readFileSync(desk.home('absent'), 'utf8')).toBe('now');
});

test('of those that ended only the last 500 are kept, and nothing of the others', async () => {
  const input = requests['transfers.start'].input.parse({
    direction: 'upload',
    clusterId: 'hpc',
    sources: [desk.here('a')],
    destination: '~',
  });
  const old = Array.from({ length: 501 }, (_, at) => ({
    ...newRecord(input, { key: null, position: 0, createdAt: at }),
    state: 'failed' as const,
    endedAt: at + 1,
  }));
  for (const record of old) desk.storage.saveTransfer(record);
  const [oldest, second, third] = old.map(({ id }) => id);
  mkdirSync(desk.journal(oldest ?? ''), { recursive: true });
  writeTo(desk.here('a'));
  await desk.over(desk.start({ sources: [desk.here('a')] }).id);
  await vi.waitFor(
    () => {
      expect([oldest, second, third].map((id) => desk.storage.findTransfer(id ?? '')?.id)).toEqual([
        undefined,
        undefined,
        third,
      ]);
      expect(existsSync(desk.journal(oldest ?? ''))).toBe(false);
    },
    { timeout: 30_000 },
  );
});
