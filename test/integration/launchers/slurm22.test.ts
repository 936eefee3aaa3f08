import { afterAll, beforeAll, expect, it } from 'vitest';
import { slurm } from '../../../electron/core/launchers/slurm/index.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { eventually, makeInstance, untilJob } from '../../helpers/instance.ts';
import { pollStatuses } from '../../helpers/job-answers.ts';
import { checkWayIn, wayInCommand } from '../../helpers/ssh-channel.ts';
import { type SshShell, sshShell } from '../../helpers/ssh-shell.ts';

let cluster: ClusterInfo;
let shell: SshShell;
const jobs: { id: string; directory: string }[] = [];

beforeAll(async () => {
  cluster = await upCluster('slurm22');
  shell = sshShell(cluster, cluster.entry);
});
afterAll(() => slurm.cancel(shell, jobs, 'now'));

it('works alike with Slurm 22.05, whose JSON is another', async () => {
  const info = await slurm.detect(shell);
  expect(info).toMatchObject({ version: '22.05.8', accounts: ['lab'], qos: ['normal'] });
  expect(info?.queues.map((queue) => [queue.name, queue.isDefault, queue.maxSeconds, queue.gpusPerNode])).toEqual([
    ['cpu', true, 28_800, 2],
    ['debug', false, 300, 0],
    ['gpu', false, 7200, 2],
  ]);

  const scripts = ['exit 3', 'kill -KILL $$', 'exec sleep 600', "trap 'exit 0' TERM; while :; do sleep 0.1; done"];
  for (const script of scripts) {
    const submission = await makeInstance(cluster, cluster.entry, script, { time: 2, memory: 200, gpus: 0 });
    const id = await slurm.submit(shell, submission);
    expect(await slurm.submit(shell, submission)).toBe(id);
    jobs.push({ id, directory: submission.directory });
  }
  const states = async () => {
    const statuses = await pollStatuses(slurm, shell, jobs);
    return jobs.map((job) => statuses.get(job.id));
  };
  const [, , running] = await eventually(
    states,
    (seen) => seen[2]?.state === 'running' && seen[3]?.state === 'running',
  );
  expect((running?.endsAt ?? 0) - (running?.startedAt ?? 0)).toBe(120_000);
  const inside = { ...jobs[2]!, node: running?.node ?? '' };
  await checkWayIn(cluster, slurm.enter(inside, wayInCommand) ?? '', inside.node, 1_000_000);
  await slurm.cancel(shell, jobs.slice(2, 3), 'now');
  await slurm.cancel(shell, jobs.slice(3), 'ask');
  const ended = await eventually(states, (seen) => seen.every((job) => job?.endedAt));
  expect(ended).toMatchObject([
    { state: 'failed', exitCode: 3, signal: null },
    { state: 'failed', exitCode: null, signal: 9 },
    { state: 'cancelled' },
    { state: 'completed', exitCode: 0 },
  ]);

  const tasks = await makeInstance(cluster, cluster.entry, '[ "$SLURM_ARRAY_TASK_ID" != 3 ] || exit 4', {
    array: '1-4',
    options: ['--hold'],
  });
  const array = { id: await slurm.submit(shell, tasks), directory: tasks.directory };
  jobs.push(array);
  const held = await untilJob(slurm, shell, array, (status) => status.state === 'held');
  expect(held).toMatchObject({ heldBy: 'user', tasks: { pending: 4, running: 0 } });
  await asUser('ada', cluster, cluster.entry, ['scontrol', 'release', array.id]);
  const whole = await untilJob(slurm, shell, array, (status) => status.state === 'failed');
  expect(whole).toMatchObject({ exitCode: 4, tasks: { pending: 0, running: 0, completed: 3, failed: 1 } });

  const wrong = await makeInstance(cluster, cluster.entry, 'exit 0', { queue: 'nope' });
  await expect(slurm.submit(shell, wrong)).rejects.toMatchObject({
    code: 'queue-unknown',
    hint: expect.stringMatching(/cpu, debug, gpu/),
  });
});
