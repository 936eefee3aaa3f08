import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { observe } from '../../../electron/core/instances/directory.ts';
import { newInstanceId } from '../../../electron/core/instances/meta.ts';
import { type RunScriptInput, runScript, startScript } from '../../../electron/core/instances/run-script.ts';
import { makeTar } from '../../../electron/core/instances/tar.ts';
import type { Submission } from '../../../electron/core/launchers/common/launcher.ts';
import { htcondor } from '../../../electron/core/launchers/htcondor/index.ts';
import { TIME_GRACE } from '../../../electron/core/launchers/htcondor/submit-file.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import { type JobStatus, type Resources, resourcesSchema } from '../../../electron/shared/instances.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { asUser, type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { eventually, untilJob } from '../../helpers/instance.ts';
import { pollStatuses } from '../../helpers/job-answers.ts';
import { localShell } from '../../helpers/local-shell.ts';
import { type SshShell, sshShell } from '../../helpers/ssh-shell.ts';

interface Job {
  id: string;
  directory: string;
  submission: Submission;
}

let cluster: ClusterInfo;
let shell: SshShell;
const made: string[] = [];
const submitted: Job[] = [];

const ada = (command: string | string[], check = true) => asUser('ada', cluster, 'csub', command, { check });
const file = async (path: string): Promise<string> => (await ada(['cat', path])).stdout;
const text = (name: string, content: string, mode = 0o600) => ({ name, data: Buffer.from(content), mode });

/** An instance's directory as a launch makes it, with the real run.sh. */
async function prepare(
  script: string,
  resources: Partial<Resources> = {},
  change: Partial<RunScriptInput> = {},
): Promise<Submission> {
  const id = newInstanceId();
  const directory = `/home/ada/.tunel/${id}`;
  const input: RunScriptInput = {
    id,
    directory,
    listen: null,
    port: null,
    minutes: null,
    workDirectory: '',
    environment: '',
    modules: [],
    transfer: htcondor.transfer,
    ...change,
  };
  made.push(directory);
  const tar = await makeTar([
    text('run.sh', runScript(input), 0o700),
    text('start.sh', startScript(input)),
    text('environment.sh', ''),
    text('script.sh', script, 0o700),
    text('secret', 'very-secret\n'),
    text('instance.json', '{}'),
    text('files/with space, and comma.txt', 'sent along\n', 0o600),
  ]);
  await asUser('ada', cluster, 'csub', `umask 077; mkdir -p ${directory} && cd ${directory} && tar -xof -`, {
    input: Buffer.from(tar).toString('latin1'),
  });
  return { instanceId: id, directory, jobName: `tunel-${id}`, resources: resourcesSchema.parse(resources) };
}

async function submit(...args: Parameters<typeof prepare>): Promise<Job> {
  const submission = await prepare(...args);
  const job = { id: await htcondor.submit(shell, submission), directory: submission.directory, submission };
  submitted.push(job);
  return job;
}

const until = (job: Job, test: (status: JobStatus) => boolean) => untilJob(htcondor, shell, job, test);
const isOver = ({ state }: JobStatus): boolean => !['pending', 'running', 'held', 'unknown'].includes(state);
const seen = async (job: Job) => {
  const id = job.submission.instanceId;
  const found = (await observe(shell, [{ id, directory: job.directory, logFrom: 0, job: null }])).get(id);
  if (!found) throw new Error(`${id} was not looked at`);
  return found;
};

beforeAll(async () => {
  cluster = await upCluster('htcondor');
  shell = sshShell(cluster, 'csub');
});
afterEach(async () => {
  const jobs = submitted.splice(0);
  if (jobs.length > 0) await htcondor.cancel(shell, jobs, 'now');
});
afterAll(async () => {
  // Results of what was ended in order may still be on their way.
  await eventually(
    () => ada(['rm', '-rf', ...made], false),
    ({ code }) => code === 0,
  );
});

it('detects version and machines, and nothing where there is no HTCondor', async () => {
  const info = await htcondor.detect(shell);
  expect(info).toMatchObject({ name: 'htcondor', queues: [], accounts: [] });
  expect(info?.version).toMatch(/^23\.9\./);
  expect(info?.pool).toMatchObject({ machines: 2, cpusTotal: 8, largest: { cpus: 4, memory: 4000, gpus: 0 } });
  expect(await htcondor.detect(localShell)).toBeNull();
});

it('submits several jobs at once, each with a log, an end and results of its own', async () => {
  const script = `echo "job $TUNEL_TASK"; echo "result $TUNEL_TASK" >result
exit $((TUNEL_TASK * 3))`;
  const job = await submit(script, { array: '0-2' });
  expect(job.id).toMatch(/^\d+$/);
  expect(await htcondor.submit(shell, job.submission)).toBe(job.id);
  const whole = await until(job, isOver);
  expect(whole).toMatchObject({
    state: 'failed',
    exitCode: 3,
    tasks: { pending: 0, running: 0, completed: 1, failed: 2 },
  });
  for (const number of [0, 1, 2]) {
    const task = `${job.directory}/task-${number}`;
    expect(await file(`${task}/log`)).toContain(`job ${number}\n`);
    expect(await file(`${task}/exit`)).toBe(`${number * 3}\n`);
    expect(await file(`${task}/work/result`)).toBe(`result ${number}\n`);
  }
  await ada(['rm', `${job.directory}/jobid`]);
  await ada(['touch', `${job.directory}/submitting`]);
  expect(await htcondor.submit(shell, { ...job.submission, findOnly: true })).toBe(job.id);
});

it.each(['ask', 'now'] as const)('ends every one of several jobs: %s', async (how) => {
  const job = await submit("trap 'exit 0' TERM; while :; do sleep 0.2; done", { array: '0-1' });
  await until(job, ({ tasks }) => tasks?.running === 2);
  await htcondor.cancel(shell, [job], how);
  const ended = await until(job, isOver);
  expect(ended.tasks).toMatchObject({ pending: 0, running: 0 });
  // One that nobody may enter yet is vacated instead and then removed.
  expect(how === 'ask' ? ['completed', 'cancelled'] : ['cancelled']).toContain(ended.state);
});

const server = `import os, socket
s = socket.socket(socket.AF_UNIX)
s.bind(os.environ['TUNEL_SOCKET'])
s.listen()
print('listening', flush=True)
while True:
    c, _ = s.accept()
    c.sendall(b'hello from ' + os.uname()[1].encode())
    c.close()
`;

describe('an app', () => {
  it('tells where it listens from a machine without the home directory, and brings its work back when it is stopped', async () => {
    const job = await submit(
      `#!/bin/bash
echo "home $HOME"; echo err >&2; umask
stat -c '%a %n' "$TUNEL_DIR" "$TUNEL_TOKEN_FILE" "$HOME" "$TUNEL_DIR"/files/*
trap 'echo saved >notebook.ipynb; kill %1; exit 0' TERM
python3 -c '${server.replaceAll("'", '"')}' & wait`,
      { cpus: 1, memory: 200, time: 30 },
      { listen: 'socket' },
    );
    const found = await eventually(
      () => seen(job),
      ({ endpoint }) => endpoint !== null,
    );
    const status = await until(job, ({ state }) => state === 'running');
    expect(status.node).toMatch(/^w[12]\.pool\.test$/);
    expect((status.endsAt ?? 0) - (status.startedAt ?? 0)).toBeGreaterThanOrEqual(29 * 60_000);
    expect(found.node && status.node.startsWith(found.node)).toBe(true);
    expect(found.endpoint).toMatchObject({ kind: 'socket', node: found.node });
    const { log } = await eventually(
      () => seen(job),
      (look) => look.log?.bytes.includes('listening') ?? false,
    );
    const words = log?.bytes.toString() ?? '';
    const scratch = found.endpoint?.kind === 'socket' ? found.endpoint.path.replace(/\/s$/, '') : '';
    expect(words).toContain(`home ${scratch}/home\n`);
    expect(words).toContain('err\n');
    expect(words).toContain('\n0022\n');
    expect(words).toContain(`700 ${scratch}\n600 ${scratch}/secret\n700 ${scratch}/home\n`);
    expect(words).toContain(`600 ${scratch}/files/with space, and comma.txt\n`);
    const modes = await ada(`cd ${job.directory} && stat -c '%a %n' log started endpoint`);
    expect(modes.stdout).toBe('600 log\n600 started\n600 endpoint\n');

    const path = found.endpoint?.kind === 'socket' ? found.endpoint.path : '';
    const client = `python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.connect("${path}"); print(s.recv(99).decode())'`;
    const inside = await shell.run(htcondor.enter({ ...job, node: status.node }, client) ?? '');
    expect(inside.stdout.trim()).toBe(`hello from ${found.node}`);

    await htcondor.cancel(shell, [job], 'ask');
    const ended = await until(job, isOver);
    expect(ended).toMatchObject({ state: 'completed', exitCode: 0, signal: null, reason: '' });
    expect(await file(`${job.directory}/work/notebook.ipynb`)).toBe('saved\n');
    expect((await seen(job)).exitCode).toBe(0);
  });
});

describe('submit', () => {
  it('gives the same job when asked twice, at once, after a lost answer, or when it has ended meanwhile', async () => {
    const submission = await prepare('exit 0');
    const { directory } = submission;
    const ids = await Promise.all([htcondor.submit(shell, submission), htcondor.submit(shell, submission)]);
    const job = { id: ids[0] ?? '', directory, submission };
    submitted.push(job);
    expect(new Set(ids).size).toBe(1);
    await ada(['rm', `${directory}/jobid`]);
    expect(await htcondor.submit(shell, submission)).toBe(job.id);
    await until(job, isOver);
    // As a session that was killed between condor_submit and its answer leaves it.
    await ada(`cd ${directory} && rm -f jobid started && : >submitting`);
    expect(await htcondor.submit(shell, submission)).toBe(job.id);
    const all = await ada(`condor_history -constraint 'JobBatchName == "${submission.jobName}"' -af ClusterId`);
    expect(all.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('passes resources and options on, and refuses those that are its own', async () => {
    const options = ['rank = KFlops', '+Project = "physics $(x)"', 'requirements = Machine != "w9"', 'hold = true'];
    const job = await submit('exit 0', { cpus: 2, memory: 300, time: 7, gpus: 1, account: 'group_lab.ada', options });
    const names = 'RequestCpus RequestMemory RequestGPUs AllowedJobDuration AcctGroup Project Rank';
    const { stdout } = await ada(`condor_q ${job.id} -af:r, ${names} Requirements`);
    expect(stdout).toMatch(/^2, 300, 1, 540, "group_lab.ada", "physics .*", KFlops, /);
    expect(stdout).toMatch(/Machine != "w9"\) && \(NumJobStarts (is|=\?=) 0\)/);
    expect(await until(job, ({ state }) => state === 'held')).toMatchObject({ heldBy: 'user', nativeState: 'HELD' });

    for (const option of ['executable = /bin/ls', 'Transfer_Input_Files = /etc/passwd', 'queue 3', '+Iwd = "/"']) {
      const submission = await prepare('exit 0', { options: [option] });
      await expect(htcondor.submit(shell, submission), option).rejects.toMatchObject({ code: 'bad-input' });
    }
    const wrong = await prepare('exit 0', { options: ['rank = (1 +'] });
    await expect(htcondor.submit(shell, wrong)).rejects.toMatchObject({
      code: 'bad-input',
      detail: expect.stringMatching(/rank|Parse/i),
    });
  });
});

it('tells apart every kind of end and of waiting, twenty jobs and a stranger by one call', async () => {
  const held = { options: ['hold = true'] };
  const asked = Date.now();
  const code = await submit('exit 3');
  await until(code, isOver);
  /** How long this machine, as busy as it is, takes from a submit to an end. */
  const pace = Math.ceil((Date.now() - asked) / 1000);
  const jobs = {
    memory: await submit(`exec python3 -c 'import time; x = b"ab" * (200 << 20); time.sleep(300)'`, { memory: 50 }),
    huge: await submit('exit 0', { memory: 99_999_999 }),
    time: await submit('echo kept >kept; exec sleep 600', { ...held, time: 10 }),
    input: await submit('exit 0', held),
    code,
    signal: await submit('kill -KILL $PPID'),
    missing: await submit('no-such-command'),
    vacated: await submit('echo begun; exec sleep 600', { memory: 100 }),
    stopped: await submit('exec sleep 600', { memory: 100 }),
    user: await submit('exit 0', held),
  };
  const more = [
    ...(await Promise.all([1, 2, 3, 4, 5].map(() => submit('exit 0', held)))),
    ...(await Promise.all([1, 2, 3, 4].map(() => submit('exit 0', held)))),
  ];
  // The app ends TIME_GRACE before the limit, and must have had time to begin.
  await ada(`condor_qedit ${jobs.time.id} AllowedJobDuration ${TIME_GRACE + 2 + 2 * pace}; rm ${jobs.input.directory}/start.sh
    condor_release ${jobs.time.id} ${jobs.input.id}`);
  // A job whose files are still on their way is running too; when it is vacated then, it simply begins again.
  await eventually(
    () => seen(jobs.vacated),
    ({ log }) => log?.bytes.includes('begun') ?? false,
  );
  await ada(['condor_vacate_job', jobs.vacated.id]);
  await until(jobs.stopped, ({ state }) => state === 'running');
  await htcondor.cancel(shell, [jobs.stopped], 'now');

  const stranger = { id: '99999.0', directory: '/nonexistent' };
  const other = { id: jobs.user.id, directory: '/home/ada/.tunel/of-another' };
  expect((await pollStatuses(htcondor, shell, [other])).get(other.id)?.reason).toMatch(/another job/);
  const all = [...Object.values(jobs), ...more, stranger, { id: '1; reboot', directory: '/' }];
  const before = shell.runs();
  let polls = 0;
  const told = await eventually(
    async () => {
      polls += 1;
      return pollStatuses(htcondor, shell, all);
    },
    (statuses) => {
      const of = (job: Job) => statuses.get(job.id);
      const ends = [jobs.memory, jobs.time, jobs.code, jobs.signal, jobs.missing, jobs.vacated, jobs.stopped];
      const areOver = ends.every((job) => of(job) && isOver(of(job) as JobStatus));
      return areOver && of(jobs.input)?.state === 'held' && /none of/.test(of(jobs.huge)?.reason ?? '');
    },
  );
  expect(shell.runs() - before).toBe(polls);
  expect(told.size).toBe(21);
  const of = (job: { id: string }) => told.get(job.id);
  expect(of(jobs.code)).toMatchObject({ state: 'failed', exitCode: 3, signal: null, nativeState: 'COMPLETED' });
  expect(of(jobs.signal)).toMatchObject({ state: 'failed', exitCode: null, signal: 9 });
  expect(of(jobs.missing)).toMatchObject({ state: 'failed', exitCode: 127 });
  expect(of(jobs.memory)).toMatchObject({
    state: 'out-of-memory',
    nativeReason: expect.stringMatching(/memory usage exceeded request_memory/),
  });
  expect(of(jobs.time)).toMatchObject({ state: 'timeout', exitCode: null, signal: null });
  expect(await file(`${jobs.time.directory}/work/kept`)).toBe('kept\n');
  expect(of(jobs.vacated)).toMatchObject({ state: 'preempted' });
  expect(of(jobs.stopped)).toMatchObject({ state: 'cancelled', reason: '' });
  expect(of(jobs.user)).toMatchObject({
    state: 'held',
    heldBy: 'user',
    nativeReason: "submitted on hold at user's request",
  });
  expect(of(jobs.input)).toMatchObject({
    state: 'held',
    heldBy: 'system',
    nativeReason: expect.stringMatching(/start\.sh: .*No such file/),
  });
  expect(of(jobs.huge)).toMatchObject({ state: 'pending', startedAt: null, node: '' });
  expect(of(jobs.huge)?.reason).toMatch(/none of the 2 machines .*99999999 MiB of memory/);
  expect(of(jobs.huge)?.nativeReason).toMatch(/no match found/);
  expect(of(stranger)).toMatchObject({ state: 'unknown', reason: 'the scheduler no longer knows it' });
});

it('lets results travel when the app that made them is to end at once', async () => {
  const job = await submit('head -c 200000000 /dev/zero >big; exit 0');
  await eventually(
    () => seen(job),
    ({ exitCode }) => exitCode === 0,
  );
  await htcondor.cancel(shell, [job], 'now');
  expect(await until(job, isOver)).toMatchObject({ state: 'completed', exitCode: 0 });
  expect((await ada(['stat', '-c', '%s', `${job.directory}/work/big`])).stdout).toBe('200000000\n');
});

describe('where a part is missing', () => {
  it('learns from the log what condor_chirp cannot tell, and vacates what nobody may enter', async () => {
    const transfer = {
      ...htcondor.transfer,
      directory: '"$_CONDOR_SCRATCH_DIR"',
      publish: htcondor.transfer?.publish ?? '',
    };
    const prepare = `${transfer.prepare}\nchirp=`;
    const job = await submit(
      `trap 'echo saving; sleep 1; echo saved; exit 0' TERM; echo '@@tunel-file exit 3 4'; sleep 600 & wait`,
      {},
      { transfer: { ...transfer, prepare } },
    );
    await until(job, ({ state }) => state === 'running');
    await eventually(
      async () => {
        await pollStatuses(htcondor, shell, [job]);
        return seen(job);
      },
      ({ startedAt, node }) => startedAt !== null && /^w[12]$/.test(node ?? ''),
    );
    const locked: Shell = {
      run: (script, options) => shell.run(`condor_ssh_to_job() { echo denied >&2; return 1; }\n${script}`, options),
    };
    await htcondor.cancel(locked, [job], 'ask');
    expect(await ada(`condor_q ${job.id} -af JobStatus`)).toMatchObject({ stdout: '' });
    expect((await until(job, isOver)).state).toMatch(/^(preempted|cancelled)$/);
    await eventually(
      () => file(`${job.directory}/log`),
      (log) => log.includes('saving\nsaved\n'),
    );
  });

  it('loses nothing and submits nothing twice while the schedd is away', async () => {
    const job = await submit('exec sleep 600');
    await until(job, ({ state }) => state === 'running');
    const waiting = await prepare('exit 0');
    const away = { code: 'command-failed', message: expect.stringMatching(/does not answer at the moment/) };
    await onNode(cluster, 'csub', ['condor_off', '-fast', '-schedd']);
    try {
      await eventually(
        () => ada(['condor_q'], false),
        ({ code }) => code !== 0,
      );
      await expect(pollStatuses(htcondor, shell, [job])).rejects.toMatchObject(away);
      await expect(htcondor.submit(shell, waiting)).rejects.toMatchObject(away);
      await expect(htcondor.cancel(shell, [job], 'ask')).rejects.toMatchObject(away);
      await expect(htcondor.cancel(shell, [job], 'now')).rejects.toMatchObject(away);
    } finally {
      await onNode(cluster, 'csub', ['condor_on', '-schedd']);
      await eventually(
        () => ada(['condor_q'], false),
        ({ code }) => code === 0,
      );
    }
    expect(await until(job, ({ state }) => state === 'running')).toMatchObject({ id: job.id });
    const id = await htcondor.submit(shell, waiting);
    submitted.push({ id, directory: waiting.directory, submission: waiting });
    const { stdout } = await ada(`condor_q -constraint 'JobBatchName == "${waiting.jobName}"' -af ClusterId`);
    expect(stdout.trim().split('\n').length).toBeLessThanOrEqual(1);
  });
});

it('enters a job as a raw byte stream, and leaves nothing behind when the stream is cut', async () => {
  const job = await submit('exec sleep 600');
  const { node } = await until(job, ({ state }) => state === 'running');
  const inside = htcondor.enter({ ...job, node }, 'exec cat') ?? '';
  const data = randomBytes(10 << 20);
  const echoed = await rawEcho(inside, data, data.length);
  expect(createHash('sha256').update(echoed).digest('hex')).toBe(createHash('sha256').update(data).digest('hex'));

  // Cut while both ends are open: nothing of it stays on either node.
  const marked =
    htcondor.enter({ ...job, node }, `exec 3<&0; exec cat - /dev/null <&3; : ${job.submission.jobName}`) ?? '';
  await rawEcho(marked, Buffer.from('x'), 1);
  const worker = node.replace(/\..*$/, '');
  const left = 'pgrep -u ada -x cat; pgrep -u ada -f "[c]ondor_ssh_to_job|[s]sh_to_job_1"; true';
  await eventually(
    async () => {
      const [here, there] = await Promise.all([onNode(cluster, 'csub', left), onNode(cluster, worker, left)]);
      return `${here.stdout}${there.stdout}`;
    },
    (text) => text === '',
  );
  expect(await until(job, ({ state }) => state === 'running')).toMatchObject({ id: job.id });
});

/** Sends `data` through a command on the submit node and cuts the connection when `wanted` bytes came back. */
function rawEcho(command: string, data: Buffer, wanted: number): Promise<Buffer> {
  const key = cluster.keys.ada ?? '';
  const args = [
    '-F',
    cluster.ssh_config,
    '-o',
    'BatchMode=yes',
    '-l',
    'ada',
    '-i',
    key,
    'csub',
    `exec /bin/sh -c ${quote(command)}`,
  ];
  const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= wanted) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(limit);
      if (size >= wanted) resolve(Buffer.concat(chunks));
      else reject(new Error(`${size} of ${wanted} bytes came back: ${words}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(data);
  });
}
