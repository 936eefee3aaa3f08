import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { Database } from '../../../electron/core/storage/database.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { launchInputSchema } from '../../../electron/shared/instances.ts';

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-failures-'));
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cluster = {
  ...clusterInputSchema.parse({ name: 'one', host: 'login.example', user: 'ada' }),
  id: 'a',
  createdAt: 1,
  demo: false,
  site: null,
};
const input = launchInputSchema.parse({ clusterId: 'a', recipe: 'hello' });

function failure(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('the data directory', () => {
  test.skipIf(process.platform === 'win32')('is closed where others could enter it', async () => {
    mkdirSync(data, { mode: 0o755 });
    chmodSync(data, 0o755);
    const storage = openStorage(data, systemClock);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(storage.notices.all).toEqual([]);
    await storage.close();
  });

  test.skipIf(process.platform === 'win32')('that cannot be written says so, and what to do', () => {
    mkdirSync(data);
    const isRoot = process.getuid?.() === 0;
    // Root may write anywhere, so it becomes nobody for this.
    const nobody = 65_534;
    chmodSync(folder, 0o711);
    chmodSync(data, 0o500);
    if (isRoot) {
      chownSync(data, nobody, nobody);
      process.seteuid?.(nobody);
    }
    try {
      chmodSync(data, 0o500);
      const error = failure(() => {
        const storage = openStorage(data, systemClock);
        chmodSync(data, 0o500);
        storage.saveCluster(cluster);
      });
      expect(error).toMatchObject({ code: 'storage-denied', hint: expect.stringContaining('TUNEL_DATA_DIR') });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('that was removed or replaced while Tunel ran says so', async () => {
    const storage = openStorage(data, systemClock);
    renameSync(data, join(folder, 'moved'));
    for (const work of [
      () => storage.saveCluster(cluster),
      () => storage.saveSettings({ theme: 'dark' }),
      () => storage.saveLastValues('a', input),
    ]) {
      expect(failure(work)).toMatchObject({
        code: 'storage-removed',
        hint: expect.stringContaining('Start Tunel again'),
      });
    }
    expect(storage.clusters()).toEqual([]);
    await storage.close();
  });
});

describe('a full disk', () => {
  // Its writes fail as those to a full disk do.
  test.runIf(process.platform === 'linux')('fails the save of a file, and what was there stays', async () => {
    const storage = openStorage(data, systemClock);
    storage.saveCluster(cluster);
    symlinkSync('/dev/full', join(data, `.clusters.json.${process.pid}.tmp`));
    const error = failure(() => storage.saveCluster({ ...cluster, name: 'two' }));
    expect(error).toMatchObject({ code: 'storage-full', hint: expect.stringContaining('disk is full') });
    expect(storage.clusters()).toEqual([cluster]);
    await storage.close();
    const again = openStorage(data, systemClock);
    expect(again.clusters()).toEqual([cluster]);
    await again.close();
  });

  test('fails a row of the history', async () => {
    await openStorage(data, systemClock).close();
    const path = join(data, 'history.db');
    const libsql = new Libsql(path);
    libsql.exec('pragma max_page_count = 1');
    const database = new Database(path, libsql);
    const error = failure(() => database.run("insert into remembered values ('x', 'y', ?)", 'long '.repeat(100_000)));
    expect(error).toMatchObject({ code: 'storage-full', hint: expect.stringContaining('disk is full') });
    database.close();
  });
});
