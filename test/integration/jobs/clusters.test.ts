import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { saveCluster } from '../../helpers/apps.ts';
import { type ClusterName, holdClusters } from '../../helpers/cluster-locks.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import { JobClient } from './job-client.ts';

interface Place {
  cluster: ClusterName;
  launcher: LauncherName;
  /** Options of the scheduler with which a job waits; null: there is no queue. */
  waits: string[] | null;
}

const places: Place[] = [
  { cluster: 'login', launcher: 'login', waits: null },
  { cluster: 'slurm24', launcher: 'slurm', waits: ['--begin=now+1hour'] },
  { cluster: 'slurm22', launcher: 'slurm', waits: ['--begin=now+1hour'] },
  { cluster: 'htcondor', launcher: 'htcondor', waits: ['requirements = Machine == "nowhere"'] },
  { cluster: 'gridengine', launcher: 'gridengine', waits: ['-a', '203012312359'] },
];

/** What each scheduler answers about a script that it would take, and a request that it refuses. */
const checks: Record<string, { answer: RegExp; refused: { script?: string; options?: string[] } } | undefined> = {
  slurm: { answer: /to start at/, refused: { script: '#SBATCH --constraint=nope' } },
  gridengine: { answer: /found suitable queue/, refused: { script: '#$ -l nosuch=1' } },
  htcondor: { answer: /./, refused: { options: ['rank = (('] } },
};

const script = `#!/bin/sh
echo "begins in $(basename "$PWD")"
mkdir -p out
tr a-z A-Z <'in put/wörd $(id).txt' >out/result.txt
echo changed >keep.txt
`;

/** Defines a test only where it can be. */
function testWhere(isPossible: boolean, name: string, work: () => Promise<void>): void {
  if (isPossible) test(name, work);
}

beforeAll(() =>
  holdClusters(
    places.map(({ cluster }) => cluster),
    'shared',
  ),
);

// Most of the time is waiting for schedulers, and a job that reaches its time takes more than a minute.
vi.setConfig({ maxConcurrency: 40 });
describe.concurrent.each(places)('a job of $cluster', ({ cluster, launcher, waits }) => {
  let open: TestCore;
  let jobs: JobClient;
  let info: ClusterInfo;
  let clusterId = '';
  const made: string[] = [];

  beforeAll(async () => {
    info = await upCluster(cluster, 'shared');
    open = await openTestCore();
    jobs = new JobClient(open);
    clusterId = await saveCluster(open, info);
  });
  afterAll(async () => {
    await Promise.all(made.map((id) => jobs.discard(id)));
    await open?.close();
  });

  const create = async (name: string, text: string, more: object = {}) => {
    const memory = launcher === 'login' ? null : 200;
    const resources = { memory, ...more };
    const job = await open.request('jobs.create', { clusterId, name, script: text, launcher, resources });
    made.push(job.id);
    return job;
  };

  test('is checked by its scheduler before it is made', async () => {
    const known = checks[launcher];
    const check = (line: string, options: string[] = []) =>
      open.request('jobs.check', { clusterId, launcher, script: `#!/bin/sh\n${line}\ntrue\n`, resources: { options } });
    const checked = await check('#SBATCH --mem=200M');
    expect(checked.launcher).toBe(launcher);
    if (!known) return expect(checked).toMatchObject({ answer: null, expectedStart: null });
    expect(checked.answer).toMatch(known.answer);
    if (launcher === 'slurm') expect(checked).toMatchObject({ expectedStart: expect.any(Number), nodes: 'c1' });
    const { refused } = known;
    await expect(check(refused.script ?? '', refused.options)).rejects.toMatchObject({
      code: expect.stringMatching(/bad-input|limit-exceeded|submit-failed/),
    });
  });

  test('goes from a script and an input to a result', async () => {
    const job = await create('results', script);
    await jobs.put(job.id, 'in put/wörd $(id).txt', 'hello\n');
    await jobs.put(job.id, 'keep.txt', 'old\n');
    await open.request('jobs.submit', { id: job.id });
    const over = await jobs.untilOver(job.id);
    expect(over).toMatchObject({ state: 'completed', error: null, native: { exitCode: 0 } });
    expect(over.native?.id).not.toBe('');
    expect(await jobs.names(job.id)).toEqual(['in put', 'job.json', 'job.log', 'keep.txt', 'out', 'script.sh']);
    expect(await jobs.read(job.id, 'out/result.txt')).toBe('HELLO\n');
    expect(await jobs.read(job.id, 'keep.txt')).toBe('changed\n');
    expect(await jobs.read(job.id, 'job.log')).toContain('begins in');

    const again = await open.request('jobs.rerun', { id: job.id });
    made.push(again.id);
    expect(await jobs.names(again.id)).toEqual(['in put', 'job.json', 'job.log', 'keep.txt', 'script.sh']);
    await open.request('jobs.submit', { id: again.id });
    expect(await jobs.untilOver(again.id)).toMatchObject({ state: 'completed' });
    expect(await jobs.read(again.id, 'out/result.txt')).toBe('HELLO\n');

    await open.request('jobs.remove', { id: job.id });
    const left = await asUser('ada', info, info.entry, ['sh', '-c', `ls -A tunel-jobs | grep ${job.id}`], {
      check: false,
    });
    expect(left.stdout).toBe('');
  });

  test('is canceled, or reaches its time', async () => {
    const cancelled = await create('cancelled', '#!/bin/sh\nsleep 600\n');
    await open.request('jobs.submit', { id: cancelled.id });
    await jobs.until(cancelled.id, 'active', ({ state }) => state === 'active');
    await open.request('jobs.cancel', { id: cancelled.id });
    expect(await jobs.untilOver(cancelled.id)).toMatchObject({ state: 'canceled', error: null });
    if (launcher === 'login') return;
    const late = await create('late', '#!/bin/sh\necho partial >partial.txt\nsleep 600\n', { time: 1 });
    await open.request('jobs.submit', { id: late.id });
    const over = await jobs.untilOver(late.id, 400_000);
    expect(over).toMatchObject({ state: 'failed', error: { code: 'job-failed' } });
    expect(over.error?.message).toMatch(/time/i);
    expect(await jobs.names(late.id)).toContain('partial.txt');
  });

  testWhere(waits !== null, 'is held and released while it waits', async () => {
    const job = await create('held', '#!/bin/sh\nexit 0\n', { options: waits });
    await open.request('jobs.submit', { id: job.id });
    await jobs.until(job.id, 'queued', ({ state, native }) => state === 'queued' && native?.state !== '');
    await open.request('jobs.hold', { id: job.id });
    await jobs.until(job.id, 'held', ({ state }) => state === 'held');
    await expect(open.request('jobs.hold', { id: job.id })).rejects.toMatchObject({ code: 'conflict' });
    await open.request('jobs.release', { id: job.id });
    await jobs.until(job.id, 'queued again', ({ state }) => state === 'queued');
    await open.request('jobs.cancel', { id: job.id });
    expect(await jobs.untilOver(job.id)).toMatchObject({ state: 'canceled' });
  });

  testWhere(launcher === 'slurm', 'of another user is not touched, whatever its name', async () => {
    const job = await create('mine', '#!/bin/sh\nsleep 600\n');
    const options = ['-J', `tunel-${job.id}`, '-o', '/dev/null', '--mem=100', '--wrap', 'sleep 600'];
    const { stdout } = await asUser('ben', info, info.entry, ['sbatch', '--parsable', ...options]);
    const foreign = stdout.trim();
    const stateOfForeign = async () =>
      (await asUser('ben', info, info.entry, ['squeue', '-h', '-o', '%T', '-j', foreign])).stdout.trim();
    try {
      await open.request('jobs.submit', { id: job.id });
      const active = await jobs.until(job.id, 'active', ({ state }) => state === 'active');
      expect(active.native?.id).not.toBe(foreign);
      await open.request('jobs.cancel', { id: job.id });
      await jobs.untilOver(job.id);
      expect(await stateOfForeign()).toBe('RUNNING');
    } finally {
      await asUser('ben', info, info.entry, ['scancel', foreign]);
    }
  });

  testWhere(launcher === 'htcondor' || launcher === 'slurm', 'of several tasks gives all their results', async () => {
    const job = await create(
      'tasks',
      '#!/bin/sh\necho "$TUNEL_TASK$SLURM_ARRAY_TASK_ID" >"r-$TUNEL_TASK$SLURM_ARRAY_TASK_ID"\n',
      {
        array: '0-2',
      },
    );
    await open.request('jobs.submit', { id: job.id });
    const over = await jobs.untilOver(job.id);
    expect(over).toMatchObject({ state: 'completed', native: { tasks: { completed: 3, failed: 0 } } });
    expect((await jobs.names(job.id)).filter((name) => name.startsWith('r-'))).toEqual(['r-0', 'r-1', 'r-2']);
  });

  testWhere(cluster === 'slurm24', 'of several tasks is run again for those that failed', async () => {
    const text =
      '#!/bin/sh\n#SBATCH --array=0-4%4\ncase $SLURM_ARRAY_TASK_ID in 1 | 3) [ -e fixed ] || exit 3 ;; esac\n';
    const job = await create('some fail', text);
    await open.request('jobs.submit', { id: job.id });
    await jobs.untilOver(job.id);
    const { tasks, total } = await open.request('jobs.tasks', { id: job.id, states: ['failed'] });
    expect(tasks.map(({ index, exitCode }) => [index, exitCode])).toEqual([
      [1, 3],
      [3, 3],
    ]);
    expect(total).toBe(2);
    expect(await open.request('jobs.tasks', { id: job.id })).toMatchObject({ total: 5, next: null });

    const again = await open.request('jobs.rerun', { id: job.id, tasks: 'failed' });
    made.push(again.id);
    expect(again).toMatchObject({ state: 'new', rerunOf: job.id, resources: { array: '1,3%4' } });
    expect((await open.request('jobs.get', { id: again.id })).script).toContain('#SBATCH --array=1,3%4\n');
    await jobs.put(again.id, 'fixed', '');
    await open.request('jobs.submit', { id: again.id });
    expect(await jobs.untilOver(again.id)).toMatchObject({ state: 'completed', native: { tasks: { completed: 2 } } });
  });
});
