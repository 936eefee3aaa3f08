import { createHash, type Hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Connection, Lease } from '../../../electron/core/ssh/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { behindBastion, createWorld, extraSshd, failure, farBastion, forgiveFailures, type World } from './harness.ts';

const MIB = 1024 * 1024;
const block = randomBytes(MIB);
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

async function open(port = 22): Promise<Connection> {
  world.add(behindBastion(info, port));
  lease = await world.connections.acquire('c1');
  return lease.connection;
}

/** Blocks that differ, one after another. */
async function* blocks(count: number, hash = createHash('sha256')): AsyncGenerator<Buffer> {
  for (let at = 0; at < count; at += 1) {
    const chunk = Buffer.from(block);
    chunk.writeUInt32BE(at);
    hash.update(chunk);
    yield chunk;
  }
}

async function hashOf(connection: Connection, path: string, offset = 0): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256');
  const bytes = await connection.download(path, async (chunk) => void hash.update(chunk), { offset });
  return { hash: hash.digest('hex'), bytes };
}

test('256 MiB both ways while the keys are renewed each MiB, and little of it in memory', async () => {
  const restore = await extraSshd(info, '$aRekeyLimit 1M');
  try {
    const connection = await open(2290);
    const hash = createHash('sha256');
    const before = process.memoryUsage().rss;
    const size = 256 * MIB;
    expect(await connection.upload('/home/ada/big', blocks(256, hash), { mode: 0o640, size })).toBe(size);
    expect(await hashOf(connection, '/home/ada/big')).toEqual({ hash: hash.digest('hex'), bytes: size });
    expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(200);
    expect((await connection.run('stat -c "%a %s" big; ls -A | grep -c "\\.tunel-" ; rm big')).stdout).toBe(
      `640 ${size}\n0\n`,
    );
  } finally {
    await restore();
  }
});

test('an upload of unknown size arrives whole; an empty one makes an empty file', async () => {
  const connection = await open();
  const hash = createHash('sha256');
  expect(await connection.upload('/home/ada/middle', blocks(40, hash))).toBe(40 * MIB);
  expect((await hashOf(connection, '/home/ada/middle')).hash).toBe(hash.digest('hex'));
  expect(await hashOf(connection, '/home/ada/middle', 40 * MIB - 5)).toMatchObject({ bytes: 5 });
  expect(await connection.upload('/home/ada/middle', blocks(0))).toBe(0);
  expect(await hashOf(connection, '/home/ada/middle')).toMatchObject({ bytes: 0 });
  await connection.run('rm middle');
});

/** Blocks until `isOver`, at 50 MB/s: an upload goes on for as long as the test needs it and fills no disk. */
async function* blocksUntil(isOver: () => boolean, hash: Hash): AsyncGenerator<Buffer> {
  for (let at = 0; !isOver() && at < 1024; at += 1) {
    yield* blocks(1, hash);
    await setTimeout(20);
  }
}

test.each([10, 2])('a long upload with MaxSessions %i delays no command and no terminal', async (most) => {
  const restore = await extraSshd(info, `$aMaxSessions ${most}`);
  // Near a server one channel is enough.
  const { port, close } = await farBastion(info, 10);
  try {
    world.add(behindBastion(info, 2290, { jumps: [{ host: '127.0.0.1', port, user: 'ada' }] }));
    lease = await world.connections.acquire('c1');
    const { connection } = lease;
    const channels = async () => Number((await connection.run('pgrep -cP $PPID -f internal-sftp')).stdout);
    const hash = createHash('sha256');
    let isOver = false;
    let isUploaded = false;
    const upload = connection
      .upload(
        '/home/ada/long',
        blocksUntil(() => isOver, hash),
        { size: 1024 * MIB },
      )
      .finally(() => (isUploaded = true));
    if (most === 10) await expect.poll(channels).toBe(7);
    const terminal = await connection.openTerminal({ type: 'xterm', rows: 24, columns: 80 });
    const screen = new Promise<void>((resolve) => {
      let text = '';
      terminal.stream.on('data', (chunk: Buffer) => {
        text += String(chunk);
        if (text.includes('shown-42')) resolve();
      });
    });
    terminal.stream.write('echo shown-$((6 * 7))\n');
    await screen;
    const talks = await Promise.all(Array.from({ length: 5 }, () => connection.openCommand('cat')));
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => connection.run(`sleep 0.1; echo ${at}`, { timeoutMs: 20_000 })),
    );
    expect(answers.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 12 }, (_, at) => `${at}\n`));
    for (const talk of talks) {
      const said = once(talk, 'data');
      talk.write('talk');
      expect(String((await said)[0])).toBe('talk');
    }
    expect(await channels()).toBeLessThan(7);
    expect(isUploaded).toBe(false);
    isOver = true;
    const size = await upload;
    expect(await hashOf(connection, '/home/ada/long')).toEqual({ hash: hash.digest('hex'), bytes: size });
    await expect.poll(channels).toBe(0);
    for (const talk of talks) talk.destroy();
    terminal.stream.destroy();
  } finally {
    close();
    await onNode(info, 'login', 'rm -f /home/ada/long*');
    await restore();
  }
});

test('a source that breaks leaves what was there', async () => {
  const connection = await open();
  await connection.writeFile('/home/ada/kept', Buffer.from('before'));
  async function* breaking() {
    yield* blocks(3);
    throw new AppError('cancelled', 'Given up.');
  }
  expect(await failure(connection.upload('/home/ada/kept', breaking()))).toMatchObject({ code: 'cancelled' });
  const abort = new AbortController();
  async function* endless() {
    for (let at = 0; ; at += 1) {
      if (at === 5) abort.abort(new AppError('cancelled', 'Stopped.'));
      yield block;
    }
  }
  expect(
    await failure(connection.upload('/home/ada/kept', endless(), { signal: abort.signal, size: 99 * MIB })),
  ).toMatchObject({ code: 'cancelled' });
  expect((await connection.run('cat kept')).stdout).toBe('before');
  // The sessions of what broke off are free again.
  expect(await connection.upload('/home/ada/kept', blocks(20), { size: 20 * MIB })).toBe(20 * MIB);
  // What was given up leaves nothing beside it.
  await expect.poll(async () => (await connection.run('ls kept.tunel-* 2>/dev/null')).stdout).toBe('');
  await connection.run('rm -f kept');
});

test('what is given up while its file is being made leaves none', async () => {
  const connection = await open();
  const home = join(info.shared, 'home/ada');
  const abortWhenMade = async (begin: (signal: AbortSignal) => Promise<unknown>) => {
    const abort = new AbortController();
    const watcher = watch(home, (_event, name) => {
      if (name?.startsWith('early.tunel-')) abort.abort(new AppError('cancelled', 'Stopped.'));
    });
    expect(await failure(begin(abort.signal))).toMatchObject({ code: 'cancelled' });
    watcher.close();
  };
  async function* waiting(signal: AbortSignal) {
    yield block;
    await once(signal, 'abort');
  }
  for (let round = 0; round < 10; round += 1) {
    await abortWhenMade((signal) => connection.upload('/home/ada/early', waiting(signal), { signal }));
    await abortWhenMade((signal) => connection.writeFile('/home/ada/early', Buffer.alloc(64 * MIB), { signal }));
  }
  await expect.poll(async () => (await readdir(home)).filter((name) => name.startsWith('early'))).toEqual([]);
});

test('by the shell where a noisy login file breaks sftp', async () => {
  const rc = join(info.shared, 'home/ada/.bashrc');
  // Its first byte is from 0x80 on: an error that is not kept to the channel would end the connection.
  await writeFile(rc, 'echo "École polytechnique: welcome to the cluster"; echo noise >&2\n');
  const restore = await extraSshd(info, 's#internal-sftp#/usr/lib/openssh/sftp-server#');
  try {
    const connection = await open(2290);
    const hash = createHash('sha256');
    expect(await connection.upload("/home/ada/it's noisy", blocks(5, hash), { mode: 0o600 })).toBe(5 * MIB);
    expect(await hashOf(connection, "/home/ada/it's noisy")).toEqual({ hash: hash.digest('hex'), bytes: 5 * MIB });
    expect(await hashOf(connection, "/home/ada/it's noisy", 5 * MIB - 7)).toMatchObject({ bytes: 7 });
    expect((await connection.run('ls -A | grep "it.s noisy"; rm "it\'s noisy"')).stdout).toBe("it's noisy\n");
    expect(await failure(hashOf(connection, '/none/x'))).toMatchObject({ code: 'not-found' });
    expect(await failure(connection.upload('/none/x', blocks(1)))).toMatchObject({ code: 'not-found' });
    expect(connection.closed.aborted).toBe(false);
  } finally {
    await restore();
    await rm(rc);
  }
});

test('a file is read to the end that it has then: of /proc without a size, one that grows and one that shrinks', async () => {
  const connection = await open();
  const version = (await connection.run('cat /proc/version')).stdout;
  const read = async (path: string, offset = 0) => {
    let text = '';
    const take = async (chunk: Uint8Array) => {
      text += Buffer.from(chunk);
    };
    const bytes = await connection.download(path, take, { offset });
    return { text, bytes };
  };
  expect(await read('/proc/version')).toEqual({ text: version, bytes: version.length });
  expect((await read('/proc/version', 6)).text).toBe(version.slice(6));
  expect(Buffer.from(await connection.readFile('/proc/version')).toString()).toBe(version);
  expect(Buffer.from(await connection.readFile('/proc/version', { offset: 6, maxBytes: 4 })).toString()).toBe(
    version.slice(6, 10),
  );

  const whileReading = async (script: string): Promise<number> => {
    await connection.run('head -c 40000000 /dev/zero >moving');
    let isChanged = false;
    return connection.download('/home/ada/moving', async () => {
      if (isChanged) return;
      isChanged = true;
      await connection.run(script);
    });
  };
  expect(await whileReading('head -c 2000000 /dev/zero >>moving')).toBe(42_000_000);
  const shrunk = await whileReading('truncate -s 30000000 moving');
  expect(shrunk).toBeGreaterThanOrEqual(30_000_000);
  expect(shrunk).toBeLessThan(40_000_000);
  await connection.run('rm moving');
});

test('name what is wrong: full, read-only, forbidden, missing, a folder', async () => {
  await onNode(
    info,
    'login',
    `mkdir -p /mnt/full /mnt/ro && mountpoint -q /mnt/full || mount -t tmpfs -o size=64k,mode=1777 none /mnt/full
     mountpoint -q /mnt/ro || mount -t tmpfs -o ro,mode=1777 none /mnt/ro`,
  );
  try {
    const connection = await open();
    expect(await failure(connection.upload('/mnt/full/big', blocks(3)))).toMatchObject({ code: 'no-space' });
    expect((await connection.run('ls -A /mnt/full')).stdout).toBe('');
    expect(await failure(connection.upload('/mnt/ro/x', blocks(1)))).toMatchObject({ code: 'read-only' });
    expect(await failure(connection.upload('/etc/x', blocks(1)))).toMatchObject({ code: 'not-permitted' });
    expect(await failure(connection.upload('/none/x', blocks(1)))).toMatchObject({ code: 'not-found' });
    expect(await failure(hashOf(connection, '/none/x'))).toMatchObject({ code: 'not-found' });
    expect(await failure(hashOf(connection, '/home/ada'))).toMatchObject({ code: 'conflict' });
  } finally {
    await onNode(info, 'login', 'umount /mnt/full /mnt/ro');
  }
});
