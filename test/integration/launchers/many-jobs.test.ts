import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchers } from '../../../electron/core/launchers/index.ts';
import type { LiveConnection } from '../../../electron/core/ssh/client/connection.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { asUser, type ClusterInfo, type ClusterName, upCluster } from '../../helpers/clusters.ts';
import { makeInstance, untilJob } from '../../helpers/instance.ts';
import { pollStatuses } from '../../helpers/job-answers.ts';
import { liveConnection } from '../../helpers/live-connection.ts';

const COUNT = 200;

/** 200 jobs that wait, submitted as a user does; prints their ids, one a line. */
const submits: { cluster: ClusterName; launcher: LauncherName; script: string }[] = [
  {
    cluster: 'slurm24',
    launcher: 'slurm',
    script: `mkdir -p many && cd many; for i in $(seq ${COUNT}); do sbatch --hold --parsable --job-name many --output /dev/null --wrap true; done`,
  },
  {
    cluster: 'htcondor',
    launcher: 'htcondor',
    script: `mkdir -p many && cd many && printf '%s\\n' 'executable = /bin/true' 'hold = true' 'queue ${COUNT}' >many.sub
condor_submit -terse many.sub >range
cluster=$(cut -d. -f1 range | head -n 1)
for i in $(seq 0 ${COUNT - 1}); do echo "$cluster.$i"; done`,
  },
  {
    cluster: 'gridengine',
    launcher: 'gridengine',
    script: `. /etc/profile; mkdir -p many && cd many; for i in $(seq ${COUNT}); do qsub -terse -h -N many -o /dev/null -j y -b y true; done`,
  },
];

describe.each(submits)('$launcher', ({ cluster, launcher: name, script }) => {
  const launcher = launchers[name];
  let info: ClusterInfo;
  let connection: LiveConnection;
  let jobs: { id: string; directory: string }[] = [];

  beforeAll(async () => {
    info = await upCluster(cluster, 'shared');
    connection = await liveConnection(info, info.entry);
    const { stdout } = await asUser('ada', info, info.entry, script);
    jobs = stdout
      .split('\n')
      .filter(Boolean)
      .map((id) => ({ id: id.trim(), directory: '/home/ada/many' }));
  });
  afterAll(async () => {
    await launcher.cancel(connection, jobs, 'now');
    connection?.close();
    await asUser('ada', info, info.entry, 'rm -rf many');
  });

  test(`${COUNT} jobs are polled by one call`, async () => {
    expect(jobs).toHaveLength(COUNT);
    let calls = 0;
    const shell: Shell = {
      run: (text, options) => {
        calls += 1;
        return connection.run(text, options);
      },
    };
    const begin = performance.now();
    const found = await pollStatuses(launcher, shell, jobs);
    console.log(`${name}: ${found.size} jobs in ${calls} call, ${Math.round(performance.now() - begin)} ms`);
    expect(calls).toBe(1);
    expect(found.size).toBe(COUNT);
    expect(new Set([...found.values()].map(({ state }) => state))).toEqual(new Set(['held']));
  });
});

const arrays: { cluster: ClusterName; launcher: LauncherName; array: string; hold: string }[] = [
  { cluster: 'slurm24', launcher: 'slurm', array: `1-${COUNT}`, hold: '--hold' },
  { cluster: 'htcondor', launcher: 'htcondor', array: `0-${COUNT - 1}`, hold: 'hold = true' },
];

test.each(arrays)('$launcher: an array of 200 is one job', async ({ cluster, launcher: name, array, hold }) => {
  const launcher = launchers[name];
  const info = await upCluster(cluster, 'shared');
  const connection = await liveConnection(info, info.entry);
  const submission = await makeInstance(info, info.entry, 'exit 0', { array, options: [hold] });
  const job = { id: await launcher.submit(connection, submission), directory: submission.directory };
  try {
    const held = await untilJob(launcher, connection, job, ({ state }) => state === 'held');
    expect(held.tasks).toEqual({ pending: COUNT, running: 0, completed: 0, failed: 0 });
  } finally {
    await launcher.cancel(connection, [job], 'now');
  }
  const ended = await untilJob(launcher, connection, job, ({ state }) => state === 'cancelled');
  expect(ended.tasks).toEqual({ pending: 0, running: 0, completed: 0, failed: COUNT });
  connection.close();
  await asUser('ada', info, info.entry, `rm -rf ${submission.directory}`);
});
