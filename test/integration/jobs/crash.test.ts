import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterOf } from '../../helpers/apps.ts';
import { runChild } from '../../helpers/child.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore } from '../../helpers/core.ts';
import { JobClient } from './job-client.ts';

let slurm: ClusterInfo;
const folders: string[] = [];
beforeAll(async () => {
  slurm = await upCluster('slurm24', 'shared');
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test.each([0, 30, 60, 100, 150, 200, 300, 450, 700, 1000])(
  'a process killed %i ms into a job: the same request ends with one job that ran once',
  async (dieAfter) => {
    const data = mkdtempSync(join(tmpdir(), 'tunel-job-crash-'));
    folders.push(data);
    const job = { name: `crash ${dieAfter}`, script: '#!/bin/sh\necho ran >>ran.txt\n', key: `crash-${dieAfter}` };
    const died = await runChild({ data, cluster: clusterOf(slurm), job: { ...job, dieAfter } });
    expect(died.code).toBe(-1);

    const open = await openTestCore({ data });
    try {
      const jobs = new JobClient(open);
      const clusterId = open.state().clusters[0]?.cluster.id ?? '';
      const { id, directory } = await open.request('jobs.create', { ...job, clusterId });
      await open.request('jobs.submit', { id });
      expect(await jobs.untilOver(id)).toMatchObject({ state: 'completed' });
      expect(await jobs.read(id, 'ran.txt')).toBe('ran\n');
      expect((await open.request('jobs.query', { text: 'crash' })).jobs.map((each) => each.id)).toEqual([id]);
      const options = ['-X', '-n', '-P', '-S', 'now-1hour', '-o', 'JobID', '--name', `tunel-${id}`];
      const { stdout } = await asUser('ada', slurm, slurm.entry, ['sacct', ...options]);
      expect(stdout.split('\n').filter(Boolean)).toHaveLength(1);
      await open.request('jobs.remove', { id });
      const left = await asUser('ada', slurm, slurm.entry, ['test', '-e', directory], { check: false });
      expect(left.code).toBe(1);
    } finally {
      await open.close();
    }
  },
);
