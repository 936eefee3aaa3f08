import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { InstanceStore } from '../../../electron/core/instances/instance-store.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import { fixtureInstance } from '../../helpers/fixtures/parts.ts';
import { quietLogger } from '../../helpers/quiet-logger.ts';

let folder: string;
let storage: Storage;
let store: InstanceStore;
/** Sixty instances that ended, one of them removed, and three live ones. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-store-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  copyFileSync(join(import.meta.dirname, '../../fixtures/history/version-1.db'), join(data, 'history.db'));
  storage = openStorage(data, systemClock);
  store = new InstanceStore({ storage, clock: systemClock, logger: quietLogger });
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const endedIds = () => store.list().flatMap(({ id, endedAt }) => (endedAt === null ? [] : [id]));

test('lists the live instances and the fifty that ended last, and finds the others by their id', () => {
  expect(store.list()).toHaveLength(53);
  expect(endedIds()).toHaveLength(50);
  expect(store.isListed('ended00001')).toBe(false);
  expect(store.get('ended00001').title).toBe('Hello 1');
  expect(store.savedLog('ended00001').tail).toBe('log of ended00001\nlast line 1\n');
  expect(store.isRemoved('ended00059')).toBe(true);
  expect(store.find('ended00059')).toBeNull();
  expect(() => store.get('unknown')).toThrow(/no running app/);
});

test('lists the next one that ends instead of the oldest, and keeps its log in the storage', () => {
  const app = fixtureInstance({ id: 'newest', title: 'Newest', state: 'starting', createdAt: Date.now() });
  store.add(app);
  store.dispatch('newest', { type: 'log', tail: 'the log', span: null });
  expect(store.get('newest').logTail).toBe('the log');
  expect(endedIds()).toContain('ended00009');
  store.dispatch('newest', { type: 'ended', at: Date.now() });
  expect(endedIds()).toHaveLength(50);
  expect(endedIds()).toContain('newest');
  expect(endedIds()).not.toContain('ended00009');
  expect(store.get('newest').logTail).toBe('');
  expect(store.savedLog('newest').tail).toBe('the log');
  store.dispatch('newest', { type: 'log', tail: 'the log and its end', span: null });
  expect(store.savedLog('newest').tail).toBe('the log and its end');
  expect(store.get('newest').logTail).toBe('');
});

test('removes any of them, forgets none of the rest, and lists the next that ended', () => {
  const seen: number[] = [];
  store.subscribe((instances) => seen.push(instances.length));
  store.remove('ended00001');
  store.remove('ended00050');
  expect(store.find('ended00001')).toBeNull();
  expect(store.isRemoved('ended00050')).toBe(true);
  expect(storage.findInstance('ended00001')).toMatchObject({
    removed: true,
    instance: { logTail: 'log of ended00001\nlast line 1\n' },
  });
  expect(seen).toEqual([53, 53]);
  expect(endedIds()).toHaveLength(50);
  expect(endedIds()).toContain('ended00009');
});
