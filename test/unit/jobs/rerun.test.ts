import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { JobMaker } from '../../../electron/core/jobs/job-maker.ts';
import { JobRecords } from '../../../electron/core/jobs/job-records.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { FileClusters } from '../../helpers/file-cluster.ts';
import { fixtureCluster } from '../../helpers/fixtures/parts.ts';

const signal = new AbortController().signal;
const old = 'aaaaaaaaaa';
let folder: string;
let from: string;
let storage: Storage;
let clusters: FileClusters;
let records: JobRecords;
let maker: JobMaker;
/** How often the cluster answers before its connection is lost. */
let answersLeft: number;

function open(): void {
  records = new JobRecords({ storage, instances: { list: () => [], find: () => null } });
  const { cluster } = fixtureCluster({ id: 'hpc', name: 'hpc' });
  const facts = {
    async read() {
      answersLeft -= 1;
      if (answersLeft < 0) throw new AppError('connection-lost', 'The connection was lost.');
      return { home: join(folder, 'home') };
    },
  };
  const instances = { planJob: () => ({ script: 'new\n', launcher: 'login' as const }) };
  const { connections } = clusters;
  maker = new JobMaker({ storage, instances, connections, facts, cluster: () => cluster, clock: systemClock }, records);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-rerun-'));
  const home = join(folder, 'home');
  from = join(home, 'tunel-jobs', `fit-${old}`);
  mkdirSync(from, { recursive: true });
  writeFileSync(join(from, 'script.sh'), 'old\n');
  writeFileSync(join(from, 'run.h5'), 'result\n');
  storage = openStorage(join(folder, 'data'), systemClock);
  clusters = new FileClusters({ hpc: home });
  answersLeft = Number.POSITIVE_INFINITY;
  open();
});
afterEach(async () => {
  clusters.disconnect();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const rerun = (results: string[], key?: string) => {
  const source = {
    ...{ clusterId: 'hpc', name: 'fit', resources: resourcesSchema.parse({}), modules: [], values: null },
    ...{ rerunOf: old, launcher: 'login' as const, workDirectory: '', runDirectory: '', script: 'new\n' },
    ...{ inputsFrom: from, resultsFrom: results },
  };
  return maker.rerun(source, { id: old, results, key }, signal);
};
const file = (id: string, name: string) => join(records.record(id)?.directory ?? '', name);

it.each(['script.sh', 'job.json', 'job.log', '.tunel-inputs', '.new-abcdefgh/script.sh', 'script.sh/a'])(
  'a job cannot begin with the %s of another one as a result',
  async (name) => {
    await expect(rerun([name])).rejects.toMatchObject({ code: 'bad-input' });
    expect(records.list()).toEqual([]);
  },
);

it('a job begins with the results of another one, and with its own script', async () => {
  const id = await rerun(['run.h5']);
  expect(readFileSync(file(id, 'run.h5'), 'utf8')).toBe('result\n');
  expect(readFileSync(file(id, 'script.sh'), 'utf8')).toBe('new\n');
});

it('a result that is gone leaves no job', async () => {
  await expect(rerun(['run.mon'])).rejects.toMatchObject({ code: 'not-found' });
  expect(records.list()).toEqual([]);
});

it('a result that goes between two requests of one key leaves no job', async () => {
  answersLeft = 1;
  await expect(rerun(['run.h5'], 'k')).rejects.toMatchObject({ code: 'connection-lost' });
  expect(records.list()).toHaveLength(1);
  answersLeft = 2;
  rmSync(join(from, 'run.h5'));
  await expect(rerun(['run.h5'], 'k')).rejects.toMatchObject({ code: 'not-found' });
  expect(records.list()).toEqual([]);
});

it('a job that the second request of a key has made needs the results no more', async () => {
  answersLeft = 1;
  await expect(rerun(['run.h5'], 'k')).rejects.toMatchObject({ code: 'connection-lost' });
  open();
  answersLeft = 2;
  const id = await rerun(['run.h5'], 'k');
  expect(storage.findJob(id)).toMatchObject({ isWritten: true, inputsFrom: null, resultsFrom: [] });
  expect(existsSync(file(id, 'run.h5'))).toBe(true);
});
