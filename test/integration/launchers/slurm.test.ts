import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Submission } from '../../../electron/core/launchers/common/launcher.ts';
import { slurm } from '../../../electron/core/launchers/slurm/index.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import { offersFor } from '../../../electron/shared/combination-policy.ts';
import { type Resources, resourcesSchema } from '../../../electron/shared/instances.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { asUser, type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { eventually, makeInstance, untilJob } from '../../helpers/instance.ts';
import { pollStatuses } from '../../helpers/job-answers.ts';
import { localShell } from '../../helpers/local-shell.ts';
import { checkWayIn, wayInCommand } from '../../helpers/ssh-channel.ts';
import { type SshShell, sshShell } from '../../helpers/ssh-shell.ts';

let cluster: ClusterInfo;
let shell: SshShell;
let overLimit: { id: string; directory: string };
const submitted: string[] = [];

beforeAll(async () => {
  cluster = await upCluster('slurm24');
  shell = sshShell(cluster, cluster.entry);
  // Slurm's shortest limit is a minute: this job meets it while the other tests run.
  const submission = await makeInstance(cluster, cluster.entry, 'exec sleep 600', { time: 1 });
  overLimit = { id: await slurm.submit(shell, submission), directory: submission.directory };
});
afterAll(async () => {
  await slurm.cancel(shell, [overLimit], 'now');
});

/** Ends only what this file submitted, and waits for it: its cores are the next test's. */
async function cleanUp(): Promise<void> {
  const ids = submitted.splice(0);
  if (ids.length === 0) return;
  await onNode(cluster, cluster.entry, ['scancel', ...ids], { check: false });
  const left = () =>
    onNode(cluster, cluster.entry, ['squeue', '-h', '-j', ids.join(','), '-o', '%i'], { check: false });
  await eventually(left, ({ stdout }) => stdout.trim() === '');
}
afterEach(cleanUp);

async function submit(
  script: string,
  resources: Partial<Resources> = {},
): Promise<{ id: string; directory: string; submission: Submission }> {
  const submission = await makeInstance(cluster, cluster.entry, script, resources);
  const id = await slurm.submit(shell, submission);
  submitted.push(id);
  return { id, directory: submission.directory, submission };
}

const file = async (path: string): Promise<string> =>
  (await asUser('ada', cluster, cluster.entry, ['cat', path])).stdout;

describe('detect', () => {
  it('reads version, queues with limits, free cores and accounts', async () => {
    const info = await slurm.detect(shell);
    expect(info?.version).toMatch(/^24\.11\./);
    expect(info?.accounts).toEqual(['lab']);
    expect(info?.qos).toEqual(['normal']);
    expect(info?.queues.map((queue) => queue.gpuTypes)).toEqual([['fake'], [], ['fake']]);
    expect(info?.queues.map((queue) => queue.name)).toEqual(['cpu', 'debug', 'gpu']);
    expect(info?.queues[0]).toMatchObject({
      isDefault: true,
      state: 'UP',
      maxSeconds: 28_800,
      defaultSeconds: 600,
      cpusPerNode: 4,
      memoryPerNode: 4000,
      gpusPerNode: 2,
      nodes: 2,
      cpusTotal: 8,
    });
    expect(info?.queues[0]?.cpusFree).toBeGreaterThanOrEqual(0);
    expect(info?.queues[1]).toMatchObject({ maxSeconds: 300, defaultSeconds: 60, cpusPerNode: 2, gpusPerNode: 0 });
    expect(info?.queues[2]).toMatchObject({ gpusPerNode: 2, maxSeconds: 7200 });
  });

  it('says which queue takes which account, as the controller does', async () => {
    const admin = (...command: string[]) => onNode(cluster, 'sctl', command, { check: false });
    const ada = async (...command: string[]) =>
      (await asUser('ada', cluster, cluster.entry, command, { check: false })).stdout.trim();
    const send = (account: string) =>
      ada('sbatch', '--parsable', '--output=/dev/null', '--partition=chem', `--account=${account}`, '--wrap=true');
    try {
      await admin('sacctmgr', '-i', 'add', 'account', 'chem', 'description=chem', 'organization=chem');
      await admin('sacctmgr', '-i', 'add', 'user', 'ada', 'account=chem');
      await admin('scontrol', 'create', 'PartitionName=chem', 'Nodes=c2', 'AllowAccounts=chem', 'MaxTime=10');
      const info = (await slurm.detect(shell))!;
      expect(info.associations?.map(({ account }) => account).sort()).toEqual(['chem', 'lab']);
      const queuesFor = (account: string) =>
        offersFor(info, { account, queue: '', qos: '', gpuType: '', gpus: null }, 'queue').flatMap((offer) =>
          offer.refusal ? [] : [offer.value],
        );
      expect(queuesFor('lab')).toEqual(['cpu', 'debug', 'gpu']);
      expect(queuesFor('chem')).toEqual(['cpu', 'chem', 'debug', 'gpu']);
      // This controller takes such a job (EnforcePartLimits=NO) and never begins it.
      const refused = await send('lab');
      submitted.push(refused);
      await eventually(
        () => ada('squeue', '-h', '-j', refused, '-o', '%T %r'),
        (line) => /^PENDING (PartitionConfig|AccountNotAllowed)$/.test(line),
      );
    } finally {
      await cleanUp();
      await admin('scontrol', 'delete', 'PartitionName=chem');
      await admin('sacctmgr', '-i', 'delete', 'user', 'ada', 'account=chem');
      await admin('sacctmgr', '-i', 'delete', 'account', 'chem');
    }
  });

  it('is null where there is no Slurm', async () => {
    expect(await slurm.detect(localShell)).toBeNull();
    const directory = await mkdtemp(join(tmpdir(), 'tunel-no-slurm-'));
    await writeFile(join(directory, 'run.sh'), '#!/bin/sh\n', { mode: 0o700 });
    const submission = { instanceId: 'none', directory, jobName: 'tunel-none', resources: resourcesSchema.parse({}) };
    await expect(slurm.submit(localShell, submission)).rejects.toMatchObject({ code: 'command-missing' });
    await rm(directory, { recursive: true });
  });

  it('finds a Slurm that only the login shell has in its path', async () => {
    const bare = `PATH=/usr/lib/klibc/bin:/nonexistent\n`;
    const hidden = {
      run: (script: string, options = {}) =>
        shell.run(
          `mkdir -p "$HOME/few"; for tool in bash sh sed tail head id cat printf; do ln -sf "$(command -v $tool)" "$HOME/few/$tool"; done\n${bare}PATH=$HOME/few\n${script}`,
          options,
        ),
    };
    expect((await slurm.detect(hidden))?.queues).toHaveLength(3);
  });
});

describe('a job from its beginning to its end', () => {
  it('waits with a reason, runs on a node, completes with 0', async () => {
    const submittedAt = Date.now();
    // Two jobs nearly fill both nodes, so that the third has to wait for a reason of Slurm's.
    const first = await submit('exec sleep 600', { cpus: 3, time: 12 });
    const second = await submit('exec sleep 600', { cpus: 3, time: 12 });
    const third = await submit('echo out; echo err >&2; exit 0', { cpus: 2, time: 1 });
    await untilJob(slurm, shell, second, (job) => job.state === 'running');
    const waiting = await untilJob(slurm, shell, third, (job) => /^(Resources|Priority)$/.test(job.nativeReason));
    expect(waiting).toMatchObject({
      state: 'pending',
      nativeState: 'PENDING',
      node: '',
      queue: 'cpu',
      startedAt: null,
    });
    const expected = await untilJob(slurm, shell, third, (job) => job.startsAt !== null);
    expect(expected.startsAt).toBeGreaterThan(Date.now() - 5000);

    const running = await untilJob(slurm, shell, first, (job) => job.state === 'running');
    expect(running.node).toMatch(/^c[12]$/);
    // The clock of Slurm has seconds.
    expect(running.startedAt).toBeGreaterThan(submittedAt - 2000);
    expect(running.startedAt).toBeLessThan(Date.now() + 2000);
    expect((running.endsAt ?? 0) - (running.startedAt ?? 0)).toBe(720_000);

    await slurm.cancel(shell, [first], 'now');
    const done = await untilJob(slurm, shell, third, (job) => job.state === 'completed');
    expect(done).toMatchObject({ exitCode: 0, signal: null, reason: '' });
    expect(done.endedAt).not.toBeNull();
    expect(await file(`${third.directory}/log`)).toBe('out\nerr\n');
    const mode = await asUser('ada', cluster, cluster.entry, ['stat', '-c', '%a', `${third.directory}/log`]);
    expect(mode.stdout.trim()).toBe('600');
  });

  it('says when an administrator ended it', async () => {
    const job = await submit('exec sleep 600', { time: 12 });
    await untilJob(slurm, shell, job, (status) => status.state === 'running');
    await onNode(cluster, cluster.entry, ['scancel', job.id]);
    const ended = await untilJob(slurm, shell, job, (status) => status.state === 'cancelled');
    expect(ended.reason).toBe('cancelled by an administrator');
  });
});

describe('submit', () => {
  it('gives the same job when asked twice, at once or after a lost answer', async () => {
    const submission = await makeInstance(cluster, cluster.entry, 'exec sleep 600', { time: 12 });
    const ids = await Promise.all([
      slurm.submit(shell, submission),
      slurm.submit(shell, submission),
      slurm.submit(shell, submission),
    ]);
    submitted.push(...ids);
    expect(new Set(ids).size).toBe(1);
    await asUser('ada', cluster, cluster.entry, ['rm', `${submission.directory}/jobid`]);
    expect(await slurm.submit(shell, submission)).toBe(ids[0]);
    const { stdout } = await onNode(cluster, cluster.entry, ['squeue', '-h', '-n', submission.jobName, '-o', '%i']);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it('finds a job that has ended meanwhile, and takes over the lock of a shell that is gone', async () => {
    const job = await submit('exit 0', { time: 1 });
    await untilJob(slurm, shell, job, (status) => status.state === 'completed');
    const dead = '{ uname -n; echo 999999999; } | tr "\\n" " "';
    await asUser('ada', cluster, cluster.entry, `cd ${job.directory}; rm jobid; ln -s "$(${dead})1" submit.lock.1`);
    expect(await slurm.submit(shell, job.submission)).toBe(job.id);
  });

  it('leaves one job, wherever the first attempt was killed', async () => {
    /** bash kills itself before the command number `count`. */
    const killedAt = (count: number): Shell => ({
      run: (script, runOptions) =>
        shell.run(
          `exec bash -c ${quote(`set -T; n=0; trap 'n=$((n + 1)); [ "$n" -ne ${count} ] || kill -KILL $$ $BASHPID' DEBUG\n${script}`)}`,
          runOptions,
        ),
    });
    const attempt = async (count: number): Promise<boolean> => {
      const submission = await makeInstance(cluster, cluster.entry, 'exit 0', { options: ['--hold'] });
      const killed = await slurm.submit(killedAt(count), submission).then(
        () => false,
        () => true,
      );
      const id = await slurm.submit(shell, submission);
      submitted.push(id);
      const told = await onNode(cluster, cluster.entry, ['squeue', '-h', '-n', submission.jobName, '-o', '%i']);
      expect(told.stdout.trim(), `killed at command ${count}`).toBe(id);
      return killed;
    };
    const counts = Array.from({ length: 12 }, (_, index) => 3 + index * 6);
    const killed: boolean[] = [];
    await Promise.all(
      [0, 1, 2, 3].map(async (lane) => {
        for (const count of counts.filter((_, index) => index % 4 === lane)) killed.push(await attempt(count));
      }),
    );
    expect(killed.filter(Boolean).length).toBeGreaterThan(4);
  });

  it('passes every resource on as Slurm understands it', async () => {
    const job = await submit('exec sleep 600', {
      queue: 'gpu',
      account: 'lab',
      cpus: 2,
      memory: 300,
      time: 7,
      gpus: 1,
    });
    const { stdout } = await onNode(cluster, cluster.entry, ['scontrol', 'show', 'job', '-o', job.id]);
    expect(stdout).toMatch(/Partition=gpu .*TimeLimit=00:07:00|TimeLimit=00:07:00.*Partition=gpu/);
    expect(stdout).toMatch(/NumCPUs=2 /);
    expect(stdout).toMatch(/MinMemoryNode=300M/);
    expect(stdout).toMatch(/gres.gpu[=:]1/);
    expect(stdout).toMatch(/Account=lab .*Requeue=0/);
  });

  it.each([
    ['a queue that does not exist', { queue: 'nope' }, 'queue-unknown', /cpu, debug, gpu|cpu, gpu, debug/],
    ['an account that does not exist', { account: 'nope' }, 'account-invalid', /lab/],
    ['more memory than a node has', { memory: 99_999_999 }, 'limit-exceeded', /less/],
    ['more cores than a node has', { cpus: 64 }, 'limit-exceeded', /less/],
    ['more GPUs than a node has', { gpus: 9, queue: 'gpu' }, 'limit-exceeded', /less/],
    ['a queue named like an option and a command', { queue: '$(touch ~/pwned) --help\'"' }, 'queue-unknown', /cpu/],
  ] as const)("refuses %s, twice, with Slurm's own words", async (_, resources, code, hint) => {
    const submission = await makeInstance(cluster, cluster.entry, 'exec sleep 600', resources);
    for (const attempt of [1, 2]) {
      const error = {
        code,
        hint: expect.stringMatching(hint),
        detail: expect.stringMatching(/sbatch: error|allocation failure/),
      };
      await expect(slurm.submit(shell, submission), `attempt ${attempt}`).rejects.toMatchObject(error);
    }
    const left = await asUser(
      'ada',
      cluster,
      cluster.entry,
      `ls ${submission.directory} ~ | grep -e lock -e pwned -e jobid`,
      { check: false },
    );
    expect(left.stdout).toBe('');
    const told = await onNode(cluster, cluster.entry, ['sacct', '-nX', '--name', submission.jobName]);
    expect(told.stdout).toBe('');
  });

  it('says that the directory is gone', async () => {
    const submission = await makeInstance(cluster, cluster.entry, 'exit 0');
    await asUser('ada', cluster, cluster.entry, ['rm', '-r', submission.directory]);
    await expect(slurm.submit(shell, submission)).rejects.toMatchObject({ code: 'submit-failed' });
  });
});

describe('what a job may ask for', () => {
  it('takes nodes, quality of service and native options, and says what was expected', async () => {
    const options = ['--comment=two words $(id)', '--hold'];
    const job = await submit('exec sleep 600', { nodes: 2, qos: 'normal', time: 3, options });
    const { stdout } = await onNode(cluster, cluster.entry, ['scontrol', 'show', 'job', '-o', job.id]);
    expect(stdout).toMatch(/NumNodes=2/);
    expect(stdout).toMatch(/QOS=normal/);
    expect(stdout).toContain('Comment=two words $(id)');
    const held = await untilJob(slurm, shell, job, (status) => status.state === 'held');
    expect(held).toMatchObject({
      heldBy: 'user',
      reason: expect.stringMatching(/you asked/),
      nativeReason: 'JobHeldUser',
    });
    expect(await file(`${job.directory}/estimate`)).toMatch(/^sbatch: Job \d+ to start at \d+ using 2 processors/);
    await onNode(cluster, cluster.entry, ['scontrol', 'hold', job.id]);
    await untilJob(slurm, shell, job, (status) => status.heldBy === 'system');
    await expect(slurm.release?.(shell, [job])).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/administrator/),
    });
    await onNode(cluster, cluster.entry, ['scontrol', 'release', job.id]);
    await untilJob(slurm, shell, job, (status) => status.state === 'running');
  });

  it('releases a job and an array that their user holds, and says of others why not', async () => {
    const held = (array: string) => submit('exec sleep 600', { time: 3, array, options: ['--hold'] });
    const jobs = [await held(''), await held('1-2')];
    for (const job of jobs) await untilJob(slurm, shell, job, ({ heldBy }) => heldBy === 'user');
    await slurm.release?.(shell, jobs);
    for (const job of jobs) await untilJob(slurm, shell, job, ({ state }) => state === 'running');
    // Of those that are not on hold Slurm says nothing, and leaves them as they are.
    await slurm.release?.(shell, jobs);
    for (const job of jobs) await untilJob(slurm, shell, job, ({ state }) => state === 'running');
    const gone = { id: '999999', directory: jobs[0]!.directory };
    await expect(slurm.release?.(shell, [gone])).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says beforehand whether Slurm would take it, by its script too, and submits nothing', async () => {
    const submission = await makeInstance(cluster, cluster.entry, 'exit 0', { time: 1 });
    const verdict = await slurm.verify?.(shell, submission, '#!/bin/sh\n#SBATCH --mem=10M\ntrue\n');
    expect(verdict).toMatchObject({ text: expect.stringMatching(/to start at/), startsAt: expect.any(Number) });
    const unknown = { ...submission, resources: { ...submission.resources, queue: 'nope' } };
    await expect(slurm.verify?.(shell, unknown, '#!/bin/sh\n')).rejects.toMatchObject({ code: 'queue-unknown' });
    await expect(slurm.verify?.(shell, submission, '#!/bin/sh\n#SBATCH --constraint=nope\n')).rejects.toMatchObject({
      code: 'bad-input',
    });
    const told = await onNode(cluster, cluster.entry, ['sacct', '-nX', '--name', submission.jobName]);
    expect(told.stdout).toBe('');
  });

  it('refuses an option that would break it, and one that Slurm does not know, before there is a job', async () => {
    for (const [option, code] of [
      ['--wrap=reboot', 'bad-input'],
      ['--constraint=nope', 'bad-input'],
      ['--no-such-option', 'bad-input'],
    ] as const) {
      const submission = await makeInstance(cluster, cluster.entry, 'exit 0', { options: [option] });
      await expect(slurm.submit(shell, submission), option).rejects.toMatchObject({ code });
      const told = await onNode(cluster, cluster.entry, ['sacct', '-nX', '--name', submission.jobName]);
      expect(told.stdout).toBe('');
    }
  });

  it('runs the tasks of an array as one job, each with a log of its own', async () => {
    const script = 'echo "task $SLURM_ARRAY_TASK_ID"; [ "$SLURM_ARRAY_TASK_ID" != 3 ] || exit 4';
    const job = await submit(script, { array: '1-6%3', time: 1 });
    expect(await slurm.submit(shell, job.submission)).toBe(job.id);
    await asUser('ada', cluster, cluster.entry, ['rm', `${job.directory}/jobid`]);
    expect(await slurm.submit(shell, job.submission)).toBe(job.id);
    const ended = await untilJob(slurm, shell, job, (status) => status.state === 'failed');
    expect(ended).toMatchObject({ exitCode: 4, tasks: { pending: 0, running: 0, completed: 5, failed: 1 } });
    expect(await file(`${job.directory}/log-${job.id}_2`)).toBe('task 2\n');
  });
});

describe('a way into a job', () => {
  it.each([
    ['alone on its node', { options: ['--exclusive'] }, 10_000_000],
    ['with every GPU and all the memory taken', { queue: 'gpu', gpus: 2, memory: 3500, cpus: 4 }, 100_000],
    ['on two nodes', { nodes: 2 }, 100_000],
  ])('%s: bytes pass unchanged both ways, and nothing stays', async (_, resources, size) => {
    const job = await submit('hostname >where; exec sleep 600', { time: 12, ...resources });
    const { node } = await untilJob(slurm, shell, job, (status) => status.state === 'running');
    const where = (
      await eventually(
        () => asUser('ada', cluster, cluster.entry, ['cat', `${job.directory}/where`], { check: false }),
        ({ code }) => code === 0,
      )
    ).stdout.trim();
    expect(node).toBe(where);
    await checkWayIn(cluster, slurm.enter({ ...job, node }, wayInCommand) ?? '', where, size);
    const left = () =>
      onNode(cluster, cluster.entry, `pgrep -u ada -f '[s]run.*jobid=${job.id}'; squeue -s -h -j ${job.id}`, {
        check: false,
      });
    await eventually(left, ({ stdout }) => stdout !== '' && !/srun|\.0 |^\d+$/m.test(stdout));
    const processes = await onNode(cluster, where, ['pgrep', '-u', 'ada', '-x', 'cat'], { check: false });
    expect(processes.stdout).toBe('');
  });
});

describe('many jobs', () => {
  it('polls twenty of them, and strangers, by one call', async () => {
    const submissions = await Promise.all(
      Array.from({ length: 20 }, () =>
        makeInstance(cluster, cluster.entry, 'exec sleep 600', { time: 12, queue: 'gpu', cpus: 4 }),
      ),
    );
    const jobs = await Promise.all(
      submissions.map(async (submission) => {
        const id = await slurm.submit(shell, submission);
        submitted.push(id);
        return { id, directory: submission.directory };
      }),
    );
    const before = shell.runs();
    const asked = [...jobs, { id: '99999', directory: '/nonexistent' }, { id: '1; reboot', directory: '/' }];
    const statuses = await pollStatuses(slurm, shell, asked);
    expect(shell.runs() - before).toBe(1);
    expect(statuses.size).toBe(22);
    expect(
      jobs.map((job) => statuses.get(job.id)?.state).filter((state) => state === 'pending' || state === 'running'),
    ).toHaveLength(20);
    expect(statuses.get('99999')).toMatchObject({ state: 'unknown', reason: 'the scheduler no longer knows it' });
    expect(statuses.get('1; reboot')?.state).toBe('unknown');
    await slurm.cancel(shell, asked, 'now');
    const left = await onNode(
      cluster,
      cluster.entry,
      ['squeue', '-h', '-t', 'PD', '-j', jobs.map((job) => job.id).join(',')],
      { check: false },
    );
    expect(left.stdout.trim()).toBe('');
  });
});

describe('cancel', () => {
  it('asks first: the app gets TERM and has time to save', async () => {
    const job = await submit(
      `trap 'echo saving; sleep 1; echo saved >saved; exit 0' TERM\necho up >up\nwhile :; do sleep 0.1; done`,
      { time: 12 },
    );
    await eventually(
      () => asUser('ada', cluster, cluster.entry, ['cat', `${job.directory}/up`], { check: false }),
      ({ code }) => code === 0,
    );
    await slurm.cancel(shell, [job], 'ask');
    await untilJob(slurm, shell, job, (status) => status.state === 'completed');
    expect(await file(`${job.directory}/saved`)).toBe('saved\n');
  });

  it('withdraws a job that waits, and takes the end of one that is gone for no error', async () => {
    const job = await submit('exec sleep 600', { queue: 'debug', time: 600 });
    await slurm.cancel(shell, [job, { id: '99999', directory: '/' }], 'ask');
    await untilJob(slurm, shell, job, (status) => status.state === 'cancelled');
    await slurm.cancel(shell, [job], 'ask');
    await slurm.cancel(shell, [job], 'now');
  });
});

describe('while a part of Slurm is away', () => {
  /** The same commands with a configuration that a `sed` script has changed: what they then say is their own. */
  const changed = (sed: string): Shell => ({
    run: (script, options) =>
      shell.run(
        `file=$HOME/slurm-$$.conf; sed ${quote(sed)} /etc/slurm/slurm.conf >"$file"; trap 'rm -f "$file"' EXIT
SLURM_CONF=$file; export SLURM_CONF
(
${script}
)`,
        options,
      ),
  });
  const noController = 's/^SlurmctldPort=.*/SlurmctldPort=6899/; $a MessageTimeout=2';

  it('rejects, so that callers keep what they know, and submits nothing', async () => {
    const away = { code: 'command-failed', message: expect.stringMatching(/controller does not answer/) };
    await expect(pollStatuses(slurm, changed(noController), [overLimit])).rejects.toMatchObject(away);
    await expect(slurm.detect(changed(noController))).rejects.toMatchObject({ code: 'command-failed' });
    const submission = await makeInstance(cluster, cluster.entry, 'exec sleep 600');
    await expect(slurm.submit(changed(noController), submission)).rejects.toMatchObject(away);
    await expect(slurm.cancel(changed(noController), [overLimit], 'now')).rejects.toMatchObject(away);
  });

  it('takes the end from the controller while accounting is away, and leaves out what nobody tells', async () => {
    const job = await submit('exit 4', { time: 1 });
    await untilJob(slurm, shell, job, (status) => status.state === 'failed');
    const stranger = { id: '99999', directory: '/nonexistent' };
    const statuses = await pollStatuses(slurm, changed('$a AccountingStoragePort=6899'), [job, stranger]);
    expect(statuses.get(job.id)).toMatchObject({ state: 'failed', exitCode: 4 });
    expect(statuses.has(stranger.id)).toBe(false);
  });

  it('works without any accounting, to the exit file of the app', async () => {
    const none = changed(
      's/^AccountingStorageType=.*/AccountingStorageType=accounting_storage\\/none/; /^AccountingStorageHost/d',
    );
    const job = await submit('exit 5', { time: 1 });
    await untilJob(slurm, none, job, (status) => status.state === 'failed' && status.exitCode === 5);
    const forgotten = { id: '99998', directory: job.directory };
    await asUser('ada', cluster, cluster.entry, `echo 7 >${job.directory}/exit`);
    const statuses = await pollStatuses(slurm, none, [forgotten, { id: '99999', directory: '/nonexistent' }]);
    expect(statuses.get('99998')).toMatchObject({ state: 'failed', exitCode: 7 });
    expect(statuses.get('99999')).toMatchObject({ state: 'unknown' });
  });
});

describe('every kind of end', () => {
  it('tells apart exit code, signal, time limit, cancellation, all in one poll', async () => {
    const jobs = {
      code: await submit('exit 3', { time: 1 }),
      signal: await submit('kill -SEGV $$', { time: 1 }),
      limit: overLimit,
      stopped: await submit('exec sleep 600', { time: 5 }),
      long: await submit('exec sleep 600', { queue: 'debug', time: 600 }),
    };
    await untilJob(slurm, shell, jobs.stopped, (job) => job.state === 'running');
    await slurm.cancel(shell, [jobs.stopped], 'now');
    const all = Object.values(jobs);
    const before = shell.runs();
    const polls = { count: 0 };
    const ended = await eventually(
      async () => {
        polls.count += 1;
        return pollStatuses(slurm, shell, all);
      },
      (statuses) => all.every((job) => job === jobs.long || statuses.get(job.id)?.endedAt),
    );
    expect(shell.runs() - before).toBe(polls.count);
    expect(ended.get(jobs.code.id)).toMatchObject({
      state: 'failed',
      exitCode: 3,
      signal: null,
      nativeState: 'FAILED',
    });
    expect(ended.get(jobs.signal.id)).toMatchObject({ state: 'failed', exitCode: null, signal: 11 });
    expect(ended.get(jobs.limit.id)).toMatchObject({ state: 'timeout', nativeState: 'TIMEOUT', exitCode: null });
    expect(ended.get(jobs.stopped.id)).toMatchObject({ state: 'cancelled', exitCode: null, signal: null });
    expect(ended.get(jobs.stopped.id)?.nativeState).toMatch(/^CANCELLED by 1001/);
    expect(ended.get(jobs.long.id)).toMatchObject({
      reason: expect.stringMatching(/more time than this queue allows/),
      nativeReason: 'PartitionTimeLimit',
    });
  });
});
