import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection, Lease } from '../../../electron/core/ssh/types.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { behindBastion, createWorld, extraSshd, failure, forgiveFailures, until, type World } from './harness.ts';

let info: ClusterInfo;
let world: World;
let lease: Lease | undefined;

beforeAll(async () => {
  info = await upCluster('login');
  await forgiveFailures(info);
});
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  lease?.release();
  lease = undefined;
  await world.dispose();
});

async function open(port = 22, more: Record<string, unknown> = {}): Promise<Connection> {
  world.add(behindBastion(info, port, more));
  lease = await world.connections.acquire('c1');
  return lease.connection;
}

/** Arguments that break quoting, encodings or shells. */
const nasty = [
  '',
  ' ',
  '  two  spaces  ',
  "'",
  '"',
  "it's",
  '\\',
  '\\\\n',
  '\n',
  'a\nb\n\n',
  '\t',
  '\r\n',
  '$HOME',
  '$(id)',
  '`id`',
  '$IFS $@ $$',
  '!!',
  '!event',
  '*',
  '?[a-z]',
  '~root',
  '; exit 9',
  '&& false',
  '| cat',
  '> /tmp/x',
  '-n -e',
  '%s%n',
  'ünïcödé 日本語 🚀',
  "'; } ; exit 7; { '",
];

describe('commands', () => {
  test('carry 29 nasty arguments byte for byte', async () => {
    const connection = await open();
    for (const argument of nasty) {
      const { stdout } = await connection.run(`printf '%s' ${quote(argument)}`);
      expect(stdout).toBe(argument);
    }
    const all = await connection.run(`printf '%s\\0' ${nasty.map(quote).join(' ')}`);
    expect(all.stdout).toBe(`${nasty.join('\0')}\0`);
  });

  test('work with dash as the login shell', async () => {
    await onNode(info, 'login', ['usermod', '-s', '/bin/dash', 'ada']);
    try {
      const connection = await open();
      const { stdout } = await connection.run(`printf '%s|' ${nasty.map(quote).join(' ')}`);
      expect(stdout).toBe(nasty.map((argument) => `${argument}|`).join(''));
    } finally {
      await onNode(info, 'login', ['usermod', '-s', '/bin/bash', 'ada']);
    }
  });

  test('keep exit code, both outputs and stdin apart', async () => {
    const connection = await open();
    expect(await connection.run('echo out; echo err >&2; exit 7')).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 7,
    });
    expect((await connection.run('kill -9 $(sh -c "echo \\$PPID")')).exitCode).toBe(137);
    const bytes = new Uint8Array(3_000_000).map((_, index) => (index * 7) % 256);
    const { stdout } = await connection.run('cksum; echo done', { stdin: bytes });
    expect(stdout).toMatch(/^\d+ 3000000\ndone\n$/);
    // What the script leaves unread must not be run.
    expect(await connection.run('true', { stdin: Buffer.from('echo hacked\n'.repeat(10_000)) })).toEqual({
      stdout: '',
      stderr: '',
      exitCode: 0,
    });
    expect((await connection.run('cat; echo end')).stdout).toBe('end\n');
  });

  test('do not wait for what they leave in the background', async () => {
    const connection = await open();
    const begin = Date.now();
    expect((await connection.run('sleep 30 & echo started')).stdout).toBe('started\n');
    expect(Date.now() - begin).toBeLessThan(5000);
  });

  test('end on a timeout and on an abort, and what they ran ends too', async () => {
    const connection = await open();
    const mark = `tunel-test-${process.pid}`;
    const sleeping = async () => (await onNode(info, 'login', `pgrep -f '[s]leep 4[12]' || true`)).stdout.trim() !== '';
    expect(await failure(connection.run('sleep 41', { timeoutMs: 400 }))).toMatchObject({ code: 'timeout' });
    const abort = new AbortController();
    const running = failure(connection.run(`: ${mark}; sleep 42`, { signal: abort.signal }));
    await until('it runs', sleeping);
    abort.abort();
    expect(await running).toMatchObject({ code: 'cancelled' });
    await until('nothing is left', async () => !(await sleeping()));
    expect(await failure(connection.run('yes', { maxBytes: 100_000 }))).toMatchObject({ code: 'command-failed' });
  });

  test('a noisy login file neither disturbs commands nor files', async () => {
    const rc = join(info.shared, 'home/ada/.bashrc');
    await writeFile(rc, 'echo "Welcome to the cluster, 30 % of your quota used"; echo noise >&2\n');
    // internal-sftp runs no login file; an external server does.
    const restore = await extraSshd(info, 's#internal-sftp#/usr/lib/openssh/sftp-server#');
    try {
      const connection = await open(2290);
      expect(await connection.run('echo clean; echo err >&2')).toEqual({
        stdout: 'clean\n',
        stderr: 'err\n',
        exitCode: 0,
      });
      const bytes = new Uint8Array(200_000).map((_, index) => index % 256);
      await connection.writeFile('/home/ada/noisy.bin', bytes, { mode: 0o640 });
      expect(Buffer.compare(await connection.readFile('/home/ada/noisy.bin'), bytes)).toBe(0);
      expect((await connection.run('stat -c %a /home/ada/noisy.bin')).stdout).toBe('640\n');
      const part = await connection.readFile('/home/ada/noisy.bin', { offset: 1000, maxBytes: 10 });
      expect([...part]).toEqual([...bytes.subarray(1000, 1010)]);
    } finally {
      await restore();
      await rm(rc);
    }
  });

  test('an account for file transfer only says so', async () => {
    const connection = await open(2209);
    const error = await failure(connection.run('true', { timeoutMs: 10_000 }));
    expect(error).toMatchObject({ code: 'command-failed', hint: expect.stringContaining('file transfer only') });
    await connection.writeFile('/home/ada/sftp-only.txt', Buffer.from('there'));
    expect(Buffer.from(await connection.readFile('/home/ada/sftp-only.txt')).toString()).toBe('there');
  });
});

describe('files', () => {
  test('go on while the keys of the connection are renewed', async () => {
    const restore = await extraSshd(info, '$aRekeyLimit 1M');
    try {
      const connection = await open(2290);
      const bytes = new Uint8Array(8_000_000).map((_, index) => (index * 13) % 256);
      await connection.writeFile('/home/ada/rekey.bin', bytes);
      expect(Buffer.compare(await connection.readFile('/home/ada/rekey.bin'), bytes)).toBe(0);
      expect((await connection.run('rm rekey.bin; echo ok')).stdout).toBe('ok\n');
    } finally {
      await restore();
    }
  });

  test('appear whole, private by default, with the mode asked for', async () => {
    const connection = await open();
    const bytes = new Uint8Array(1_500_000).map((_, index) => (index * 31) % 256);
    await connection.writeFile('/home/ada/f.bin', bytes);
    await connection.writeFile('/home/ada/f.sh', Buffer.from('#!/bin/sh\n'), { mode: 0o700 });
    await connection.writeFile('/home/ada/f.sh', Buffer.from('#!/bin/sh\necho 2\n'), { mode: 0o700 });
    const { stdout } = await connection.run(
      'cd; stat -c %a f.bin f.sh; ./f.sh; ls | grep -c "\\.tunel-" || true; rm f.bin',
    );
    expect(stdout).toBe('600\n700\n2\n0\n');
    await connection.writeFile('/home/ada/empty', new Uint8Array());
    expect((await connection.readFile('/home/ada/empty')).byteLength).toBe(0);
  });

  test('name what is wrong: full, read-only, forbidden, missing', async () => {
    await onNode(
      info,
      'login',
      `mkdir -p /mnt/full /mnt/ro && mountpoint -q /mnt/full || mount -t tmpfs -o size=64k,mode=1777 none /mnt/full
       mountpoint -q /mnt/ro || mount -t tmpfs -o ro,mode=1777 none /mnt/ro`,
    );
    try {
      const connection = await open();
      const full = await failure(connection.writeFile('/mnt/full/big', new Uint8Array(1_000_000)));
      expect(full).toMatchObject({ code: 'no-space', hint: expect.stringContaining('/mnt/full/big') });
      expect((await connection.run('ls -A /mnt/full')).stdout).toBe('');
      expect(await failure(connection.writeFile('/mnt/ro/x', Buffer.from('x')))).toMatchObject({
        code: 'read-only',
        hint: expect.stringContaining('/mnt/ro/x'),
      });
      expect(await failure(connection.writeFile('/etc/x', Buffer.from('x')))).toMatchObject({ code: 'not-permitted' });
      expect(await failure(connection.writeFile('/none/x', Buffer.from('x')))).toMatchObject({ code: 'not-found' });
      expect(await failure(connection.readFile('/none/x'))).toMatchObject({ code: 'not-found' });
    } finally {
      await onNode(info, 'login', 'umount /mnt/full /mnt/ro');
    }
  });
});

describe('channels', () => {
  test('reach a Unix socket and a port, and name a policy that forbids them', async () => {
    const connection = await open();
    const server = connection.run(
      `cd; rm -f s.sock; python3 - <<'PY'
import socket, threading
def serve(s):
    c, _ = s.accept(); c.sendall(c.recv(100).upper()); c.close()
u = socket.socket(socket.AF_UNIX); u.bind('s.sock'); u.listen()
t = socket.socket(); t.bind(('127.0.0.1', 8765)); t.listen()
threads = [threading.Thread(target=serve, args=(s,)) for s in (u, t)]
[x.start() for x in threads]; [x.join() for x in threads]
PY`,
      { timeoutMs: 30_000 },
    );
    const shout = async (dial: () => Promise<import('node:stream').Duplex>) => {
      const channel = await until('the server listens', () => dial().catch(() => null));
      channel.write('hello');
      let text = '';
      channel.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      await once(channel, 'end');
      channel.destroy();
      return text;
    };
    expect(await shout(() => connection.openSocket('/home/ada/s.sock'))).toBe('HELLO');
    expect(await shout(() => connection.openPort('127.0.0.1', 8765))).toBe('HELLO');
    expect((await server).exitCode).toBe(0);
    expect(await failure(connection.openSocket('/home/ada/none.sock'))).toMatchObject({ code: 'channel-refused' });
  });

  test.each([
    [2201, false, true],
    [2202, false, false],
    [2203, false, false],
    [22, true, true],
  ])('port %i: socket forwarding %s, port forwarding %s, as tried by a test', async (port, socket, tcp) => {
    const cluster = world.add(behindBastion(info, port));
    const found = await world.connections.test(cluster, new AbortController().signal);
    expect(found).toMatchObject({ loginNode: 'login', socketForwarding: socket, portForwarding: tcp });
    expect(found.roundTrip).toBeGreaterThan(0);
    expect(found.homeTotal).toBeGreaterThan(found.homeFree ?? Number.POSITIVE_INFINITY);
    found.close();
    expect(found.connection.closed.aborted).toBe(true);
    await until('nothing is left behind', async () => {
      const { stdout } = await onNode(info, 'login', 'ls -d /tmp/tunel.* 2>/dev/null | wc -l');
      return stdout.trim() === '0' || !socket;
    });
  });

  test('queue where the server allows one session', async () => {
    const connection = await open(2208);
    const results = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => (await connection.run(`echo ${index}`)).stdout),
    );
    expect(results).toEqual(Array.from({ length: 12 }, (_, index) => `${index}\n`));
    await connection.writeFile('/home/ada/one.txt', Buffer.from('1'));
    const abort = new AbortController();
    const first = connection.run('sleep 1; echo first');
    const second = failure(connection.run('echo second', { signal: abort.signal }));
    abort.abort();
    expect(await second).toMatchObject({ code: 'cancelled' });
    expect((await first).stdout).toBe('first\n');
  });

  test('everything ends with the connection', async () => {
    const connection = await open();
    const channel = await connection.openPort('login', 22);
    const closed = once(channel, 'close');
    const running = failure(connection.run('sleep 60'));
    const waiting = [1, 2, 3, 4, 5, 6, 7].map(() => failure(connection.run('sleep 60')));
    await connection.run('true', { timeoutMs: 1 }).catch(() => undefined);
    await world.connections.disconnect('c1');
    await closed;
    for (const error of [await running, ...(await Promise.all(waiting))])
      expect(error).toMatchObject({ code: 'cancelled' });
    expect(connection.closed.aborted).toBe(true);
    await failure(connection.run('true'));
    await failure(connection.openPort('login', 22));
    await failure(connection.readFile('/etc/hostname'));
  });
});

describe('what does not answer as it should', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  async function serve(greet: string): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (greet) socket.write(greet);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }
  async function attempt(cluster: Record<string, unknown>) {
    world.add({ methods: ['password'], ...cluster });
    return failure(world.connections.acquire('c1'));
  }

  test('an unknown host', async () => {
    const error = await attempt({ host: 'no-such-host.invalid' });
    expect(error).toMatchObject({ code: 'host-unknown', message: expect.stringContaining('no-such-host.invalid:22') });
    expect(error.hint).toBeTruthy();
    expect(world.connections.status('c1').state).toBe('unreachable');
  });

  test('a wrong port, here and behind the bastion', async () => {
    const port = await serve('');
    servers.pop()?.close();
    expect(await attempt({ host: '127.0.0.1', port })).toMatchObject({
      code: 'connection-refused',
      message: `Cannot reach 127.0.0.1:${port}: nothing answers on that port.`,
    });
    const behind = await attempt(behindBastion(info, 9));
    expect(behind).toMatchObject({ code: 'connection-refused' });
    expect(behind.message).toBe('198.18.1.2 cannot reach login:9: nothing answers on that port.');
    expect(await attempt(behindBastion(info, 22, { host: 'nowhere' }))).toMatchObject({
      code: 'host-unknown',
      message: '198.18.1.2 cannot reach nowhere:22: it does not know that name.',
    });
  });

  test('a server that is not SSH, and one that says nothing', async () => {
    expect(await attempt({ host: '127.0.0.1', port: await serve('HTTP/1.1 400 Bad Request\r\n\r\n') })).toMatchObject({
      code: 'not-ssh',
      message: expect.stringContaining('it answered "HTTP/1.1 400 Bad Request"'),
    });
    const begin = Date.now();
    expect(await attempt({ host: '127.0.0.1', port: await serve('') })).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('said nothing in 15 s'),
    });
    expect(Date.now() - begin).toBeLessThan(17_000);
  });
});
