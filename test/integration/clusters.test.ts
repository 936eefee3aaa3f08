import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { holdClusters } from '../helpers/cluster-locks.ts';
import {
  asLocalOtherUser,
  asUser,
  type ClusterInfo,
  changeHostKey,
  cutNetwork,
  killSessions,
  oneTimeCode,
  onNode,
  resetOneTimeCodes,
  restoreNetwork,
  runCommand,
  ssh,
  upCluster,
} from '../helpers/clusters.ts';
import { PATIENCE_MS } from '../helpers/patience.ts';

/** As an ordinary user, offline: an Apptainer image, and a podman image that is loaded first. */
const inContainers = `set -e
apptainer --quiet exec /opt/images/tunel-python.sif python3 -c 'import os; print("apptainer", os.getuid())'
podman load --quiet --input /opt/images/tunel-python.tar
podman run --rm --userns=keep-id localhost/tunel-python python3 -c 'import os; print("podman", os.getuid())'
`;

const soon = { timeout: PATIENCE_MS, interval: 100 };

beforeAll(async () => {
  await holdClusters(['login']);
  await holdClusters(['slurm24'], 'alone as ben');
  await holdClusters(['htcondor', 'gridengine', 'containers'], 'shared');
});

describe('the login cluster', () => {
  let login: ClusterInfo;
  let scratch: string;

  beforeAll(async () => {
    login = await upCluster('login');
    scratch = await mkdtemp(join(tmpdir(), 'tunel-askpass-'));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));
  afterEach(() => restoreNetwork(login));

  /** Answers the ssh client's questions in order, as a person at the prompt would. */
  async function sshAnswering(answers: string[], args: string[]) {
    const list = join(scratch, 'answers');
    const askpass = join(scratch, 'askpass');
    await writeFile(list, `${answers.join('\n')}\n`);
    await writeFile(askpass, `#!/bin/sh\nhead -n 1 '${list}'\nsed -i 1d '${list}'\n`, { mode: 0o700 });
    const environment = ['DISPLAY=:none', 'SSH_ASKPASS_REQUIRE=force', `SSH_ASKPASS=${askpass}`];
    return runCommand('env', [...environment, 'ssh', '-F', login.ssh_config, ...args], { check: false });
  }

  it('lets a key through the bastion, and no other way to the login node', async () => {
    expect((await ssh(login, ['login', 'hostname'])).stdout).toBe('login\n');
    const direct = await ssh(login, ['-o', 'ProxyJump=none', '-o', 'ConnectTimeout=2', 'login', 'true'], {
      check: false,
    });
    expect(direct.code).toBe(255);
  });

  it('takes a password on the bastion', async () => {
    const answer = await sshAnswering(['ada-secret'], ['-o', 'PubkeyAuthentication=no', 'bastion', 'hostname']);
    expect(answer.stdout).toBe('bastion\n');
  });

  it.each([
    [2204, ['ada-secret']],
    [2205, []],
    [2206, ['ada-secret']],
  ])('asks for a one-time code on port %i and takes it once', async (port, before) => {
    await resetOneTimeCodes(login);
    const answers = [...before, oneTimeCode(login)];
    const args = ['-p', String(port), '-o', 'NumberOfPasswordPrompts=1', 'login', 'hostname'];
    expect((await sshAnswering(answers, args)).stdout).toBe('login\n');
    expect((await sshAnswering(answers, args)).code).toBe(255);
  });

  it('shows a menu on port 2207 that takes a wrong answer and then a passcode', async () => {
    const answers = ['ada-secret', '999999', '424242'];
    expect((await sshAnswering(answers, ['-p', '2207', 'login', 'hostname'])).stdout).toBe('login\n');
  });

  it.each([
    [2201, { tcp: true, socket: false }],
    // OpenSSH refuses sockets too where TCP is not allowed, whatever AllowStreamLocalForwarding says.
    [2202, { tcp: false, socket: false }],
    [2203, { tcp: false, socket: false }],
  ])('forwards on port %i only what its policy says', async (port, allowed) => {
    const forwards = (target: string) =>
      asUser(
        'ada',
        login,
        'bastion',
        `echo | timeout 3 ssh -o BatchMode=yes -p ${port} -W ${target} login 2>&1 | grep -c SSH-2.0 || true`,
      );
    expect((await forwards('127.0.0.1:22')).stdout.trim()).toBe(allowed.tcp ? '1' : '0');

    const listen =
      'rm -f ~/s; (echo hello | timeout 20 nc -NlU ~/s >/dev/null 2>&1 &); until [ -S ~/s ]; do sleep 0.05; done';
    await asUser('ada', login, 'login', listen);
    const relayed = await asUser(
      'ada',
      login,
      'bastion',
      `rm -f /tmp/f
       ssh -o BatchMode=yes -p ${port} -N -L /tmp/f:/home/ada/s login 2>/dev/null &
       until [ -S /tmp/f ]; do sleep 0.05; done
       timeout 5 nc -U /tmp/f </dev/null
       kill %1`,
      { check: false },
    );
    expect(relayed.stdout.trim()).toBe(allowed.socket ? 'hello' : '');
  });

  it('is refused after the host key changed, and trusted when it is back', async () => {
    const restore = await changeHostKey(login, 'bastion');
    try {
      const refused = await ssh(login, ['bastion', 'true'], { check: false });
      expect(refused.code).toBe(255);
      expect(refused.stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
    } finally {
      await restore();
    }
    expect((await ssh(login, ['bastion', 'hostname'])).stdout).toBe('bastion\n');
  });

  it('loses its network and gets it back', async () => {
    await cutNetwork(login);
    const cut = await ssh(login, ['-o', 'ConnectTimeout=2', 'bastion', 'true'], { check: false });
    expect(cut.code).toBe(255);
    await restoreNetwork(login);
    await vi.waitFor(() => ssh(login, ['-o', 'ConnectTimeout=2', 'bastion', 'true']), soon);
  });

  it('ends a session whose sshd is killed', async () => {
    const session = ssh(login, ['bastion', 'echo ready; sleep 60'], { check: false });
    await vi.waitFor(async () => expect(await killSessions(login, 'bastion')).toBeGreaterThan(0), soon);
    expect((await session).code).toBe(255);
  });

  it('has another user of this machine, who may not read our keys', async () => {
    expect((await asLocalOtherUser(['id', '-u'])).stdout).toBe('65534\n');
    const peek = await asLocalOtherUser(['cat', login.keys.ada ?? ''], { check: false });
    expect(peek.code).not.toBe(0);
  });
});

describe('the slurm24 cluster', () => {
  let slurm: ClusterInfo;

  beforeAll(async () => {
    slurm = await upCluster('slurm24');
  });

  async function submit(script: string): Promise<string> {
    const sent = await ssh(slurm, ['slogin', 'sbatch --parsable -w c1 -t 5 -o "job-%j.log"'], { input: script });
    return sent.stdout.trim();
  }

  async function state(job: string): Promise<string> {
    const { stdout } = await ssh(slurm, ['slogin', `squeue -h -o %T -j ${job} 2>/dev/null || true`]);
    if (stdout.trim()) return stdout.trim();
    return (await ssh(slurm, ['slogin', `sacct -nX -P -o state -j ${job}`])).stdout.trim();
  }

  const reaches = (job: string, wanted: string) => vi.waitFor(async () => expect(await state(job)).toBe(wanted), soon);

  it('runs a job from submit to the end, and lets only its owner ssh into the node', async () => {
    const job = await submit('#!/bin/sh\nhostname\nwhile [ ! -e "go-$SLURM_JOB_ID" ]; do sleep 0.1; done\n');
    await reaches(job, 'RUNNING');
    expect((await ssh(slurm, ['c1', 'hostname'])).stdout).toBe('c1\n');
    const ben = await ssh(slurm, ['-l', 'ben', '-i', slurm.keys.ben ?? '', 'c1', 'true'], { check: false });
    expect(ben.stderr).toContain('no active jobs on this node');
    await ssh(slurm, ['slogin', `touch go-${job}`]);
    await reaches(job, 'COMPLETED');
    expect((await ssh(slurm, ['slogin', `cat job-${job}.log; rm job-${job}.log go-${job}`])).stdout).toBe('c1\n');
  });

  it('has compute nodes that only the login node reaches', async () => {
    const direct = ['-o', 'ProxyJump=none', '-o', 'ConnectTimeout=2', 'c1', 'true'];
    expect((await ssh(slurm, direct, { check: false })).code).toBe(255);
  });

  it('answers on a Unix socket in the shared home on its own node only', async () => {
    const job = await submit('#!/bin/sh\nrm -f test.sock\nexec nc -lkU test.sock </dev/null\n');
    try {
      await reaches(job, 'RUNNING');
      const connect = 'nc -NU test.sock </dev/null';
      await vi.waitFor(() => asUser('ada', slurm, 'c1', connect), soon);
      const elsewhere = await asUser('ada', slurm, 'slogin', connect, { check: false });
      expect(elsewhere.stderr).toContain('Connection refused');
    } finally {
      await ssh(slurm, ['slogin', `scancel ${job}; rm -f test.sock job-${job}.log`]);
    }
  });

  it('runs containers inside a job', async () => {
    const job = await submit(`#!/bin/sh\n${inContainers}`);
    await reaches(job, 'COMPLETED');
    const { stdout } = await ssh(slurm, ['slogin', `cat job-${job}.log; rm job-${job}.log`]);
    expect(stdout).toContain('apptainer 1001');
    expect(stdout).toContain('podman 1001');
  });

  it('has jupyter and the web servers on its compute nodes', async () => {
    const { stdout } = await onNode(
      slurm,
      'c2',
      'command -v jupyter-lab jupyter-notebook gunicorn uvicorn flask uwsgi django-admin',
    );
    expect(stdout.trim().split('\n')).toHaveLength(7);
  });
});

describe('the htcondor cluster', () => {
  let pool: ClusterInfo;
  const work = 'clusters-test';

  beforeAll(async () => {
    pool = await upCluster('htcondor');
  });
  afterAll(() => ssh(pool, ['csub', `rm -rf ${work}`]));

  /** Runs a script as a job to its end; what it said and wrote comes back with the job. */
  async function run(script: string, lines = ''): Promise<string> {
    const submit = `executable = job.sh\noutput = out\nerror = err\nlog = log\nshould_transfer_files = YES\n${lines}\nqueue\n`;
    const files = `rm -rf ${work} && mkdir ${work} && cd ${work} && cat >job.sh && chmod +x job.sh && printf '${submit.replaceAll('\n', '\\n')}' >job.sub`;
    await ssh(pool, ['csub', files], { input: script });
    const { stdout } = await ssh(pool, [
      'csub',
      `cd ${work} && condor_submit -terse job.sub >id && condor_wait -wait ${PATIENCE_MS / 1000} log >&2; cat out made 2>/dev/null`,
    ]);
    return stdout;
  }

  it('runs a job on a node that has no home, and brings its files back', async () => {
    const said = await run('#!/bin/sh\necho "[$HOME] $(id -un) $(hostname)"\nls -A ~ada\necho here >made\n');
    expect(said).toMatch(/^\[\] ada w[12]\nhere\n$/);
  });

  it('lets its owner into a running job, and nobody over ssh', async () => {
    await ssh(pool, [
      'csub',
      `mkdir -p ${work} && printf 'executable=/bin/sleep\narguments=600\nlog=log\nqueue\n' >${work}/job.sub`,
    ]);
    const sent = await ssh(pool, ['csub', `cd ${work} && condor_submit -terse job.sub`]);
    const job = sent.stdout.split(' ')[0] ?? '';
    try {
      const inside = await ssh(pool, ['csub', `condor_ssh_to_job -auto-retry ${job} hostname`]);
      expect(inside.stdout).toMatch(/^w[12]\n$/);
      const direct = await onNode(pool, 'csub', 'exec 3<>/dev/tcp/w1/22', { check: false });
      expect(direct.stderr).toContain('Connection refused');
    } finally {
      await ssh(pool, ['csub', `condor_rm ${job}`]);
    }
  });
});

describe('the gridengine cluster', () => {
  let cell: ClusterInfo;

  beforeAll(async () => {
    cell = await upCluster('gridengine');
  });

  const submits = (options: string) =>
    ssh(cell, ['sgelogin', `qsub -terse -w e -b y -cwd -j y -o clusters-test.log ${options}`], { check: false });

  it.each(['all.q', 'short.q'])('runs a job in %s and writes its end down', async (queue) => {
    const job = (await submits(`-q ${queue} hostname`)).stdout.trim();
    await vi.waitFor(async () => {
      const { stdout } = await ssh(cell, ['sgelogin', `qacct -j ${job}`]);
      expect(stdout).toMatch(/exit_status +0/);
      expect(stdout).toMatch(new RegExp(`qname +${queue}`));
    }, soon);
    expect((await ssh(cell, ['sgelogin', 'cat clusters-test.log; rm clusters-test.log'])).stdout).toMatch(/^e[12]\n$/);
  });

  it('refuses what no queue can give', async () => {
    expect((await submits('-l h_vmem=20G hostname')).stderr).toContain('no suitable queues');
    expect((await submits('-q short.q -l h_rt=3600 hostname')).stderr).toContain('no suitable queues');
    expect((await submits('-q none.q hostname')).stderr).toContain('unknown queue');
  });
});

describe('the containers cluster', () => {
  it('runs containers as an ordinary user', async () => {
    const node = await upCluster('containers');
    const { stdout } = await ssh(node, ['apx', 'sh'], { input: inContainers });
    expect(stdout).toContain('apptainer 1001');
    expect(stdout).toContain('podman 1001');
  });
});
