import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SUPERVISOR_SCRIPT } from '../../../electron/core/ssh/openssh/scripts.ts';
import type { Connection, Lease } from '../../../electron/core/ssh/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import {
  type ClusterInfo,
  oneTimeCode,
  onNode,
  resetOneTimeCodes,
  runCommand,
  upCluster,
} from '../../helpers/clusters.ts';
import {
  acceptKey,
  behindBastion,
  createWorld,
  failure,
  forgiveFailures,
  secret,
  typed,
  until,
  type World,
} from './harness.ts';
import { type PrivateSshd, startPrivateSshd, writeOnNode } from './private-sshd.ts';

const PASSWORD = 2501;
const CERTIFICATE = 2503;
const POST_QUANTUM = 2504;
const ONE_SESSION = 2505;
const MLKEM = 2506;
const HOST_CERTIFICATE = 2507;

let info: ClusterInfo;
let sshds: PrivateSshd[] = [];
let world: World;
let lease: Lease | undefined;

beforeAll(async () => {
  info = await upCluster('login');
  await forgiveFailures(info);
  const files = join(info.shared, 'home/ada/.ssh/openssh-test');
  await mkdir(files, { recursive: true });
  await runCommand('bash', ['-c', `rm -f ${files}/*; ssh-keygen -q -t ed25519 -N '' -f ${files}/ca`]);
  await writeOnNode(info, '/etc/ssh/tunel-user-ca.pub', await readFile(join(files, 'ca.pub'), 'utf8'), '644');
  const hostKey = join(files, 'host.pub');
  await writeFile(hostKey, (await onNode(info, 'bastion', 'cat /etc/ssh/ssh_host_ed25519_key.pub')).stdout);
  const { address = '' } = info.hosts.bastion ?? {};
  await runCommand('ssh-keygen', ['-q', '-s', join(files, 'ca'), '-I', 'bastion', '-h', '-n', address, hostKey]);
  await writeOnNode(info, '/etc/ssh/tunel-host-cert.pub', await readFile(join(files, 'host-cert.pub'), 'utf8'), '644');
  await writeOnNode(info, '/etc/ssh/tunel-banner', 'Authorized use only.\n', '644');
  sshds = [
    await startPrivateSshd(info, {
      ports: [PASSWORD],
      pam: ['auth required pam_unix.so', 'account required pam_unix.so', 'session required pam_unix.so'],
      config: ['PasswordAuthentication yes', 'KbdInteractiveAuthentication no', 'AuthenticationMethods password'],
    }),
    await startPrivateSshd(info, {
      ports: [CERTIFICATE],
      config: [
        'TrustedUserCAKeys /etc/ssh/tunel-user-ca.pub',
        'AuthorizedKeysFile none',
        'AuthenticationMethods publickey',
      ],
    }),
    await startPrivateSshd(info, {
      ports: [POST_QUANTUM],
      config: [
        'KexAlgorithms sntrup761x25519-sha512@openssh.com',
        'AuthenticationMethods publickey',
        'Banner /etc/ssh/tunel-banner',
      ],
    }),
    await startPrivateSshd(info, {
      ports: [HOST_CERTIFICATE],
      config: ['HostCertificate /etc/ssh/tunel-host-cert.pub', 'AuthenticationMethods publickey'],
    }),
    await startPrivateSshd(info, {
      ports: [MLKEM],
      config: ['KexAlgorithms mlkem768x25519-sha256', 'AuthenticationMethods publickey'],
    }),
    await startPrivateSshd(info, {
      ports: [ONE_SESSION],
      config: ['MaxSessions 1', 'AuthenticationMethods publickey'],
    }),
  ];
});
afterAll(async () => {
  for (const sshd of sshds) await sshd.stop();
});

beforeEach(async () => {
  world = await createWorld({ sshConfigFiles: [] });
});
afterEach(async () => {
  lease?.release();
  lease = undefined;
  await world.dispose();
});

const direct = (port: number, more: Record<string, unknown> = {}) => add(world, port, more);

function add(target: World, port: number, more: Record<string, unknown> = {}) {
  const { address } = info.hosts.bastion ?? {};
  const { ada } = info.keys;
  target.add({
    transport: 'openssh',
    host: address,
    port,
    keyFiles: [ada],
    identitiesOnly: true,
    knownHostsFile: info.known_hosts,
    ...more,
  });
}

async function open(): Promise<Connection> {
  lease = await world.connections.acquire('c1');
  return lease.connection;
}

const whoami = async () => (await (await open()).run('id -un; hostname')).stdout;

/** Processes of this machine, each as its id and its arguments. */
async function processesWith(word: string): Promise<string[]> {
  const { stdout } = await runCommand('ps', ['-eo', 'pid,args']);
  return stdout.split('\n').filter((line) => line.includes(word));
}

const masters = () => processesWith(world.directory);

async function expectNothingLeft(): Promise<void> {
  await until('nothing of the master is left', async () => {
    const folders = await readdir(join(world.directory, 'ssh')).catch(() => []);
    return folders.length === 0 && (await masters()).length === 0;
  });
}

describe('signs in', () => {
  test('with a key, and leaves nothing behind', async () => {
    direct(22);
    expect(await whoami()).toBe('ada\nbastion\n');
    expect(world.asked).toEqual([]);
    expect(await masters()).not.toEqual([]);
    lease?.release();
    lease = undefined;
    await world.connections.disconnect('c1');
    await expectNothingLeft();
  });

  test('through a jump host, asking for the passphrase of the key for both once', async () => {
    const key = info.keys['ada-enc'] ?? '';
    world.add(behindBastion(info, 22, { transport: 'openssh', identitiesOnly: true, keyFiles: [key] }));
    world.answers(secret('wrong'), secret('opensesame', true));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toMatchObject([
      { kind: 'secret', secret: 'passphrase', subject: key, wrong: 0 },
      { kind: 'secret', secret: 'passphrase', subject: key, wrong: 1 },
    ]);
    expect(world.secrets.held.get(`passphrase:${key}`)).toBe('opensesame');
  });

  test('with a password, again when it is wrong, and remembers it', async () => {
    direct(PASSWORD, { methods: ['password'] });
    world.answers(secret('wrong'), secret('ada-secret', true));
    expect(await whoami()).toBe('ada\nbastion\n');
    expect(world.asked).toMatchObject([
      { kind: 'secret', secret: 'password', subject: `ada@${info.hosts.bastion?.address}`, wrong: 0 },
      { kind: 'secret', secret: 'password', wrong: 1 },
    ]);
    await world.connections.disconnect('c1');
    lease?.release();
    world.asked.length = 0;
    expect(await whoami()).toBe('ada\nbastion\n');
    expect(world.asked).toEqual([]);
    const lines = await masters();
    expect(lines.join('\n')).not.toContain('ada-secret');
  });

  test('with a password and a one-time code, and with a key and one', async () => {
    const account = { transport: 'openssh', identitiesOnly: true };
    await resetOneTimeCodes(info);
    world.add(behindBastion(info, 2204, { ...account, methods: ['key', 'interactive'] }));
    world.answers(secret('ada-secret'), () => typed(oneTimeCode(info)));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked.map(({ kind }) => kind)).toEqual(['secret', 'interactive']);
    await world.connections.disconnect('c1');
    lease?.release();
    await resetOneTimeCodes(info);
    world.add(behindBastion(info, 2205, { ...account, methods: ['key', 'interactive'] }));
    world.asked.length = 0;
    world.answers(() => typed(oneTimeCode(info)));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked.map(({ kind }) => kind)).toEqual(['interactive']);
  });

  test('with a certificate', async () => {
    const files = join(info.shared, 'home/ada/.ssh/openssh-test');
    const key = join(world.directory, 'id');
    await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    await runCommand('ssh-keygen', [
      '-q',
      '-s',
      join(files, 'ca'),
      '-I',
      'ada',
      '-n',
      'ada',
      '-V',
      '+1h',
      `${key}.pub`,
    ]);
    direct(CERTIFICATE, { keyFiles: [key] });
    expect(await whoami()).toBe('ada\nbastion\n');
  });

  test('to a server that offers a post-quantum key exchange only', async () => {
    direct(POST_QUANTUM);
    expect(await whoami()).toBe('ada\nbastion\n');
  });

  test('to a server that offers mlkem768x25519 only, with an OpenSSH that has it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tunel-newer-'));
    const program = join(folder, 'ssh');
    // The one of the node, which is newer than this machine's may be, with its own libraries.
    const root = `/proc/${info.hosts.bastion?.pid}/root`;
    const loader = 'exec "$(ls $root/lib64/ld-linux-*.so.* $root/lib/ld-linux-*.so.* 2>/dev/null | head -n 1)"';
    const libraries = '--library-path "$(echo $root/usr/lib/*-linux-gnu)"';
    await writeFile(program, `#!/bin/sh\nroot=${root}\n${loader} ${libraries} $root/usr/bin/ssh "$@"\n`, {
      mode: 0o755,
    });
    const other = await createWorld({ sshConfigFiles: [], sshProgram: program });
    try {
      add(other, MLKEM);
      const { connection, release } = await other.connections.acquire('c1');
      expect((await connection.run('hostname')).stdout).toBe('bastion\n');
      release();
      add(other, MLKEM, { id: 'c2', transport: 'ssh2' });
      expect(await failure(other.connections.acquire('c2'))).toMatchObject({
        code: 'auth-unsupported',
        hint: expect.stringContaining('"Connect with" to OpenSSH'),
      });
    } finally {
      await other.dispose();
      await rm(folder, { recursive: true });
    }
  });

  test('by a ProxyCommand of the configuration, which ends with it', async () => {
    const { address } = info.hosts.bastion ?? {};
    const folder = await mkdtemp(join(tmpdir(), 'tunel-proxy-'));
    const [proxy, config] = [join(folder, 'proxy'), join(folder, 'config')];
    await writeFile(proxy, `#!/bin/bash\nexec 3<>/dev/tcp/${address}/22\ncat <&3 &\ncat >&3\n`, { mode: 0o755 });
    const lines = ['Host by-proxy', `ProxyCommand ${proxy}`, 'HostName anywhere.example', `HostKeyAlias ${address}`];
    await writeFile(config, `${lines.join('\n')}\n`);
    const other = await createWorld({ sshConfigFiles: [config] });
    try {
      add(other, 22, { host: 'by-proxy' });
      const { connection, release } = await other.connections.acquire('c1');
      expect((await connection.run('hostname')).stdout).toBe('bastion\n');
      expect(await processesWith(folder)).not.toEqual([]);
      release();
      await other.connections.disconnect('c1');
      await until('the proxy has ended', async () => (await processesWith(folder)).length === 0);
    } finally {
      await other.dispose();
      await rm(folder, { recursive: true });
    }
  });
});

describe('host keys', () => {
  test('one that is not known is asked for with its fingerprint, and kept', async () => {
    direct(22, { knownHostsFile: '' });
    world.answers(acceptKey);
    expect(await whoami()).toBe('ada\nbastion\n');
    const { stdout } = await runCommand('ssh-keygen', ['-lf', join(world.directory, 'known_hosts')]);
    const [question] = world.asked;
    expect(question).toMatchObject({ kind: 'host-key', host: info.hosts.bastion?.address, port: 22, jump: false });
    expect(question?.kind === 'host-key' && stdout.includes(question.fingerprint)).toBe(true);
    await world.connections.disconnect('c1');
    lease?.release();
    expect(await whoami()).toBe('ada\nbastion\n');
    expect(world.asked).toHaveLength(1);
  });

  test('one that has changed is refused before anything is sent', async () => {
    const key = join(world.directory, 'other');
    await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const file = join(world.directory, 'wrong');
    await writeFile(file, `[${info.hosts.bastion?.address}]:${PASSWORD} ${await readFile(`${key}.pub`, 'utf8')}`);
    direct(PASSWORD, { knownHostsFile: file, methods: ['password'] });
    const error = await failure(world.connections.acquire('c1'));
    expect(error).toMatchObject({ code: 'host-key-changed', action: { kind: 'copy-command' } });
    expect(world.connections.status('c1').state).toBe('key-changed');
    expect(world.asked).toEqual([]);
    await expectNothingLeft();
  });

  test('a certificate counts where its authority is known, and only there', async () => {
    const file = join(world.directory, 'authorities');
    const ca = await readFile(join(info.shared, 'home/ada/.ssh/openssh-test/ca.pub'), 'utf8');
    await writeFile(
      file,
      `@cert-authority *.elsewhere.example,[${info.hosts.bastion?.address}]:${HOST_CERTIFICATE} ${ca}`,
    );
    direct(HOST_CERTIFICATE, { knownHostsFile: file });
    expect(await whoami()).toBe('ada\nbastion\n');
    expect(world.asked).toEqual([]);
    await world.connections.disconnect('c1');
    lease?.release();
    lease = undefined;
    await writeFile(file, `@cert-authority *.elsewhere.example ${ca}`);
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'cancelled' });
    expect(world.asked).toMatchObject([{ kind: 'host-key' }]);
  });

  test('a certificate whose key is revoked does not', async () => {
    const files = join(info.shared, 'home/ada/.ssh/openssh-test');
    const known = join(world.directory, 'authorities');
    const ca = await readFile(join(files, 'ca.pub'), 'utf8');
    await writeFile(known, `@cert-authority [${info.hosts.bastion?.address}]:${HOST_CERTIFICATE} ${ca}`);
    for (const revokedKeysFile of [join(files, 'host.pub'), join(files, 'ca.pub')]) {
      direct(HOST_CERTIFICATE, { knownHostsFile: known, revokedKeysFile });
      expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'host-key-revoked' });
    }
    expect(world.asked).toEqual([]);
  });

  test('one that is refused by the user ends the attempt', async () => {
    direct(22, { knownHostsFile: '' });
    world.answers({ kind: 'cancel' });
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'cancelled' });
    await expectNothingLeft();
  });
});

describe('a connection', () => {
  test('carries commands, their bytes and their exit codes', async () => {
    direct(22);
    const connection = await open();
    expect(await connection.run('cat; echo err >&2; exit 7', { stdin: Buffer.from('in') })).toEqual({
      stdout: 'in',
      stderr: 'err\n',
      exitCode: 7,
    });
    const sent = randomBytes(8_000_000);
    const stream = await connection.openCommand('cat');
    stream.end(sent);
    const back: Buffer[] = [];
    for await (const chunk of stream) back.push(chunk);
    expect(Buffer.concat(back).equals(sent)).toBe(true);
    expect(await stream.ended).toEqual({ code: 0, signal: null });
    const slow = connection.run('sleep 1000', { timeoutMs: 500 });
    expect(await failure(slow)).toMatchObject({ code: 'timeout' });
    expect((await connection.run('echo still')).stdout).toBe('still\n');
  });

  test('opens ports and sockets there, and says where nothing answers', async () => {
    // The bastion's own sshd forwards no sockets.
    direct(POST_QUANTUM);
    const connection = await open();
    const port = await connection.openPort('127.0.0.1', 22);
    expect(String((await once(port, 'data'))[0])).toMatch(/^SSH-2.0/);
    port.destroy();
    const missing = connection.openSocket('/tmp/tunel-no-such-socket');
    expect(await failure(missing)).toMatchObject({ code: 'channel-refused' });
    const path = '/tmp/tunel-openssh-test.sock';
    const server = await connection.openCommand(
      `rm -f ${path}; exec python3 -c 'import socket
s=socket.socket(socket.AF_UNIX); s.bind("${path}"); s.listen(1); print("up", flush=True)
c=s.accept()[0]; c.sendall(c.recv(100).upper()); c.close()'`,
    );
    await once(server, 'data');
    const socket = await connection.openSocket(path);
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('HELLO');
    socket.destroy();
    server.destroy();
  });

  test('opens terminals that know their size', async () => {
    direct(22);
    const connection = await open();
    const script = 'stty size; read line; stty size; exit 3';
    const terminal = await connection.openTerminal({ columns: 100, rows: 30, type: 'xterm-256color', script });
    let shown = '';
    terminal.stream.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await until('the first size is shown', () => shown.includes('30 100'));
    terminal.resize({ columns: 80, rows: 24 });
    terminal.stream.write('\n');
    await until('the second size is shown', () => shown.includes('24 80'));
    expect(await terminal.ended).toEqual({ code: 3, signal: null });
  });

  test('reads and writes files', async () => {
    direct(22);
    const connection = await open();
    const bytes = randomBytes(1_500_000);
    await connection.writeFile('/home/ada/openssh-file', bytes, { mode: 0o640 });
    expect((await connection.run('stat -c %a openssh-file; rm openssh-file.x 2>/dev/null; true')).stdout).toBe('640\n');
    expect(Buffer.from(await connection.readFile('/home/ada/openssh-file')).equals(bytes)).toBe(true);
    await connection.run('rm openssh-file');
    expect(await failure(connection.readFile('/home/ada/openssh-file'))).toMatchObject({ code: 'not-found' });
  });

  test('reaches a host behind it by a second hop', async () => {
    direct(22);
    const connection = await open();
    world.answers(acceptKey);
    const hop = await connection.hop('login');
    expect((await hop.connection.run('hostname')).stdout).toBe('login\n');
    // By the OpenSSH of this computer too, so that the node can be signed in to as the login node can.
    expect((await masters()).filter((line) => /^ *\d+ ssh -M .* -- login$/.test(line))).toHaveLength(1);
    await world.connections.disconnect('c1');
    await until('the hop went with it', () => hop.connection.closed.aborted);
    hop.release();
  });

  test('opens a second one where the server allows one session', async () => {
    direct(ONE_SESSION);
    const connection = await open();
    const stream = await connection.openCommand('cat');
    expect((await connection.run('echo beside')).stdout).toBe('beside\n');
    stream.end('x');
    await stream.ended;
  });

  test('ends with its master, with a reason, and all that is left of it', async () => {
    direct(22);
    const connection = await open();
    const pid = (await masters()).map((line) => /^ *(\d+) ssh -M /.exec(line)?.[1]).find(Boolean);
    if (!pid) throw new Error('The master is not among the processes.');
    process.kill(Number(pid), 'SIGKILL');
    await until('the connection is closed', () => connection.closed.aborted);
    expect(connection.closed.reason).toMatchObject({ code: 'connection-lost' });
    lease?.release();
    lease = undefined;
    await world.connections.disconnect('c1');
    await expectNothingLeft();
  });

  async function expectReconnect(port: number, method: string, account: Record<string, unknown>): Promise<string> {
    const [sshd] = sshds.filter((each) => each.ports[0] === port);
    if (!sshd) throw new Error(`No sshd at port ${port}.`);
    direct(port, account);
    const connection = await open();
    const accepted = async () => (await sshd.log()).match(new RegExp(`Accepted ${method} for ada`, 'g'))?.length ?? 0;
    const [before, refused] = [await accepted(), await sshd.refusals()];
    world.asked.length = 0;
    await sshd.killSessions('ada');
    await until('the connection is lost', () => connection.closed.aborted);
    await until('it is connected again', () => world.connections.status('c1').state === 'connected');
    const again = await world.connections.acquire('c1');
    expect((await again.connection.run('hostname')).stdout).toBe('bastion\n');
    again.release();
    expect(world.asked).toEqual([]);
    expect((await accepted()) - before).toBe(1);
    expect((await sshd.refusals()) - refused).toBe(0);
    return AppError.from(connection.closed.reason).message;
  }

  test('comes back by itself with the key that was accepted, and offers no other', async () => {
    const other = join(world.directory, 'other');
    await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    const why = await expectReconnect(POST_QUANTUM, 'publickey', { keyFiles: [other, info.keys.ada] });
    expect(why).not.toContain('Authorized use only');
  });

  test('comes back by itself with the password of the session', async () => {
    world.answers(secret('ada-secret'));
    await expectReconnect(PASSWORD, 'password', { methods: ['password'] });
  });
});

describe('a failure says what it was', () => {
  test.each([
    ['an unknown host', { host: 'no-such-host.invalid' }, 'host-unknown'],
    ['a closed port', { port: 9 }, 'connection-refused'],
    ['a key that is not wanted', { user: 'ben' }, 'auth-failed'],
  ])('%s', async (_name, more, code) => {
    direct(CERTIFICATE, { methods: ['key'], ...more });
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code, detail: expect.any(String) });
    await world.connections.disconnect('c1');
    await expectNothingLeft();
  });

  test('an ssh that ends as soon as it is signed in, in its own words', async () => {
    const program = join(world.directory, 'broken-ssh');
    const script = `#!/bin/sh
for word in "$@"; do case $word in LocalCommand=*) eval "\${word#LocalCommand=}" ;; esac; done
echo 'client_loop: it broke' >&2
exit 255
`;
    await writeFile(program, script, { mode: 0o755 });
    const other = await createWorld({ sshConfigFiles: [], sshProgram: program });
    try {
      add(other, 22);
      const error = await failure(other.connections.acquire('c1'));
      expect(error).toMatchObject({ code: 'connection-lost', message: expect.stringContaining('it broke') });
      expect(error.hint).not.toContain('Update');
    } finally {
      await other.dispose();
    }
  });

  test('a server that greets and says no more', async () => {
    const server = createServer(
      (socket) =>
        void socket
          .on('error', () => undefined)
          .resume()
          .write('SSH-2.0-x\r\n'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const begin = performance.now();
    try {
      direct(typeof address === 'object' && address ? address.port : 0, { host: '127.0.0.1' });
      const error = await failure(world.connections.acquire('c1'));
      expect(error).toMatchObject({ code: 'timeout', message: expect.stringContaining('handshake') });
      expect(performance.now() - begin).toBeLessThan(25_000);
    } finally {
      server.close();
    }
  });

  test('no ssh program', async () => {
    const other = await createWorld({ sshConfigFiles: [], sshProgram: 'no-such-ssh' });
    try {
      add(other, 22);
      expect(await failure(other.connections.acquire('c1'))).toMatchObject({ code: 'command-missing' });
    } finally {
      await other.dispose();
    }
  });
});

test('a master ends with the program that started it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tunel-master-'));
  const supervisor = spawn('/bin/sh', ['-c', SUPERVISOR_SCRIPT, folder, 'sleep', '86222'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await until('it runs', async () => (await processesWith('sleep 86222')).length > 0);
  supervisor.stdin?.end();
  await until('it has ended', async () => (await processesWith('86222')).length === 0);
  await until('its folder is gone', async () => !existsSync(folder));
});
