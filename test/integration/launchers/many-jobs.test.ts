import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchers } from '../../../electron/core/launchers/index.ts';
import type { LiveConnection } from '../../../electron/core/ssh/client/connection.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { asUser, type ClusterInfo, type ClusterName, upCluster } from '../../helpers/clusters.ts';
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
