import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { endOwn, launchReady, saveCluster, stopApp, untilReady, viewOf } from '../../helpers/apps.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { asUser, type ClusterInfo, type ClusterName, onNode, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

interface Scheduler {
  cluster: ClusterName;
  launcher: LauncherName;
  /** The node and the daemon that is stopped: it is there, and does not answer. */
  node: string;
  daemon: string;
  /** Prints the number of every job of a name that the scheduler knows, one a line. */
  jobsNamed(name: string): string;
}

const schedulers: readonly Scheduler[] = [
  {
    cluster: 'slurm24',
    launcher: 'slurm',
    node: 'sctl',
    daemon: 'slurmctld',
    jobsNamed: (name) => `sacct -X -n -P -o jobid --name ${name} -S now-1days`,
  },
  {
    cluster: 'gridengine',
    launcher: 'gridengine',
    node: 'sgelogin',
    daemon: 'sge_qmaster',
    jobsNamed: (name) => `. /etc/profile; qstat -r -u ada | grep -w 'Full jobname: *${name}'`,
  },
];

const OUTAGE_MS = 60_000;

beforeAll(() => holdClusters(schedulers.map(({ cluster }) => cluster)));

describe.concurrent.each(schedulers)('$launcher is away for a minute', (scheduler) => {
  let info: ClusterInfo;
  let open: TestCore;
  let clusterId = '';
  const signal = (name: 'STOP' | 'CONT') => onNode(info, scheduler.node, ['pkill', `-${name}`, '-x', scheduler.daemon]);
  const jobsOf = async ({ id }: Instance) => {
    const { stdout } = await asUser('ada', info, info.entry, scheduler.jobsNamed(`tunel-${id}`), { check: false });
    return stdout.split('\n').filter(Boolean);
  };

  beforeAll(async () => {
    info = await upCluster(scheduler.cluster);
    open = await openTestCore();
    clusterId = await saveCluster(open, info);
  });
  afterAll(async () => {
    if (open) await endOwn(open);
    await open?.close();
  });

  test('what runs goes on, what is launched meanwhile runs once, and nothing is lost', async () => {
    const input = { clusterId, recipe: 'hello', launcher: scheduler.launcher, resources: { memory: 200, time: 10 } };
    const running = await launchReady(open, input);
    const view = viewOf(open, running.id);
    let launched = '';
    await signal('STOP');
    try {
      const end = Date.now() + OUTAGE_MS;
      launched = (await open.request('instances.launch', input)).id;
      while (Date.now() < end) expect((await view.get('/')).status).toBe(200);
      expect(open.state().instances.find(({ id }) => id === running.id)?.state).toBe('ready');
    } finally {
      await signal('CONT');
    }
    const late = await untilReady(open, launched);
    expect(open.state().instances.find(({ id }) => id === running.id)).toMatchObject({
      state: 'ready',
      job: { id: running.job?.id },
    });
    expect((await view.get('/')).status).toBe(200);
    view.close();
    expect(await jobsOf(running)).toHaveLength(1);
    expect(await jobsOf(late)).toHaveLength(1);
    for (const { id } of [running, late])
      expect(await stopApp(open, id)).toMatchObject({ state: 'ended', error: null });
  });
});
