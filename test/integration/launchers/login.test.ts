import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { login } from '../../../electron/core/launchers/login/index.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import { asUser, type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { eventually, makeInstance, untilJob } from '../../helpers/instance.ts';
import { pollStatuses } from '../../helpers/job-answers.ts';
import { sshShell } from '../../helpers/ssh-shell.ts';

let cluster: ClusterInfo;
let shell: Shell;
const started: { id: string; directory: string }[] = [];

beforeAll(async () => {
  cluster = await upCluster('slurm24', 'shared');
  shell = sshShell(cluster, cluster.entry);
});
afterEach(async () => {
  await login.cancel(shell, started.splice(0), 'now');
});

async function start(script: string): Promise<{ id: string; directory: string }> {
  const submission = await makeInstance(cluster, cluster.entry, script);
  const job = { id: await login.submit(shell, submission), directory: submission.directory };
  started.push(job);
  return job;
}

const node = (command: string, check = true) => asUser('ada', cluster, cluster.entry, command, { check });
const pidOf = (job: { id: string }): string => job.id.split('.')[0] ?? '';
/** A shell that hides tools of the node, as if they were not installed. */
const without = (...tools: string[]): Shell => ({
  run: (script, options) =>
    shell.run(`${tools.map((tool) => `${tool}() { return 127; }`).join('\n')}\n${script}`, options),
});

describe('the login launcher', () => {
  it('starts in a session of its own, with a private log, and reads the exit code', async () => {
    const job = await start('echo out; echo err >&2; umask >mask; while [ ! -e go ]; do sleep 0.1; done; echo 0 >exit');
    expect(job.id).toMatch(/^\d+\.\d+@slogin$/);
    const running = await untilJob(login, shell, job, (status) => status.state === 'running');
    expect(running.node).toBe('slogin');
    expect(Math.abs((running.startedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    const own = (await shell.run('umask')).stdout;
    const ps = await node(`ps -o sid=,pgid=,tty= -p ${pidOf(job)}`);
    expect(ps.stdout.trim().split(/\s+/)).toEqual([pidOf(job), pidOf(job), '?']);
    expect((await node(`stat -c %a ${job.directory}/log; cat ${job.directory}/log ${job.directory}/mask`)).stdout).toBe(
      `600\nout\nerr\n${own}`,
    );
    await node(`touch ${job.directory}/go`);
    const ended = await untilJob(login, shell, job, (status) => status.state === 'completed');
    expect(ended).toMatchObject({ exitCode: 0, signal: null });
    expect(ended.endedAt).not.toBeNull();
  });

  it('outlives the connection that started it', async () => {
    const job = await start('exec sleep 600');
    // Each run of this shell is a connection of its own, which has ended by now.
    expect((await node(`ps -o ppid= -p ${pidOf(job)}`)).stdout.trim()).toBe('1');
    expect((await pollStatuses(login, shell, [job])).get(job.id)?.state).toBe('running');
  });

  it('starts once, however often and from wherever it is asked', async () => {
    const submission = await makeInstance(cluster, cluster.entry, 'echo once >>times; exec sleep 600');
    const ids = await Promise.all([1, 2, 3, 4].map(() => login.submit(shell, submission)));
    started.push({ id: ids[0] ?? '', directory: submission.directory });
    expect(new Set(ids).size).toBe(1);
    await login.cancel(shell, [{ id: ids[0] ?? '', directory: submission.directory }], 'now');
    expect(await login.submit(shell, submission)).toBe(ids[0]);
    expect((await node(`cat ${submission.directory}/times`)).stdout).toBe('once\n');
  });

  it.each([
    ['perl', ['setsid']],
    ['python3', ['setsid', 'perl']],
  ])('uses %s when the tools before it are missing', async (tool, missing) => {
    const shellWithout = without(...missing);
    expect((await login.detect(shellWithout))?.version).toBe(tool);
    const submission = await makeInstance(cluster, cluster.entry, 'exec sleep 600');
    const job = { id: await login.submit(shellWithout, submission), directory: submission.directory };
    started.push(job);
    expect((await node(`ps -o sid= -p ${pidOf(job)}`)).stdout.trim()).toBe(pidOf(job));
    expect((await node(`sed -n 2p ${job.directory}/pid`)).stdout.trim()).toBe(tool);
  });

  it('runs and ends even where only nohup is there', async () => {
    // `command -v` finds a shell function too: a shell of its own that says no to both ways of asking for setsid.
    const bare: Shell = {
      run: (script, options) =>
        shell.run(
          `setsid() { return 127; }\nperl() { return 127; }\npython3() { return 127; }\ncommand() { return 127; }\n${script}`,
          options,
        ),
    };
    expect((await login.detect(bare))?.version).toBe('nohup');
    const submission = await makeInstance(cluster, cluster.entry, 'sleep 61 & sleep 62');
    const job = { id: await login.submit(bare, submission), directory: submission.directory };
    started.push(job);
    expect((await pollStatuses(login, shell, [job])).get(job.id)?.state).toBe('running');
    await login.cancel(shell, [job], 'now');
    expect((await node('pgrep -u ada -f "^sleep 6[12]$"', false)).stdout).toBe('');
  });

  it('does not leave SIGINT ignored in the app', async () => {
    const job = await start('grep SigIgn /proc/self/status >ignored; exec sleep 600');
    const ignored = await eventually(
      () => node(`cat ${job.directory}/ignored`, false),
      ({ stdout }) => stdout !== '',
    );
    const mask = Number.parseInt(/[0-9a-f]{16}/.exec(ignored.stdout)?.[0] ?? 'f', 16);
    expect(mask & 0b10).toBe(0);
  });

  it('asks with TERM, and tells a stop that was wanted from a failure', async () => {
    const job = await start(
      `trap 'echo saved >saved; echo 143 >exit; exit 143' TERM\necho up >up\nwhile :; do sleep 0.1; done`,
    );
    await eventually(
      () => node(`cat ${job.directory}/up`, false),
      ({ code }) => code === 0,
    );
    await login.cancel(shell, [job], 'ask');
    const ended = await untilJob(login, shell, job, (status) => status.state !== 'running');
    expect(ended).toMatchObject({ state: 'cancelled', signal: 15, exitCode: null });
    expect((await node(`cat ${job.directory}/saved`)).stdout).toBe('saved\n');
    await login.cancel(shell, [job], 'ask');
  });

  it('ends at once what ignores TERM, with children in sessions of their own', async () => {
    const job = await start(`trap '' TERM\nsetsid sleep 71 &\n(trap '' TERM; sleep 72) &\nwhile :; do sleep 0.1; done`);
    await eventually(
      () => node('pgrep -u ada -cf "^sleep 7[12]$"', false),
      ({ stdout }) => stdout.trim() === '2',
    );
    await login.cancel(shell, [job], 'ask');
    expect((await pollStatuses(login, shell, [job])).get(job.id)?.state).toBe('running');
    await login.cancel(shell, [job], 'now');
    expect((await pollStatuses(login, shell, [job])).get(job.id)?.state).toBe('cancelled');
    expect((await node('pgrep -u ada -f "^sleep 7[12]$"', false)).stdout).toBe('');
  });

  it('tells a code, a signal, and a death without a word apart', async () => {
    const code = await start('echo 3 >exit; exit 3');
    const signal = await start('echo 139 >exit; exit 139');
    const killed = await start('exec sleep 600');
    await node(`kill -KILL ${pidOf(killed)}`);
    await untilJob(login, shell, killed, (status) => status.state !== 'running');
    const all = await eventually(
      () => pollStatuses(login, shell, [code, signal, killed]),
      (jobs) => [...jobs.values()].every((job) => job.state === 'failed'),
    );
    expect(all.get(code.id)).toMatchObject({ exitCode: 3, signal: null });
    expect(all.get(signal.id)).toMatchObject({ exitCode: null, signal: 11 });
    expect(all.get(killed.id)?.reason).toMatch(/killed, or slogin was restarted/);
  });

  it('does not take a later process with the same number, or the job of another login node, for it', async () => {
    const job = await start('exec sleep 600');
    const later = { id: job.id.replace(/\.\d+@/, '.1@'), directory: job.directory };
    const elsewhere = { id: job.id.replace('@slogin', '@slogin2'), directory: job.directory };
    const answers = await login.poll(shell, [later, elsewhere]);
    expect(answers.get(later.id)).toMatchObject({ kind: 'known', status: { state: 'failed' } });
    expect(answers.get(elsewhere.id)).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringMatching(/^runs on slogin2;/),
    });
    await login.cancel(shell, [later], 'now');
    await expect(login.cancel(shell, [elsewhere], 'now')).rejects.toMatchObject({ code: 'conflict' });
    expect((await pollStatuses(login, shell, [job])).get(job.id)?.state).toBe('running');
  });

  it('says what is missing', async () => {
    const submission = await makeInstance(cluster, cluster.entry, 'exit 0');
    await node(`chmod 600 ${submission.directory}/run.sh`);
    await expect(login.submit(shell, submission)).rejects.toMatchObject({
      code: 'submit-failed',
      message: expect.stringMatching(/run\.sh/),
    });
  });

  it('says that it may not write there', async () => {
    const submission = await makeInstance(cluster, cluster.entry, 'exit 0');
    await onNode(cluster, cluster.entry, ['chmod', '500', submission.directory]);
    await expect(login.submit(shell, submission)).rejects.toMatchObject({ code: 'not-permitted' });
  });
});
