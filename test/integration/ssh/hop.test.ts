import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { acceptKey, createWorld, failure, forgiveFailures, until, type World } from './harness.ts';

// The bastion stands for a login node here, the login node for a compute node behind it.
let info: ClusterInfo;
let world: World;

beforeAll(async () => {
  info = await upCluster('login');
});
beforeEach(async () => {
  await forgiveFailures(info);
  world = await createWorld();
  const bastion = join(world.directory, 'bastion');
  const line = (await readFile(info.known_hosts, 'utf8')).split('\n').find((known) => known.includes('198.18.1.2'));
  await writeFile(bastion, `${line}\n`);
  world.add({ host: '198.18.1.2', methods: ['key'], keyFiles: [info.keys.ada], knownHostsFile: bastion });
});
afterEach(() => world.dispose());

test('a second hop is shared while held, and its key is taken from the cluster without a question', async () => {
  const lease = await world.connections.acquire('c1');
  const [a, b] = await Promise.all([lease.connection.hop('login'), lease.connection.hop('login')]);
  expect(a.connection).toBe(b.connection);
  expect((await a.connection.run('hostname')).stdout).toBe('login\n');
  expect(world.asked).toEqual([]);
  expect(await readFile(join(world.directory, 'known_hosts'), 'utf8')).toMatch(
    /^tunel-node-c1-login ssh-ed25519 \S+\n$/,
  );
  a.release();
  expect((await b.connection.run('echo still')).stdout).toBe('still\n');
  b.release();
  await until('the hop is closed', () => b.connection.closed.aborted);
  const again = await lease.connection.hop('login');
  expect(again.connection).not.toBe(a.connection);
  await world.connections.disconnect('c1');
  await until('the hop went with it', () => again.connection.closed.aborted);
  lease.release();
});

test('a node that the cluster does not know is asked for; another key is a hard stop', async () => {
  const theirs = join(info.shared, 'home/ada/.ssh/known_hosts');
  const before = await readFile(theirs);
  await rm(theirs);
  try {
    const lease = await world.connections.acquire('c1');
    // A watcher may not ask, and whoever then waits for the same hop may.
    const polled = failure(lease.connection.hop('login', undefined, 'poll'));
    world.answers({ kind: 'cancel' }, acceptKey);
    const wanted = failure(lease.connection.hop('login'));
    expect(await polled).toMatchObject({ code: 'sign-in-needed' });
    expect(await wanted).toMatchObject({ code: 'cancelled' });
    (await lease.connection.hop('login')).release();
    expect(world.asked).toMatchObject([
      { kind: 'host-key', host: 'login' },
      { kind: 'host-key', host: 'login' },
    ]);
    // As if the node's key had changed since.
    const file = join(world.directory, 'known_hosts');
    const bastion = (await readFile(info.known_hosts, 'utf8'))
      .split('\n')
      .find((known) => known.includes('198.18.1.2'));
    await writeFile(file, `tunel-node-c1-login ${bastion?.split(' ').slice(1).join(' ')}\n`);
    const error = await failure(lease.connection.hop('login'));
    expect(error).toMatchObject({ code: 'host-key-changed' });
    const command = `ssh-keygen -R tunel-node-c1-login -f ${file}`;
    expect(error.hint).toContain(command);
    expect(error.action).toEqual({ kind: 'copy-command', text: command });
    lease.release();
  } finally {
    await writeFile(theirs, before);
  }
});

test('a node whose PAM lets nobody in ends the sign-in, in its own words', async () => {
  const rule = 'account required pam_exec.so stdout /tmp/tunel-no-jobs';
  await onNode(
    info,
    'login',
    `printf '#!/bin/sh\\necho no active jobs here\\nexit 1\\n' >/tmp/tunel-no-jobs && chmod 755 /tmp/tunel-no-jobs
     sed -i '1i ${rule}' /etc/pam.d/sshd`,
  );
  const lease = await world.connections.acquire('c1');
  try {
    expect(await failure(lease.connection.hop('login'))).toMatchObject({
      code: 'connection-lost',
      message: 'login:22 ended the connection during sign-in.',
      detail: expect.stringContaining('no active jobs here'),
    });
    await onNode(info, 'login', `sed -i '/tunel-no-jobs/d' /etc/pam.d/sshd`);
    const hop = await lease.connection.hop('login');
    expect((await hop.connection.run('hostname')).stdout).toBe('login\n');
    hop.release();
  } finally {
    await onNode(info, 'login', `sed -i '/tunel-no-jobs/d' /etc/pam.d/sshd`);
    lease.release();
  }
});

test('a node that does not exist, and a caller that gives up', async () => {
  const lease = await world.connections.acquire('c1');
  expect(await failure(lease.connection.hop('c99'))).toMatchObject({
    code: 'host-unknown',
    message: '198.18.1.2 cannot reach c99:22: it does not know that name.',
  });
  const abort = new AbortController();
  const hop = failure(lease.connection.hop('login', abort.signal));
  abort.abort();
  expect(await hop).toMatchObject({ code: 'cancelled' });
  lease.release();
});
