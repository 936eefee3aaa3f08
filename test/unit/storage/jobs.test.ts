import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { newInstance } from '../../../electron/core/instances/new-instance.ts';
import { type JobRecord, jobRecordSchema } from '../../../electron/core/storage/job-record.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import { clusterInputSchema, clusterSchema } from '../../../electron/shared/clusters.ts';

let folder: string;
let storage: Storage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-jobs-'));
  storage = openStorage(folder, systemClock);
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const record = (id: string, createdAt: number, more: Partial<JobRecord> = {}): JobRecord =>
  jobRecordSchema.parse({
    id,
    createdAt,
    clusterId: 'c1',
    clusterName: 'hpc',
    name: `Job ${id}`,
    launcher: 'login',
    directory: `/home/ada/tunel-jobs/job-${id}`,
    modules: [],
    values: null,
    submittedAt: null,
    archived: false,
    rerunOf: null,
    resources: {},
    script: 'exit 0',
    isScriptEdited: false,
    isWritten: true,
    key: null,
    inputHash: 'h',
    hasOwnDirectory: true,
    ...more,
  });

function saveInstance(id: string, createdAt: number, removed = false): void {
  const input = clusterInputSchema.parse({ name: 'hpc', host: 'hpc.example', user: 'ada' });
  const cluster = clusterSchema.parse({ ...input, id: 'c1', createdAt: 0, demo: false, site: null });
  const shape = { recipe: '.script', kind: 'job', title: id, icon: '', launcher: 'login', runtime: 'native' } as const;
  const instance = newInstance(cluster, { ...shape, id, createdAt, path: '', directory: '', input: null });
  storage.saveInstance({ instance, removed });
}

const page = (limit = 10) => storage.pageOfJobs({ where: [], parameters: [] }, limit);

test('a page has the jobs that were made here and those that were launched otherwise, newest first', () => {
  storage.saveJob(record('new', 3));
  storage.saveJob(record('submitted', 2, { submittedAt: 5 }));
  saveInstance('submitted', 5);
  saveInstance('launched', 4);
  saveInstance('removed', 6, true);
  expect(page().map((row) => [row.record?.id ?? null, row.instance?.id ?? null])).toEqual([
    [null, 'launched'],
    ['new', null],
    ['submitted', 'submitted'],
  ]);
  expect(page(1)).toHaveLength(1);
  expect(storage.unsubmittedJobs(10).map(({ id }) => id)).toEqual(['new']);
});

test('a key belongs to one job, until that is removed', () => {
  storage.saveJob(record('first', 1, { key: 'k' }));
  storage.saveJob(record('first', 1, { key: 'k', name: 'Renamed' }));
  expect(storage.findJobByKey('k')).toMatchObject({ id: 'first', name: 'Renamed' });
  expect(() => storage.saveJob(record('second', 2, { key: 'k' }))).toThrow();
  expect(page()).toHaveLength(1);
  storage.removeJob('first');
  expect(storage.findJobByKey('k')).toBeNull();
  storage.saveJob(record('second', 2, { key: 'k' }));
  expect(storage.findJobByKey('k')?.id).toBe('second');
});

test('a row that cannot be read is kept apart and named', () => {
  storage.saveJob(record('good', 1));
  storage.saveJob(record('bad', 2));
  const database = new Libsql(join(folder, 'history.db'));
  database.exec(`update jobs set value = '{"id":"bad"}' where id = 'bad'`);
  database.close();
  expect(page().map((row) => row.record?.id)).toEqual(['good']);
  expect(storage.findJob('bad')).toBeNull();
  expect(storage.notices.all).toMatchObject([{ code: 'rows-kept' }]);
});
