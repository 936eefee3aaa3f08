import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { queryHistory } from '../../../electron/core/history/query.ts';
import { historyRequests } from '../../../electron/core/history/requests.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import { requests } from '../../../electron/shared/contract/history.ts';
import { isOver } from '../../../electron/shared/instance-policy.ts';
import { owner } from '../../../electron/shared/tokens.ts';

let folder: string;
let storage: Storage;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-query-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  copyFileSync(join(import.meta.dirname, '../../fixtures/history/version-1.db'), join(data, 'history.db'));
  storage = openStorage(data, systemClock);
});
afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const { input } = requests['history.query'];
const page = (query: object, visible: readonly string[] | null = null) =>
  queryHistory(storage, input.parse(query), visible);
function all(query: object): string[] {
  const ids: string[] = [];
  let cursor: string | null | undefined;
  do {
    const { instances, next } = page({ ...query, limit: 7, ...(cursor && { cursor }) });
    expect(instances.length).toBeLessThanOrEqual(7);
    ids.push(...instances.map(({ id }) => id));
    cursor = next;
  } while (cursor !== null);
  return ids;
}

describe('the history', () => {
  test('comes in pages, newest first, each instance once and none that was removed', () => {
    const ids = all({});
    expect(ids).toHaveLength(62);
    expect(new Set(ids).size).toBe(62);
    expect(ids).not.toContain('ended00059');
    const times = ids.map((id) => storage.findInstance(id)?.instance.createdAt ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(page({ limit: 200 }).instances.every(({ logTail }) => logTail === '')).toBe(true);
  });

  test('is found by text, cluster, recipe, state, kind and time', () => {
    expect(all({ text: 'GRÖßE' })).toHaveLength(20);
    expect(all({ text: 'größe 3 jup' }).sort()).toEqual(['ended00003', 'ended00033', 'ended00039']);
    expect(all({ text: '100%' })).toEqual([]);
    expect(all({ clusterId: 'c2' })).toHaveLength(9);
    expect(all({ recipe: 'rstudio' })).toEqual(['waiting001']);
    expect(all({ states: ['failed'] })).toHaveLength(12);
    expect(all({ states: ['ready', 'running'] }).sort()).toEqual(['batchjob01', 'liveapp001']);
    expect(all({ kind: 'job' })).toEqual(['batchjob01']);
    expect(all({ idPrefix: 'ended0005' })).toHaveLength(9);
    expect(all({ idPrefix: 'liveapp' })).toEqual(['liveapp001']);
    expect(all({ idPrefix: 'app' })).toEqual([]);
    expect(all({ idPrefix: 'ENDED' })).toEqual([]);
    const start = 1_771_000_000_000;
    expect(all({ from: start + 10 * 60_000, to: start + 12 * 60_000 })).toEqual(['ended00011', 'ended00010']);
    expect(all({ clusterId: 'c2', states: ['ended'], recipe: 'jupyter', text: 'ended0000' })).toEqual(['ended00007']);
  });

  test('has only the clusters that the caller may know of', () => {
    const { total } = { total: all({}).length };
    const only = (visible: readonly string[]) => page({ limit: 200 }, visible).instances;
    expect(only(['c1', 'c2'])).toHaveLength(total);
    expect(new Set(only(['c2']).map(({ clusterId }) => clusterId))).toEqual(new Set(['c2']));
    expect(only([])).toEqual([]);
  });

  test('refuses what is no cursor', () => {
    expect(() => page({ cursor: 'x' })).toThrow(/not a cursor/);
    expect(() => page({ cursor: '~' })).toThrow(/not a cursor/);
  });

  test('has the log of one instance', () => {
    const handlers = historyRequests(storage, () => []);
    const { signal } = new AbortController();
    expect(handlers['history.get']({ id: 'ended00004' }, signal, owner)).toMatchObject({
      logTail: 'log of ended00004\nlast line 4\n',
    });
    expect(() => handlers['history.get']({ id: 'ended00059' }, signal, owner)).toThrow(/no app/);
    expect(() => handlers['history.get']({ id: 'nothing' }, signal, owner)).toThrow(/no app/);
  });

  test('shows a launch that another engine left unfinished as this engine knows it', async () => {
    const saved = storage.liveInstances().find(({ state }) => !isOver(state));
    if (!saved) throw new Error('the fixture has no live app');
    const listed = { ...saved, state: 'interrupted' as const };
    const handlers = historyRequests(storage, () => [listed]);
    const { signal } = new AbortController();
    expect(await handlers['history.get']({ id: saved.id }, signal, owner)).toMatchObject({ state: 'interrupted' });
    const query = input.parse({ idPrefix: saved.id, limit: 5 });
    const { instances } = await handlers['history.query'](query, signal, owner);
    expect(instances).toMatchObject([{ id: saved.id, state: 'interrupted', logTail: '' }]);
  });
});
