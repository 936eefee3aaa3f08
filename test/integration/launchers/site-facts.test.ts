import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Launcher, Submission } from '../../../electron/core/launchers/common/launcher.ts';
import { launchers } from '../../../electron/core/launchers/index.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import type { SchedulerFacts } from '../../../electron/shared/sites.ts';
import { asUser, type ClusterInfo, type ClusterName, upCluster } from '../../helpers/clusters.ts';
import { makeInstance, untilJob } from '../../helpers/instance.ts';
import { sshShell } from '../../helpers/ssh-shell.ts';

/**
 * Real schedulers, restricted as some sites restrict them: a command of the same name in front of the real one refuses what the
 * site forbids, in the words of such sites, and becomes the real one for everything else.
 */
interface Rig {
  cluster: ClusterInfo;
  restrict(commands: Readonly<Record<string, string>>): Promise<Shell>;
}

async function openRig(name: ClusterName): Promise<Rig> {
  const cluster = await upCluster(name, 'shared');
  const plain = sshShell(cluster, cluster.entry);
  let count = 0;
  return {
    cluster,
    async restrict(commands) {
      count += 1;
      const folder = `/home/ada/.restricted-${process.pid}-${count}`;
      for (const [command, refusal] of Object.entries(commands)) {
        const input = `#!/bin/sh\nself=\${0%/*}\nPATH=$(printf '%s' "$PATH" | tr ':' '\\n' | grep -vxF "$self" | paste -sd:)\n${refusal}\nexec ${command} "$@"\n`;
        const write = `mkdir -p ${folder} && cat >${folder}/${command} && chmod 755 ${folder}/${command}`;
        await asUser('ada', cluster, cluster.entry, write, { input });
      }
      return {
        run: (script, options) => plain.run(`. /etc/profile >/dev/null 2>&1\nPATH=${folder}:$PATH\n${script}`, options),
      };
    },
  };
}

const cleanUp = (rig: Rig) => asUser('ada', rig.cluster, rig.cluster.entry, 'rm -rf ~/.restricted-*');
const prepare = async (rig: Rig, script: string, resources: object, site?: SchedulerFacts): Promise<Submission> => ({
  ...(await makeInstance(rig.cluster, rig.cluster.entry, script, resources)),
  site,
});

async function untilEnded(launcher: Launcher, shell: Shell, submission: Submission) {
  const id = await launcher.submit(shell, submission);
  const job = { id, directory: submission.directory, site: submission.site };
  return untilJob(launcher, shell, job, ({ state }) => !['pending', 'running', 'held'].includes(state));
}

describe.each<ClusterName>(['slurm24', 'slurm22'])('%s', (name) => {
  const { slurm } = launchers;
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig(name);
  });
  afterAll(() => cleanUp(rig));

  it('accepts memory per core only', async () => {
    const shell = await rig.restrict({
      sbatch: `for word in "$@"; do case $word in --mem=*) echo 'sbatch: error: lua: use --mem-per-cpu' >&2; exit 1 ;; esac; done`,
    });
    const show = 'scontrol show job -o "$SLURM_JOB_ID" | tr " " "\\n" | grep MinMemoryCPU';
    for (const site of [undefined, { memory: 'per-core' } as const]) {
      const submission = await prepare(rig, `${show} >memory`, { cpus: 2, memory: 200 }, site);
      expect((await untilEnded(slurm, shell, submission)).state).toBe('completed');
      const { stdout } = await asUser('ada', rig.cluster, rig.cluster.entry, `cat ${submission.directory}/memory`);
      expect(stdout.trim()).toBe('MinMemoryCPU=100M');
    }
  });

  it('has accounting closed to users, and an old sacct', async () => {
    const closed = await rig.restrict({ sacct: 'echo "sacct: error: Access denied" >&2; exit 1' });
    const ends = 'echo 7 >exit.new; mv exit.new exit; exit 7';
    for (const site of [undefined, { accounting: false } as const]) {
      const ended = await untilEnded(slurm, closed, await prepare(rig, ends, { cpus: 1 }, site));
      expect(ended).toMatchObject({ state: 'failed', exitCode: 7 });
    }
    const old = await rig.restrict({
      sacct: `case "$*" in *now-*) echo 'Invalid time specification (pos=3)' >&2; exit 1 ;; *Reason*) echo 'sacct: fatal: Invalid field requested: "Reason"' >&2; exit 1 ;; esac`,
      scontrol: 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1',
    });
    const submission = await prepare(rig, 'exit 3', { cpus: 1 });
    expect(await untilEnded(slurm, old, submission)).toMatchObject({ state: 'failed', exitCode: 3, node: /^c/ });
    // The answer of the submission was lost, and the job has left the queue.
    await asUser('ada', rig.cluster, rig.cluster.entry, `cd ${submission.directory} && rm jobid && : >submitting`);
    expect(await slurm.submit(old, { ...submission, findOnly: true })).toMatch(/^\d+$/);
  });

  it('refuses to submit from the home directory, and serves a cluster by name', async () => {
    const refuse = `case $PWD in /tmp*) ;; *) echo 'sbatch: error: Submitting jobs from /home is not allowed' >&2; exit 1 ;; esac
for word in "$@"; do case $word in --chdir=/home*) echo 'sbatch: error: Submitting jobs from /home is not allowed' >&2; exit 1 ;; esac; done`;
    const shell = await rig.restrict({ sbatch: refuse });
    await expect(slurm.submit(shell, await prepare(rig, 'exit 0', {}))).rejects.toMatchObject({
      hint: expect.stringContaining('submitFrom'),
    });
    const { stdout } = await asUser('ada', rig.cluster, rig.cluster.entry, 'scontrol show config');
    const cluster = /^ClusterName\s*=\s*(\S+)/m.exec(stdout)?.[1] ?? '';
    const site = { submitFrom: '/tmp', cluster };
    const submission = await prepare(rig, 'exit 0', {}, site);
    const ended = await untilEnded(slurm, shell, submission);
    expect(ended).toMatchObject({ state: 'completed', id: expect.stringMatching(new RegExp(`^\\d+;${cluster}$`)) });
    expect((await slurm.detect(shell, undefined, site))?.queues.map(({ name }) => name)).toEqual([
      'cpu',
      'debug',
      'gpu',
    ]);
  });
});

describe('htcondor', () => {
  const { htcondor } = launchers;
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig('htcondor');
  });
  afterAll(() => cleanUp(rig));

  it('prints text beside its JSON, and has a history closed to users', async () => {
    const speak = 'condor_q "$@"; code=$?; echo "WARNING: this way to the schedd will be taken away"; exit $code';
    const shell = await rig.restrict({
      condor_q: speak,
      condor_history: 'echo "condor_history: access denied" >&2; exit 1',
    });
    const submission = await prepare(rig, 'sleep 600', { cpus: 1 }, { jobHistory: false });
    const job = {
      id: await htcondor.submit(shell, submission),
      directory: submission.directory,
      site: submission.site,
    };
    await untilJob(htcondor, shell, job, ({ state }) => state === 'running');
    const cut = await rig.restrict({ condor_q: 'condor_q "$@" | head -c 20; exit 0' });
    expect((await htcondor.poll(cut, [job])).get(job.id)).toMatchObject({ kind: 'unreadable' });
    await asUser('ada', rig.cluster, rig.cluster.entry, `echo 5 >${submission.directory}/exit`);
    await asUser('ada', rig.cluster, rig.cluster.entry, `condor_rm ${job.id}`);
    const ended = await untilJob(htcondor, shell, job, ({ state }) => state !== 'running');
    expect(ended).toMatchObject({ state: 'failed', exitCode: 5 });
  });
});

describe('gridengine', () => {
  const { gridengine } = launchers;
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig('gridengine');
  });
  afterAll(() => cleanUp(rig));

  it('has accounting closed to users, and memory by the node', async () => {
    const shell = await rig.restrict({ qacct: 'echo "qacct: permission denied" >&2; exit 1' });
    const site = { accounting: false, memory: 'per-node' } as const;
    const ends = 'echo 6 >exit.new; mv exit.new exit; exit 6';
    const ended = await untilEnded(gridengine, shell, await prepare(rig, ends, { memory: 200 }, site));
    expect(ended).toMatchObject({ state: 'failed', exitCode: 6 });
  });
});
