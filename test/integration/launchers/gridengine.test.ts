import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Submission } from '../../../electron/core/launchers/common/launcher.ts';
import { gridengine } from '../../../electron/core/launchers/gridengine/index.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import type { JobStatus, Resources } from '../../../electron/shared/instances.ts';
import { asUser, type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { eventually, makeInstance, untilJob } from '../../helpers/instance.ts';
import { pollStatuses } from '../../helpers/job-answers.ts';
import { localShell } from '../../helpers/local-shell.ts';
import { type SshShell, sshShell } from '../../helpers/ssh-shell.ts';

let cluster: ClusterInfo;
let shell: SshShell;
const jobs: Job[] = [];
const directories: string[] = [];

interface Job {
  id: string;
  directory: string;
  submission: Submission;
}

beforeAll(async () => {
  cluster = await upCluster('gridengine');
  shell = sshShell(cluster, cluster.entry);
});

/** A command of Grid Engine's as root, who is its manager here. */
const sge = (command: string, check = true) =>
  onNode(cluster, cluster.entry, `. /etc/profile.d/gridengine.sh; ${command}`, { check });
const ada = (command: string, check = true) =>
  asUser('ada', cluster, cluster.entry, `. /etc/profile.d/gridengine.sh; ${command}`, { check });

/** Ends only what this file submitted. The tests run side by side: most of their time is the scheduler's. */
afterAll(async () => {
  const ids = jobs.map((job) => job.id);
  await sge(`qdel ${ids.join(' ')}`, false);
  const left = () => sge(`qstat -u ada | awk '{ print $1 }' | grep -xE '${ids.join('|')}'`, false);
  await eventually(left, ({ stdout }) => stdout.trim() === '');
  await ada(`rm -rf ${directories.join(' ')}`);
});

async function make(script: string, resources: Partial<Resources> = {}): Promise<Submission> {
  const submission = await makeInstance(cluster, cluster.entry, script, resources);
  directories.push(submission.directory);
  return submission;
}

async function submit(script: string, resources: Partial<Resources> = {}): Promise<Job> {
  const submission = await make(script, resources);
  const job = { id: await gridengine.submit(shell, submission), directory: submission.directory, submission };
  jobs.push(job);
  return job;
}

const until = (job: Job, state: string) => untilJob(gridengine, shell, job, (status) => status.state === state);
const file = async (path: string): Promise<string> => (await ada(`cat ${path}`)).stdout;

describe.concurrent('detect', () => {
  it('reads version, queues with limits and free cores, and is null elsewhere', async () => {
    const info = await gridengine.detect(shell);
    expect(info?.version).toBe('SGE 8.1.9');
    expect(info?.queues.map((queue) => queue.name)).toEqual(['all.q', 'short.q']);
    expect(info?.queues[0]).toMatchObject({ state: 'UP', maxSeconds: 28_800, cpusPerNode: 4, nodes: 2, cpusTotal: 8 });
    expect(info?.queues[1]).toMatchObject({ maxSeconds: 600, gpusPerNode: 0 });
    expect(info?.queues[0]?.memoryPerNode).toBeGreaterThan(1000);
    expect(await gridengine.detect(localShell)).toBeNull();
  });

  it('finds a Grid Engine that only the login shell knows', async () => {
    const bare = { run: (script: string, options = {}) => shell.run(`unset SGE_ROOT SGE_CELL\n${script}`, options) };
    expect((await gridengine.detect(bare))?.queues).toHaveLength(2);
  });
});

describe.concurrent('submit', () => {
  it('gives the same job when asked twice, at once or after a lost answer, also when it has ended', async () => {
    const submission = await make('sleep 1');
    const ids = await Promise.all([gridengine.submit(shell, submission), gridengine.submit(shell, submission)]);
    const job = { id: ids[0]!, directory: submission.directory, submission };
    jobs.push(job);
    expect(new Set(ids).size).toBe(1);
    await ada(`rm ${submission.directory}/jobid`);
    expect(await gridengine.submit(shell, submission)).toBe(ids[0]);
    await until(job, 'completed');
    await ada(`cd ${submission.directory}; rm -f jobid; touch started`);
    expect(await gridengine.submit(shell, submission)).toBe(ids[0]);
    const { stdout } = await sge(`qacct -j ${submission.jobName} | grep -c jobnumber`);
    expect(stdout.trim()).toBe('1');
  });

  it('passes resources on as Grid Engine understands them, memory by slot', async () => {
    const options = ['-l hostname=e1', '-js', '3'];
    const job = await submit('exec sleep 60', {
      queue: 'all.q',
      account: 'lab',
      cpus: 2,
      memory: 400,
      time: 7,
      options,
    });
    const { stdout } = await sge(`qstat -j ${job.id}`);
    expect(stdout).toMatch(/hard resource_list: +.*h_rt=420/);
    expect(stdout).toMatch(/hard resource_list: +.*h_vmem=200M/);
    expect(stdout).toMatch(/hard resource_list: +.*hostname=e1/);
    expect(stdout).toMatch(/hard_queue_list: +all\.q/);
    expect(stdout).toMatch(/parallel environment: +smp range: 2/);
    expect(stdout).toMatch(/account: +lab/);
    expect(stdout).toMatch(/jobshare: +3/);
    // Until its node has it, a running job's reason is that it is being sent there.
    const isThere = (status: JobStatus) => status.state === 'running' && status.reason === '';
    const running = await untilJob(gridengine, shell, job, isThere);
    expect(running).toMatchObject({ node: 'e1', queue: 'all.q' });
    expect((running.endsAt ?? 0) - (running.startedAt ?? 0)).toBe(420_000);
    expect(Math.abs((running.startedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['a queue that does not exist', { queue: 'nope' }, 'queue-unknown', /unknown queue "nope"/],
    ['a queue named like a command', { queue: '$(touch ~/pwned)"' }, 'queue-unknown', /queue/],
    ['a resource that does not exist', { options: ['-l nope=1'] }, 'limit-exceeded', /unknown resource "nope"/],
    ['a project that does not exist', { options: ['-P nope'] }, 'account-invalid', /project "nope" does not exist/],
    ['GPUs where none are counted', { gpus: 1 }, 'limit-exceeded', /h_vmem/],
    ['a word that would be the script', { options: ['/bin/true'] }, 'bad-input', undefined],
  ] as const)("refuses %s with Grid Engine's own words", async (_, resources, code, detail) => {
    const submission = await make('exec sleep 60', {
      ...resources,
      options: [...('options' in resources ? resources.options : [])],
    });
    const error = { code, ...(detail ? { detail: expect.stringMatching(detail) } : {}) };
    await expect(gridengine.submit(shell, submission)).rejects.toMatchObject(error);
    const left = await ada(`ls ${submission.directory} ~ | grep -e lock -e pwned -e jobid -e submitting`, false);
    expect(left.stdout).toBe('');
  });
});

describe.concurrent('jobs that wait', () => {
  it('says in words why: too much memory, too many slots, too long, cannot start, held, after another', async () => {
    const memory = await submit('exit 0', { memory: 90_000 });
    const slots = await submit('exit 0', { cpus: 20 });
    const long = await submit('exit 0', { time: 6000 });
    const held = await submit('exit 0', { options: ['-h'] });
    const after = await submit('exit 0', { options: [`-hold_jid ${held.id}`] });
    const broken = await submit('exit 0');
    // Eqw: the directory is gone when the node looks for it.
    const lost = await submit('exit 0', { options: ['-h'] });
    await ada(`mv ${lost.directory} ${lost.directory}.away && qrls ${lost.id}`);
    directories.push(`${lost.directory}.away`);
    const all = [memory, slots, long, held, after, broken, lost];
    const own = sshShell(cluster, cluster.entry);
    let polls = 0;
    const statuses = await eventually(
      async () => {
        polls += 1;
        return pollStatuses(gridengine, own, all);
      },
      (found) =>
        found.get(lost.id)?.state === 'held' &&
        /cannot run in queue/.test(found.get(memory.id)?.nativeReason ?? '') &&
        /cannot run in queue/.test(found.get(long.id)?.nativeReason ?? '') &&
        /smp/.test(found.get(slots.id)?.nativeReason ?? '') &&
        found.get(broken.id)?.state === 'completed',
    );
    expect(own.runs()).toBe(polls);
    expect(statuses.get(memory.id)).toMatchObject({ state: 'pending', nativeState: 'qw', node: '', startedAt: null });
    expect(statuses.get(memory.id)).toMatchObject({
      reason: 'no queue takes what it asks for',
      nativeReason: expect.stringMatching(/h_vmem=90000M/),
    });
    expect(statuses.get(slots.id)).toMatchObject({
      reason: 'no node has so many cores free',
      nativeReason: expect.stringMatching(/smp/),
    });
    expect(statuses.get(long.id)).toMatchObject({
      reason: 'no queue takes what it asks for',
      nativeReason: expect.stringMatching(/h_rt=360000/),
    });
    expect(statuses.get(held.id)).toMatchObject({ state: 'held', heldBy: 'user', nativeState: 'hqw' });
    expect(statuses.get(after.id)).toMatchObject({
      state: 'pending',
      heldBy: '',
      reason: expect.stringMatching(/another job/),
    });
    expect(statuses.get(lost.id)).toMatchObject({ state: 'held', heldBy: 'system', nativeState: 'Eqw' });
    expect(statuses.get(lost.id)?.nativeReason).toMatch(/can't chdir to .*No such file or directory/);
    await ada(`qrls ${held.id}`);
    await until(held, 'completed');
  });

  it('polls twenty of them, and strangers, by one call', async () => {
    const submissions = await Promise.all(Array.from({ length: 20 }, () => make('exec sleep 60', { options: ['-h'] })));
    const mine = await Promise.all(
      submissions.map(async (submission) => ({
        id: await gridengine.submit(shell, submission),
        directory: submission.directory,
        submission,
      })),
    );
    jobs.push(...mine);
    const own = sshShell(cluster, cluster.entry);
    const strangers = [
      { id: '9999999', directory: '/nonexistent' },
      { id: '1; reboot', directory: '/' },
    ];
    const statuses = await pollStatuses(gridengine, own, [...mine, ...strangers]);
    expect(own.runs()).toBe(1);
    expect(mine.map((job) => statuses.get(job.id)?.state)).toEqual(Array.from({ length: 20 }, () => 'held'));
    expect(statuses.get('9999999')).toMatchObject({ state: 'unknown', reason: 'the scheduler no longer knows it' });
    expect(statuses.get('1; reboot')?.state).toBe('unknown');
    await gridengine.cancel(shell, [...mine, ...strangers], 'ask');
    const gone = await pollStatuses(gridengine, shell, mine);
    expect(mine.map((job) => gone.get(job.id)?.state)).toEqual(Array.from({ length: 20 }, () => 'cancelled'));
  });
});

describe.concurrent('every kind of end', () => {
  it('tells apart code, signal, time, memory, a kill, an array, and runs nothing twice', async () => {
    const time = await make('exec sleep 600', { options: ['-l h_rt=4'] });
    const kinds = {
      good: await submit('echo out; echo err >&2; exit 0'),
      code: await submit('exit 3'),
      again: await submit('echo run >>runs; exit 99'),
      stuck: await submit('echo 100 >exit; exit 100'),
      signal: await submit('kill -SEGV $$'),
      time: { id: await gridengine.submit(shell, time), directory: time.directory, submission: time },
      memory: await submit('for i in 1 2 3 4 5 6; do perl -e "my \\$x = q(x) x 60000000; sleep 60" & done; wait', {
        memory: 250,
      }),
      array: await submit('[ "$SGE_TASK_ID" != 2 ] || exit 7', { array: '1-3' }),
    };
    jobs.push(kinds.time);
    const all = Object.values(kinds);
    const ended = await eventually(
      () => pollStatuses(gridengine, shell, all),
      (statuses) => all.every((job) => !/unknown|pending|running/.test(statuses.get(job.id)?.state ?? 'unknown')),
    );
    const of = (job: Job) => ended.get(job.id);
    expect(of(kinds.good)).toMatchObject({ state: 'completed', exitCode: 0, signal: null, reason: '' });
    expect(of(kinds.good)?.node).toMatch(/^e[12]$/);
    expect(Math.abs((of(kinds.good)?.endedAt ?? 0) - Date.now())).toBeLessThan(120_000);
    expect(of(kinds.code)).toMatchObject({ state: 'failed', exitCode: 3, signal: null });
    expect(of(kinds.again)).toMatchObject({ state: 'failed' });
    expect(of(kinds.stuck)).toMatchObject({ state: 'failed', exitCode: 100 });
    expect(of(kinds.signal)).toMatchObject({ state: 'failed', exitCode: null, signal: 11 });
    expect(of(kinds.time)).toMatchObject({ state: 'timeout', exitCode: null, reason: expect.stringMatching(/h_rt/) });
    expect(of(kinds.memory)).toMatchObject({ state: 'out-of-memory', reason: expect.stringMatching(/h_vmem/) });
    expect(of(kinds.array)).toMatchObject({
      state: 'failed',
      exitCode: 7,
      tasks: { pending: 0, running: 0, completed: 2, failed: 1 },
    });
    expect(await file(`${kinds.good.directory}/log`)).toBe('out\nerr\n');
    expect((await ada(`stat -c %a ${kinds.good.directory}/log`)).stdout.trim()).toBe('600');
    expect(await file(`${kinds.again.directory}/runs`)).toBe('run\n');
  });

  it('takes the end from qacct, then from the app, when the accounting file cannot be read', async () => {
    const job = await submit('echo 5 >exit; exit 5');
    await until(job, 'failed');
    const unreadable: Shell = {
      run: (script, options) => shell.run(script.replace(/^accounting=.*/m, 'accounting=/nonexistent'), options),
    };
    const byQacct = await untilJob(gridengine, unreadable, { ...job, directory: '/nonexistent' }, () => true);
    expect(byQacct).toMatchObject({ state: 'failed', exitCode: 5, nativeState: 'exit_status 5' });
    const byFile = await untilJob(gridengine, unreadable, { ...job, id: '9999999' }, () => true);
    expect(byFile).toMatchObject({ state: 'failed', exitCode: 5, nativeState: 'exit file' });
  });
});

describe.concurrent('cancel', () => {
  it('asks first: the app gets TERM and has time to save; at once: nothing is left', async () => {
    const polite = await submit(
      `trap 'echo saving; sleep 1; echo saved >saved; echo 0 >exit; exit 0' TERM\necho up >up\nwhile :; do sleep 0.1; done`,
    );
    const stubborn = await submit(`trap '' TERM\nsetsid sleep 4711 &\necho up >up\nwhile :; do sleep 0.1; done`);
    for (const job of [polite, stubborn]) {
      await eventually(
        () => ada(`cat ${job.directory}/up`, false),
        ({ code }) => code === 0,
      );
    }
    const { node } = await until(stubborn, 'running');
    await gridengine.cancel(shell, [polite, stubborn], 'ask');
    expect(await until(polite, 'completed')).toMatchObject({ exitCode: 0 });
    expect(await file(`${polite.directory}/saved`)).toBe('saved\n');
    expect((await pollStatuses(gridengine, shell, [stubborn])).get(stubborn.id)?.state).toBe('running');
    await gridengine.cancel(shell, [stubborn, { id: '9999999', directory: '/' }], 'now');
    expect(await until(stubborn, 'cancelled')).toMatchObject({ exitCode: null, signal: null });
    await eventually(
      () =>
        onNode(cluster, node, ['pgrep', '-u', 'ada', '-f', `job_scripts/${stubborn.id}|sleep 4711`], { check: false }),
      ({ stdout }) => stdout.trim() === '',
    );
    await gridengine.cancel(shell, [polite, stubborn], 'ask');
    await gridengine.cancel(shell, [polite, stubborn], 'now');
  });
});

describe.concurrent('enter', () => {
  /** Runs the way in over ssh with these bytes; the far end says a line first. */
  async function through(command: string, bytes: Buffer): Promise<{ out: Buffer; code: number | null; err: string }> {
    const key = cluster.keys.ada ?? '';
    const argv = ['-F', cluster.ssh_config, '-o', 'BatchMode=yes', '-l', 'ada', '-i', key, cluster.entry, command];
    const child = spawn('ssh', argv, { stdio: 'pipe' });
    const chunks: Buffer[] = [];
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunks.length === 0) child.stdin.end(bytes);
      chunks.push(chunk);
    });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { out: Buffer.concat(chunks), code, err };
  }

  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

  it('is a short job on the node, carries any bytes, and leaves nothing', async () => {
    const job = await submit('exec sleep 60');
    const { node } = await until(job, 'running');
    const far = 'printf \'hello %s\\n\' "$(hostname)"; if [ -t 0 ]; then exit 9; fi; cat; exit 5';
    const bytes = randomBytes(10_000_000);
    const result = await through(gridengine.enter({ ...job, node }, far) ?? '', bytes);
    expect(result.err).toBe('');
    expect(result.out.subarray(0, 9).toString()).toBe(`hello ${node}\n`);
    expect(hash(result.out.subarray(9))).toBe(hash(bytes));
    expect(result.code).toBe(5);
    expect((await ada(`ls -A ${job.directory} | grep enter`, false)).stdout).toBe('');
    await eventually(
      () => sge("qstat -u ada | grep -c 'tunel-way'", false),
      ({ stdout }) => stdout.trim() === '0',
    );
  });

  it('is the job itself where its parallel environment lets programs in', async () => {
    const name = 'tunelopen';
    const admin = 'setpriv --reuid=sgeadmin --regid=sgeadmin --init-groups qconf';
    const edit = `s/^pe_name.*/pe_name ${name}/; s/^control_slaves.*/control_slaves TRUE/; s/^job_is_first_task.*/job_is_first_task FALSE/`;
    await sge(
      `qconf -sp smp | sed '${edit}' >/run/${name}; ${admin} -Ap /run/${name}; ${admin} -aattr queue pe_list ${name} all.q`,
    );
    try {
      const job = await submit('exec sleep 60', { options: [`-pe ${name} 1`] });
      const { node } = await until(job, 'running');
      const bytes = randomBytes(2_000_000);
      const result = await through(gridengine.enter({ ...job, node }, 'printf "%09d" "$JOB_ID"; cat') ?? '', bytes);
      expect(Number(result.out.subarray(0, 9).toString())).toBe(Number(job.id));
      expect(hash(result.out.subarray(9))).toBe(hash(bytes));
      await sge(`qdel ${job.id}`);
      await eventually(
        () => sge('qstat -u ada', false),
        ({ stdout }) => !stdout.includes(` ${job.id} `),
      );
    } finally {
      await sge(`${admin} -dattr queue pe_list ${name} all.q; ${admin} -dp ${name}`);
    }
  });
});

describe.concurrent('while the qmaster is away', () => {
  it('rejects, so that callers keep what they know, submits nothing, and goes on after', async () => {
    const job = await submit('exec sleep 60');
    await until(job, 'running');
    // Another port is to these commands what a qmaster is that has died: nobody answers there.
    const away: Shell = {
      run: (script, options) => shell.run(`SGE_QMASTER_PORT=6999; export SGE_QMASTER_PORT\n${script}`, options),
    };
    const error = { code: 'command-failed', message: expect.stringMatching(/master does not answer/) };
    const waiting = await make('exec sleep 60', { memory: 100 });
    const plain = await make('exec sleep 60');
    await Promise.all([
      expect(pollStatuses(gridengine, away, [job])).rejects.toMatchObject(error),
      expect(gridengine.detect(away)).rejects.toMatchObject(error),
      expect(gridengine.submit(away, waiting)).rejects.toMatchObject(error),
      expect(gridengine.submit(away, plain)).rejects.toMatchObject(error),
      expect(gridengine.cancel(away, [job], 'now')).rejects.toMatchObject(error),
    ]);
    const id = await gridengine.submit(shell, plain);
    jobs.push({ id, directory: plain.directory, submission: plain });
    expect((await pollStatuses(gridengine, shell, [job])).get(job.id)?.state).toBe('running');
  });
});
