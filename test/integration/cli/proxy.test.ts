import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import {
  asLocalOtherUser,
  asUser,
  type ClusterInfo,
  type CommandResult,
  oneTimeCode,
  onNode,
  resetOneTimeCodes,
  runCommand,
  upCluster,
} from '../../helpers/clusters.ts';
import { eventually } from '../../helpers/instance.ts';

/** The port of the login node that asks for a password, then for a one-time code. */
const TWO_FACTORS = 2204;
const appSchema = z.object({ id: z.string(), job: z.object({ id: z.string() }).nullable() });

let login: ClusterInfo;
let slurm: ClusterInfo;
let condor: ClusterInfo;
let home = '';
let tunel: Tunel;
let config = '';

beforeAll(async () => {
  await holdClusters(['login', 'slurm24', 'htcondor'], 'shared');
  [login, slurm, condor] = await Promise.all([upCluster('login'), upCluster('slurm24'), upCluster('htcondor')]);
  home = mkdtempSync(join(tmpdir(), 'tunel-proxy-'));
  tunel = new Tunel(await bundleCli(), home);
  // What several commands share is an engine of their own.
  delete tunel.environment.TUNEL_NO_ENGINE;
  for (const [name, info] of [
    ['s24', slurm],
    ['condor', condor],
  ] as const) {
    const keys = ['--key', info.keys.ada ?? '', '--known-hosts', info.known_hosts];
    const saved = await tunel.run('clusters', 'add', name, `ada@${info.hosts[info.entry]?.address}`, ...keys);
    expect(saved, saved.stderr).toMatchObject({ code: 0 });
  }
  config = join(home, '.ssh/config');
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(config, 'Host *\n  BatchMode yes\n  StrictHostKeyChecking yes\n');
  expect((await tunel.run('ssh-config', 'add', '--yes')).code).toBe(0);
});
afterAll(async () => {
  await tunel?.stopEngine();
  rmSync(home, { recursive: true, force: true });
});

const ssh = (...args: string[]): Promise<CommandResult> => runCommand('ssh', ['-F', config, ...args], { check: false });
const hash = async (file: string) => (await runCommand('sha256sum', [file])).stdout.split(' ')[0] ?? '';

/** Processes of an sshd that a proxy started on a node, a line each. */
const started = async (info: ClusterInfo, node: string): Promise<string> =>
  (await onNode(info, node, ['pgrep', '-u', 'ada', '-af', 'tunel-sshd|[.]tunel/sshd'], { check: false })).stdout;

async function expectNothingLeft(info: ClusterInfo, node: string): Promise<void> {
  await eventually(
    () => started(info, node),
    (running) => running === '',
  );
  const files = await onNode(info, node, 'ls -A /home/ada/.tunel/sshd 2>/dev/null', { check: false });
  expect(files.stdout.split('\n').filter((name) => name.startsWith('authorized_keys'))).toEqual([]);
}

describe('a login node', () => {
  test('runs commands for ssh without a question, and nothing listens or stays', async () => {
    const listening = () => onNode(slurm, 'slogin', 'ss -Hltnx | sort');
    const before = await listening();
    const done = await ssh('tunel-s24', 'hostname; ss -Hltnx | sort; exit 7');
    expect(done.stderr).toBe('');
    expect(done).toMatchObject({ code: 7, stdout: `slogin\n${before.stdout}` });
    await expectNothingLeft(slurm, 'slogin');
    const mode = await onNode(slurm, 'slogin', ['stat', '-c', '%a %U', '/home/ada/.tunel/sshd']);
    expect(mode.stdout).toBe('700 ada\n');
  });

  test('keeps its key and host key from other users here and there', async () => {
    const key = join(tunel.dataDirectory, 'ssh/id_ed25519');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect((await asLocalOtherUser(['cat', key], { check: false })).code).not.toBe(0);
    const there = await onNode(slurm, 'slogin', ['cat', '/home/ada/.tunel/sshd/host_key'], {
      user: 'ben',
      check: false,
    });
    expect(there.code).not.toBe(0);
  });

  test('copies with rsync, scp and sftp both ways', async () => {
    const sent = join(home, 'sent');
    writeFileSync(sent, randomBytes(20_000_000));
    const want = await hash(sent);
    const rsh = ['-e', `ssh -F ${config}`];
    await runCommand('rsync', [...rsh, sent, 'tunel-s24:proxied']);
    await runCommand('rsync', [...rsh, 'tunel-s24:proxied', join(home, 'rsync')]);
    await runCommand('scp', ['-q', '-F', config, sent, 'tunel-s24:proxied-2']);
    await runCommand('scp', ['-q', '-F', config, 'tunel-s24:proxied-2', join(home, 'scp')]);
    await runCommand('sftp', ['-q', '-F', config, '-b', '-', 'tunel-s24'], {
      input: `put ${sent} proxied-3\nget proxied-3 ${home}/sftp\n`,
    });
    for (const name of ['rsync', 'scp', 'sftp']) expect(await hash(join(home, name)), name).toBe(want);
    await ssh('tunel-s24', 'rm -rf proxied proxied-2 proxied-3');
    await expectNothingLeft(slurm, 'slogin');
  }, 120_000);

  test('is reached where others may change the home directory, and whatever a variable ends with', async () => {
    const rc = join(slurm.shared, 'home/ada/.bashrc');
    // What the sshd of a proxy starts has no address: its sessions have what the proxy passed on alone.
    const only = String.raw`case $SSH_CONNECTION in UNKNOWN*) ;; *)
      export OMP_ODD='one \' OMP_KEPT='two "quoted"' ;;
esac`;
    writeFileSync(rc, `${only}\n`);
    await asUser('ada', slurm, 'slogin', 'chmod g+w .');
    try {
      await tunel.run('clusters', 'disconnect', 's24');
      const done = await ssh('tunel-s24', 'echo "$OMP_ODD$OMP_KEPT"; ls -ld /tmp/tunel-sshd-* | cut -c 1-10');
      expect(done, done.stderr).toMatchObject({ code: 0, stdout: 'two "quoted"\ndrwx------\n' });
    } finally {
      rmSync(rc);
      await asUser('ada', slurm, 'slogin', 'chmod g-w .; rm -rf /tmp/tunel-sshd-*');
      await tunel.run('clusters', 'disconnect', 's24');
    }
  });

  test('is reached over a connection of OpenSSH, byte for byte', async () => {
    const keys = ['--key', slurm.keys.ada ?? '', '--known-hosts', slurm.known_hosts, '--transport', 'openssh'];
    const saved = await tunel.run('clusters', 'add', 'by-openssh', `ada@${slurm.hosts.slogin?.address}`, ...keys);
    expect(saved, saved.stderr).toMatchObject({ code: 0 });
    const sent = join(home, 'sent-by-openssh');
    writeFileSync(sent, randomBytes(20_000_000));
    const done = await runCommand('bash', [
      '-c',
      `ssh -F ${config} tunel-by-openssh 'cat; hostname >&2' <${sent} | sha256sum`,
    ]);
    expect(done.stdout.split(' ')[0]).toBe(await hash(sent));
    expect(done.stderr).toBe('slogin\n');
    await expectNothingLeft(slurm, 'slogin');
    await tunel.run('clusters', 'disconnect', 'by-openssh');
  });

  test('forwards a port', async () => {
    const port = await freePort();
    const held = runCommand('ssh', ['-F', config, '-L', `127.0.0.1:${port}:127.0.0.1:22`, 'tunel-s24', 'sleep 20'], {
      check: false,
      signal: AbortSignal.timeout(20_000),
    }).catch(() => null);
    const banner = await eventually(
      async () =>
        (await runCommand('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port}; head -n 1 <&3`], { check: false }))
          .stdout,
      (text) => text !== '',
    );
    expect(banner).toMatch(/^SSH-2.0-OpenSSH/);
    await held;
  });

  test('behind two factors is reached after one sign-in', async () => {
    await resetOneTimeCodes(login);
    const bastion = login.hosts.bastion?.address;
    const target = `ada@login:${TWO_FACTORS}`;
    const keys = ['--key', login.keys.ada ?? '', '--known-hosts', login.known_hosts, '-J', `ada@${bastion}`];
    const saved = await tunel.run('clusters', 'add', 'two-factor', target, ...keys);
    expect(saved, saved.stderr).toMatchObject({ code: 0 });
    const count = async () => {
      const log = `/var/log/sshd_${TWO_FACTORS}.log`;
      const counted = await onNode(login, 'login', ['grep', '-c', '^Accepted .* for ada ', log], { check: false });
      return Number(counted.stdout);
    };
    const before = await count();
    const done = await tunel.onTerminal(
      ['clusters', 'connect', 'two-factor'],
      [
        ['assword', 'ada-secret\r'],
        ['OATH', `${oneTimeCode(login)}\r`],
      ],
    );
    expect(done.code, done.stdout).toBe(0);
    const hosts = await Promise.all([1, 2, 3].map(() => ssh('tunel-two-factor', 'hostname')));
    for (const each of hosts) expect(each, each.stderr).toMatchObject({ code: 0, stdout: 'login\n' });
    expect((await count()) - before).toBe(1);
    await expectNothingLeft(login, 'login');
  });
});

describe("a running app's node", () => {
  async function withApp(cluster: string, launcher: string, use: (app: z.infer<typeof appSchema>) => Promise<void>) {
    const app = appSchema.parse(await tunel.json('run-app', cluster, 'hello', `--launcher=${launcher}`, '--wait'));
    try {
      await use(app);
    } finally {
      await tunel.run('stop-app', app.id, '--now');
    }
  }

  test('is reached inside the job, with its variables', async () => {
    await withApp('s24', 'slurm', async ({ id, job }) => {
      const done = await ssh(`tunel-${id}`, 'hostname; echo "$SLURM_JOB_ID"; cat /proc/self/cgroup');
      expect(done, done.stderr).toMatchObject({ code: 0 });
      const [node = '', number, cgroup] = done.stdout.split('\n');
      expect(node).toMatch(/^c[12]$/);
      expect(number).toBe(job?.id);
      expect(cgroup).toContain('/');
      const sent = join(home, 'sent-to-node');
      writeFileSync(sent, randomBytes(5_000_000));
      await runCommand('rsync', ['-e', `ssh -F ${config}`, sent, `tunel-${id}:/tmp/proxied-${id}`]);
      await runCommand('rsync', ['-e', `ssh -F ${config}`, `tunel-${id}:/tmp/proxied-${id}`, join(home, 'from-node')]);
      expect(await hash(join(home, 'from-node'))).toBe(await hash(sent));
      await ssh(`tunel-${id}`, `rm /tmp/proxied-${id}`);
      await expectNothingLeft(slurm, node);
    });
  }, 120_000);

  test('is reached where the nodes accept no ssh and do not see the home directory', async () => {
    await withApp('condor', 'htcondor', async ({ id }) => {
      const done = await ssh(`tunel-${id}`, 'hostname; echo "$_CONDOR_SLOT"; ss -Hltnx | grep -c tunel-sshd');
      expect(done.stdout).toMatch(/^w[12]\nslot.+\n0\n$/);
      const [node = ''] = done.stdout.split('\n');
      await expectNothingLeft(condor, node);
    });
  }, 120_000);
});

test('a site that forbids it leaves the sshd of the login node, whose host key is known', async () => {
  const profile = join(home, 'strict.yaml');
  writeFileSync(profile, 'site: Strict\nuserSshd: forbidden\n');
  expect((await tunel.run('site', 'import', profile, '--cluster', 's24', '--yes')).code).toBe(0);
  try {
    const refused = await ssh('tunel-s24', 'hostname');
    expect(refused).toMatchObject({ code: 255, stderr: expect.stringContaining('Permission denied') });
    const own = await ssh('-i', slurm.keys.ada ?? '', 'tunel-s24', 'hostname');
    expect(own).toMatchObject({ code: 0, stdout: 'slogin\n' });
    expect(own.stderr).toContain('asks you to sign in again');
    const node = await tunel.run('proxy', 's24', '--node', 'c1');
    expect(node).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Strict forbids') });
  } finally {
    await tunel.run('site', 'remove', '--cluster', 's24');
  }
});

test('what cannot be meant together is refused', async () => {
  for (const both of [
    ['s24', '--app', 'abcdefgh'],
    ['s24', '--host', 'tunel-s24'],
    ['--app', 'abcdefgh', '--node', 'c1'],
    ['--host', 'tunel-s24', '--node', 'c1'],
  ]) {
    const refused = await tunel.run('proxy', ...both);
    expect(refused.code, both.join(' ')).not.toBe(0);
    expect(refused.stderr, both.join(' ')).toMatch(/Give one of|A node is one of a cluster/);
  }
});

test('a name that means nothing says so, and a node by its name is reached', async () => {
  const unknown = await ssh('tunel-nowhere', 'true');
  expect(unknown.code).toBe(255);
  expect(unknown.stderr).toContain('No cluster or running app has the name tunel-nowhere');
  // The nodes let in only those who have a job there.
  const job = (await asUser('ada', slurm, slurm.entry, "sbatch --parsable -w c1 --wrap 'sleep 600'")).stdout.trim();
  try {
    await eventually(
      () => asUser('ada', slurm, slurm.entry, `squeue -h -j ${job} -o %T`),
      ({ stdout }) => stdout.trim() === 'RUNNING',
    );
    const argv = tunel.argv.map((word) => `'${word}'`).join(' ');
    const banner = await runCommand('bash', ['-c', `${argv} proxy s24 --node c1 </dev/null`], { check: false });
    expect(banner).toMatchObject({ code: 0, stdout: expect.stringMatching(/^SSH-2.0-OpenSSH/) });
  } finally {
    await asUser('ada', slurm, slurm.entry, `scancel ${job}`);
  }
});

/** A port that nothing listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
