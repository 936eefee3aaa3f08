import { hostname } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobHandle } from '../../../electron/core/launchers/common/launcher.ts';
import { remoteScript } from '../../../electron/core/launchers/common/remote-script.ts';
import * as gridengineScript from '../../../electron/core/launchers/gridengine/script.ts';
import * as htcondorScript from '../../../electron/core/launchers/htcondor/script.ts';
import { launchers } from '../../../electron/core/launchers/index.ts';
import * as loginScript from '../../../electron/core/launchers/login/script.ts';
import * as lsfScript from '../../../electron/core/launchers/lsf/script.ts';
import * as pbsScript from '../../../electron/core/launchers/pbs/script.ts';
import { releaseScript } from '../../../electron/core/launchers/slurm/hold.ts';
import * as slurmScript from '../../../electron/core/launchers/slurm/script.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { type LauncherName, launcherNames } from '../../../electron/shared/kinds.ts';
import { prints, type ShellName, StubNode, shells } from '../../helpers/stub-shell.ts';
import { installScheduler, type StubJob } from './stub-schedulers.ts';

/**
 * Every script of every launcher in the shells that /bin/sh is, for none, one, two and many jobs. The schedulers are stubs that
 * print what the real ones do (recorded/), so this proves the scripts and the readers, not the schedulers.
 */
const shellNames = Object.keys(shells) as ShellName[];
const cases = shellNames.flatMap((shell) => launcherNames.map((launcher) => ({ shell, launcher })));

let node: StubNode | null = null;
afterEach(() => node?.remove());

/** Even jobs run, odd ones have ended with an exit code of their own; of the login launcher, whose jobs are processes, all. */
function makeJobs(at: StubNode, launcher: LauncherName, count: number): (JobHandle & StubJob)[] {
  return Array.from({ length: count }, (_, index) => {
    const exitCode = launcher === 'login' || index % 2 === 1 ? index % 100 : null;
    const directory = at.directory(`job-${index}`, exitCode === null ? {} : { exit: `${exitCode}\n` });
    return { number: 1000 + index, exitCode, directory, id: idOf(launcher, 1000 + index) };
  });
}

function idOf(launcher: LauncherName, number: number): string {
  switch (launcher) {
    case 'login':
      return `${2_000_000_000 + number}.5@${hostname()}`;
    case 'htcondor':
      return `${number}.0`;
    case 'pbs':
      return `${number}.server`;
    default:
      return String(number);
  }
}

function setUp(shell: ShellName, launcher: LauncherName, count: number) {
  node = new StubNode(shell, { SGE_ROOT: '/nonexistent/sge', LSF_ENVDIR: '/nonexistent/lsf' });
  const jobs = makeJobs(node, launcher, count);
  installScheduler(node, launcher, jobs);
  return { node, jobs, launcher: launchers[launcher] };
}

describe.each(cases)('$launcher in $shell', ({ shell, launcher: name }) => {
  it.each(shell === 'bash' ? [0, 1, 2] : [0, 1, 2, 200])('polls %i jobs', async (count) => {
    const { node, jobs, launcher } = setUp(shell, name, count);
    const answers = await launcher.poll(node.shell, jobs);
    const seen = jobs.map(({ id }) => {
      const answer = answers.get(id);
      return answer?.kind === 'known' ? [id, answer.status.state, answer.status.exitCode] : [id, answer];
    });
    const wanted = jobs.map(({ id, exitCode }) => {
      const state = exitCode === null ? 'running' : exitCode === 0 ? 'completed' : 'failed';
      return [id, state, exitCode];
    });
    expect(seen).toEqual(wanted);
  });

  it.each(shell === 'dash' ? [0, 1, 2, 200] : [0, 1, 2])('stops %i jobs in both ways', async (count) => {
    const { node, jobs, launcher } = setUp(shell, name, count);
    await launcher.cancel(node.shell, jobs, 'ask');
    await launcher.cancel(node.shell, jobs, 'now');
    if (name === 'login') return;
    const stopped = ['scancel', 'condor_rm', 'qdel', 'qsig', 'bkill', 'condor_ssh_to_job'].flatMap((program) =>
      node.calls(program),
    );
    const missed = jobs.filter(({ number }) => !stopped.some((call) => new RegExp(`\\b${number}\\b`).test(call)));
    expect(missed.filter(({ exitCode }) => exitCode === null)).toEqual([]);
  });

  it('submits, finds again and detects', async () => {
    const { node, launcher } = setUp(shell, name, 1);
    if (name === 'login') return;
    expect((await launcher.detect(node.shell))?.name).toBe(name);
    const directory = node.directory('new', { 'run.sh': '#!/bin/sh\n' });
    const resources = resourcesSchema.parse({ cpus: 1, time: 5 });
    const submission = { instanceId: 'abcdefghij', directory, jobName: 'tunel-abcdefghij', resources };
    const id = await launcher.submit(node.shell, submission);
    expect(await launcher.submit(node.shell, submission)).toBe(id);
    if (launcher.verify) {
      expect((await launcher.verify(node.shell, submission, '#!/bin/sh\n')).text).not.toBe('');
    }
  });
});

const scripts: Record<
  LauncherName,
  {
    poll: (jobs: never[]) => string;
    cancel: (jobs: never[], how: 'ask' | 'now') => string;
    release?: (jobs: never[]) => string;
  }
> = {
  login: { poll: loginScript.pollScript, cancel: loginScript.cancelScript },
  slurm: { poll: slurmScript.pollScript, cancel: slurmScript.cancelScript, release: releaseScript },
  htcondor: {
    poll: htcondorScript.pollScript,
    cancel: htcondorScript.cancelScript,
    release: htcondorScript.releaseScript,
  },
  gridengine: {
    poll: gridengineScript.pollScript,
    cancel: gridengineScript.cancelScript,
    release: gridengineScript.releaseScript,
  },
  pbs: { poll: pbsScript.pollScript, cancel: pbsScript.cancelScript, release: pbsScript.releaseScript },
  lsf: { poll: lsfScript.pollScript, cancel: lsfScript.cancelScript, release: lsfScript.releaseScript },
};

it.each(cases)('$launcher in $shell does nothing for no job', async ({ shell, launcher }) => {
  const { node } = setUp(shell, launcher, 1);
  const { poll, cancel, release } = scripts[launcher];
  for (const body of [poll([]), cancel([], 'ask'), cancel([], 'now'), ...(release ? [release([])] : [])]) {
    const { exitCode, stderr } = await node.shell.run(remoteScript(body));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  }
  for (const program of ['squeue', 'scancel', 'condor_q', 'condor_rm', 'qstat', 'qdel', 'qrls', 'bjobs', 'bkill']) {
    expect(node.calls(program)).toEqual([]);
  }
});

it.each(cases)('$launcher in $shell has no line that its shell cannot read', async ({ shell, launcher: name }) => {
  const { node, jobs, launcher } = setUp(shell, name, 2);
  const job = { ...jobs[0]!, node: 'n1' };
  for (const text of [launcher.enter(job, 'true'), launcher.enter(job, 'true', true), launcher.shell?.(job)]) {
    if (!text) continue;
    const { stderr } = await node.shell.run(`set -n\n${text}\n`);
    expect(stderr).toBe('');
  }
});

describe.each(shellNames)('several jobs of one submission of HTCondor in %s', (shell) => {
  it.each([2, 200])('%i of them are polled and stopped', async (count) => {
    node = new StubNode(shell);
    const directory = node.directory('app');
    const tasks = Array.from({ length: count }, (_, index) => index);
    for (const task of tasks) node.directory(`app/task-${task}`, task % 2 === 1 ? { exit: '3\n' } : {});
    const running = tasks.filter((task) => task % 2 === 0);
    const ad = (task: number) =>
      `{\n  "ClusterId": 12,\n  "JobStatus": 2,\n  "Iwd": "${directory}/task-${task}",\n  "ProcId": ${task}\n}`;
    node.program(
      'condor_q',
      `case "$*" in *-json*) ${prints(`[\n${running.map(ad).join('\n,\n')}\n]`)} ;; *) ${prints(running.map((task) => `12.${task} 2`).join('\n'))} ;; esac`,
    );
    node.program('condor_history', 'exit 0');
    node.program('condor_ssh_to_job', 'exit 0');
    const job = { id: '12', directory };
    expect((await launchers.htcondor.poll(node.shell, [job])).get('12')).toMatchObject({
      kind: 'known',
      status: { state: 'running', tasks: { pending: 0, running: count / 2, completed: 0, failed: count / 2 } },
    });
    expect(node.calls('condor_history')[0]).toContain(`[-limit] [${count}] [12]`);
    await launchers.htcondor.cancel(node.shell, [job], 'ask');
    expect(node.calls('condor_ssh_to_job')).toHaveLength(count / 2);
  });
});
