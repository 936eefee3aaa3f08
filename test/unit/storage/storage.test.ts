import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { launchInputSchema } from '../../../electron/shared/instances.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'tunel-storage-')), 'data');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const cluster = (id: string, name: string) => ({
  ...clusterInputSchema.parse({ name, host: 'login.example', user: 'ada' }),
  id,
  createdAt: 1,
  demo: false,
  site: null,
});

describe('storage', () => {
  test('keeps clusters, settings and what was learnt over a restart, for this user only', async () => {
    const first = openStorage(directory, systemClock);
    first.saveCluster(cluster('a', 'one'));
    first.saveSettings({ theme: 'dark' });
    first.rememberRoute('a', 'login/socket', { kind: 'socket', refused: [], at: 1 });
    first.rememberRoute('a', 'slurm/socket', { kind: 'node', refused: [{ kind: 'socket', reason: 'no' }], at: 2 });
    first.saveLastValues('hello@a', launchInputSchema.parse({ clusterId: 'a', recipe: 'hello' }));
    first.addConnectionEvent({ at: 1, clusterId: 'a', clusterName: 'one', kind: 'info', text: 'x' });
    await first.close();

    const second = openStorage(directory, systemClock);
    expect(second.clusters()).toEqual([cluster('a', 'one')]);
    expect(second.settings().theme).toBe('dark');
    expect(second.rememberedRoute('a', 'slurm/socket')).toMatchObject({ kind: 'node', at: 2 });
    expect(second.rememberedRoute('a', 'login/socket')).toMatchObject({ kind: 'socket' });
    expect(Object.keys(second.lastValues())).toEqual(['hello@a']);
    expect(second.connectionEvents(10)).toHaveLength(1);
    expect(second.notices.all).toEqual([]);
    await second.close();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(directory))
      expect([file, statSync(join(directory, file)).mode & 0o777]).toEqual([file, 0o600]);
  });

  test('two clusters cannot share a name, and a refused save changes nothing', async () => {
    const storage = openStorage(directory, systemClock);
    storage.saveCluster(cluster('a', 'one'));
    expect(() => storage.saveCluster(cluster('b', 'one'))).toThrow(/named “one” already/);
    expect(storage.clusters()).toHaveLength(1);
    await storage.close();
  });

  test.each([
    ['settings.json', '{ not json'],
    ['clusters.json', '{"version":1,"data":[{"id":5}]}'],
    ['history.db', `no database ${'x'.repeat(8192)}`],
  ])('a corrupt %s is kept under another name, reported, and the rest starts', async (name, content) => {
    await openStorage(directory, systemClock).close();
    for (const old of readdirSync(directory)) if (old.startsWith(name)) rmSync(join(directory, old));
    writeFileSync(join(directory, name), content);
    const storage = openStorage(directory, systemClock);
    const kept = readdirSync(directory).find((file) => file.startsWith(`${name}.unreadable-`));
    expect(kept).toBeDefined();
    expect(readFileSync(join(directory, kept ?? ''), 'utf8')).toBe(content);
    expect(storage.notices.all.map(({ text }) => text)).toEqual([expect.stringContaining(kept ?? '?')]);
    storage.saveSettings({ theme: 'light' });
    await storage.close();
  });

  test('a file of a newer version is refused and left as it is', async () => {
    await openStorage(directory, systemClock).close();
    writeFileSync(join(directory, 'clusters.json'), '{"version":99,"data":[]}');
    expect(() => openStorage(directory, systemClock)).toThrow(/newer version/);
    expect(readFileSync(join(directory, 'clusters.json'), 'utf8')).toContain('99');
  });
});
