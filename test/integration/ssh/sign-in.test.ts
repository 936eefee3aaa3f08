import { chown, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type ClusterInfo,
  changeHostKey,
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

let info: ClusterInfo;
let world: World;

beforeAll(async () => {
  info = await upCluster('login');
  await resetOneTimeCodes(info);
});
beforeEach(async () => {
  await forgiveFailures(info);
  world = await createWorld();
});
afterEach(() => world.dispose());

async function whoami(): Promise<string> {
  const lease = await world.connections.acquire('c1');
  const { stdout } = await lease.connection.run('id -un; hostname');
  lease.release();
  return stdout;
}

describe('sign-in', () => {
  test('with a key file, through the bastion, without a question', async () => {
    world.add(behindBastion(info));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toEqual([]);
    expect(world.events.map((event) => event.text)).toContain('Signed in with a key, through 198.18.1.2');
  });

  test.each([
    ['rsa', ['-t', 'rsa'], ''],
    ['ecdsa', ['-t', 'ecdsa'], 'secret'],
    ['rsa in PEM', ['-t', 'rsa', '-m', 'PEM'], 'secret'],
    ['rsa in PKCS#8', ['-t', 'rsa', '-m', 'PKCS8'], 'secret'],
    ['ecdsa in PKCS#8', ['-t', 'ecdsa', '-m', 'PKCS8'], ''],
  ])('with a key of the kind %s', async (_name, options, passphrase) => {
    const file = join(world.directory, 'key');
    await runCommand('ssh-keygen', ['-q', ...options, '-N', passphrase, '-f', file]);
    const keys = join(info.shared, 'home/ada/.ssh/authorized_keys2');
    await writeFile(keys, await readFile(`${file}.pub`));
    await chown(keys, info.users.ada?.uid ?? 0, info.users.ada?.uid ?? 0);
    try {
      world.add({ host: '198.18.1.2', methods: ['key'], keyFiles: [file], knownHostsFile: info.known_hosts });
      if (passphrase) world.answers(secret(passphrase));
      expect(await whoami()).toBe('ada\nbastion\n');
    } finally {
      await rm(keys);
    }
  });

  test('a passphrase is not asked for when the server does not want the key', async () => {
    const file = join(world.directory, 'key');
    await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', file]);
    world.add({ host: '198.18.1.2', methods: ['key'], keyFiles: [file], knownHostsFile: info.known_hosts });
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'auth-failed' });
    expect(world.asked).toEqual([]);
  });

  test('asks for the passphrase of a key, again when it is wrong, and remembers it', async () => {
    const key = info.keys['ada-enc'] ?? '';
    world.add(behindBastion(info, 22, { keyFiles: [key] }));
    world.answers(secret('wrong'), secret('opensesame', true));
    expect(await whoami()).toBe('ada\nlogin\n');
    // One key file for two hops: asked for once.
    expect(world.asked).toMatchObject([
      { kind: 'secret', secret: 'passphrase', subject: key, wrong: 0, canRemember: true },
      { kind: 'secret', secret: 'passphrase', subject: key, wrong: 1 },
    ]);
    expect(world.secrets.held.get(`passphrase:${key}`)).toBe('opensesame');
  });

  test('gives up after three wrong passphrases', async () => {
    world.add(behindBastion(info, 22, { keyFiles: [info.keys['ada-enc']] }));
    world.answers(secret('a'), secret('b'), secret('c'));
    const error = await failure(world.connections.acquire('c1'));
    expect(error).toMatchObject({ code: 'auth-failed', hint: expect.stringContaining('ssh-keygen -y -f') });
    expect(world.connections.status('c1').state).toBe('sign-in-needed');
  });

  test('with a password on both hops, remembered for the next time', async () => {
    world.add(behindBastion(info, 22, { methods: ['password'], keyFiles: [] }));
    world.answers(secret('ada-secret'), secret('ada-secret', true));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked.map((prompt) => prompt.kind === 'secret' && prompt.subject)).toEqual([
      'ada@198.18.1.2',
      'ada@login',
    ]);
    expect(world.asked.map((prompt) => prompt.hop)).toEqual([
      { role: 'jump', host: '198.18.1.2' },
      { role: 'login', host: 'login' },
    ]);
    expect([...world.secrets.held]).toEqual([['password:ada@login:22', 'ada-secret']]);
    await world.connections.disconnect('c1');
    // The bastion's password is known until the app quits.
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toHaveLength(2);
  });

  test('a wrong stored password is forgotten and asked for', async () => {
    world.secrets.held.set('password:ada@login:22', 'old');
    world.add(behindBastion(info, 22, { methods: ['key', 'password'], keyFiles: [info.keys.ben] }));
    world.secrets.held.set('password:ada@198.18.1.2:22', 'ada-secret');
    world.answers(secret('ada-secret'));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.secrets.held.has('password:ada@login:22')).toBe(false);
  });

  test('three wrong passwords are a clear error', async () => {
    world.add({ host: '198.18.1.2', methods: ['password'], knownHostsFile: info.known_hosts });
    world.answers(secret('x'), secret('y'), secret('z'));
    const error = await failure(world.connections.acquire('c1'));
    expect(error.code).toBe('auth-failed');
    expect(error.message).toBe('ada cannot sign in to 198.18.1.2:22: wrong 3 times.');
    expect(world.asked.map((prompt) => prompt.kind === 'secret' && prompt.wrong)).toEqual([0, 1, 2]);
  });

  test('a cancelled question waits for the user', async () => {
    world.add({ host: '198.18.1.2', methods: ['password'], knownHostsFile: info.known_hosts });
    world.answers({ kind: 'cancel' }, secret('ada-secret'));
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'cancelled' });
    expect(world.connections.status('c1')).toMatchObject({ state: 'sign-in-needed', nextTryAt: null });
    world.connections.retry('c1');
    await until('connected', () => world.connections.status('c1').state === 'connected');
  });

  test('with a password and a one-time code, in two rounds', async () => {
    await resetOneTimeCodes(info);
    world.add(behindBastion(info, 2204, { methods: ['key', 'interactive'], keyFiles: [info.keys.ada] }));
    world.answers(secret('ada-secret'), typed('000000'), () => typed(oneTimeCode(info)));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toMatchObject([
      { kind: 'secret', secret: 'password', subject: 'ada@login' },
      { kind: 'interactive', wrong: 0, round: 2, fields: [{ echo: false }] },
      // The password was right and is not asked again.
      { kind: 'interactive', wrong: 1, round: 2 },
    ]);
    expect(world.events.at(-1)?.text).toBe('Signed in with a password and a code, through 198.18.1.2');
  });

  test('with a key and a one-time code', async () => {
    await resetOneTimeCodes(info);
    world.add(behindBastion(info, 2205, { methods: ['key', 'interactive'] }));
    world.answers(() => typed(oneTimeCode(info)));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toHaveLength(1);
    expect(world.events.at(-1)?.text).toContain('Signed in with a key and a');
  });

  test('shows the options of a Duo-like menu, and asks again after a wrong answer', async () => {
    world.add(behindBastion(info, 2207, { methods: ['key', 'interactive'] }));
    world.answers(secret('ada-secret'), typed('9'), typed('1'));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toMatchObject([
      { kind: 'secret' },
      {
        kind: 'interactive',
        wrong: 0,
        options: [
          { reply: '1', label: 'Push to XXX-XXX-1234' },
          { reply: '2', label: 'Text message' },
        ],
      },
      { kind: 'interactive', wrong: 1 },
    ]);
    const again = world.asked[2];
    expect(again?.kind === 'interactive' && `${again.instructions}${again.fields[0]?.text}`).toContain(
      'Incorrect passcode. Please try again.',
    );
  });

  test('gives the menu its usual reply by itself', async () => {
    world.add(behindBastion(info, 2207, { methods: ['key', 'interactive'], menuReply: '1' }));
    world.secrets.held.set('password:ada@login:2207', 'ada-secret');
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toEqual([]);
    expect(world.approvals).toMatchObject([{ kind: 'approval', option: 'Push to XXX-XXX-1234' }]);
    expect(world.prompts.list()).toEqual([]);
  });

  test('gives a remembered reply to the question that it was given to, and to no other', async () => {
    const question = 'ada@login: 1. Push to XXX-XXX-9999';
    world.add(behindBastion(info, 2207, { methods: ['key', 'interactive'], menuReply: '1', menuQuestion: question }));
    world.secrets.held.set('password:ada@login:2207', 'ada-secret');
    world.answers(typed('1'));
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toHaveLength(1);
  });

  test('keeps the reply that is to be given always together with its question', async () => {
    const kept: unknown[] = [];
    const other = await createWorld({ onMenuReply: (_id, remembered) => kept.push(remembered) });
    try {
      other.add(behindBastion(info, 2207, { methods: ['key', 'interactive'] }));
      other.answers(secret('ada-secret'), { kind: 'interactive', values: ['1'], alwaysReply: '1' });
      (await other.connections.acquire('c1')).release();
      expect(kept).toEqual([{ reply: '1', question: 'ada@login: 1. Push to XXX-XXX-1234' }]);
    } finally {
      await other.dispose();
    }
  });

  test('a push can be given up while it waits for the phone', async () => {
    world.add(behindBastion(info, 2207, { methods: ['key', 'interactive'], menuReply: '1' }));
    world.secrets.held.set('password:ada@login:2207', 'ada-secret');
    const unsubscribe = world.prompts.onChange((list) => {
      const approval = list.find((prompt) => prompt.kind === 'approval');
      if (approval) queueMicrotask(() => world.prompts.answer(approval.id, { kind: 'cancel' }));
    });
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'cancelled' });
    unsubscribe();
    expect(world.connections.status('c1').state).toBe('sign-in-needed');
  });

  test('the error of a failed sign-in is gone when the corrected one starts', async () => {
    world.add({ host: '198.18.1.2', methods: ['key'], keyFiles: [info.keys.ben], knownHostsFile: info.known_hosts });
    await failure(world.connections.connect('c1'));
    expect(world.connections.status('c1').error).not.toBeNull();
    world.add({ host: '198.18.1.2', methods: ['key'], keyFiles: [info.keys.ada], knownHostsFile: info.known_hosts });
    world.statuses.length = 0;
    await world.connections.connect('c1');
    expect(world.statuses[0]).toMatchObject({ state: 'connecting', error: null });
  });

  test('a test of a connection keeps nothing: no host key, no password, no reply', async () => {
    const cluster = world.add({ host: '198.18.1.2', methods: ['password'] });
    for (let time = 0; time < 2; time++) {
      world.answers(acceptKey, secret('ada-secret', true));
      const tested = await world.connections.test(cluster, new AbortController().signal);
      tested.close();
    }
    expect(world.asked).toMatchObject([
      { kind: 'host-key', canSave: false },
      { kind: 'secret', canRemember: false },
      { kind: 'host-key' },
      { kind: 'secret' },
    ]);
    expect(await readdir(world.directory)).toEqual([]);
    expect(world.secrets.held.size).toBe(0);
  });

  test('with the agent', async () => {
    const socket = join(world.directory, 'agent.sock');
    const { stdout } = await runCommand('ssh-agent', ['-a', socket, '-s']);
    const pid = /SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1] ?? '';
    const other = await createWorld({ agentSocket: socket });
    try {
      await runCommand('env', [`SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', info.keys.ben ?? '', info.keys.ada ?? '']);
      other.add(behindBastion(info, 22, { methods: ['agent'], keyFiles: [] }));
      const lease = await other.connections.acquire('c1');
      expect((await lease.connection.run('id -un')).stdout).toBe('ada\n');
      lease.release();
      expect(other.asked).toEqual([]);
    } finally {
      await other.dispose();
      process.kill(Number(pid));
    }
  });

  test('goes on over a new connection when the server hangs up after too many keys', async () => {
    const socket = join(world.directory, 'agent.sock');
    const { stdout } = await runCommand('ssh-agent', ['-a', socket, '-s']);
    const pid = /SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1] ?? '';
    const other = await createWorld({ agentSocket: socket });
    try {
      for (let count = 0; count < 8; count++) {
        const key = join(world.directory, `key${count}`);
        await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
        await runCommand('env', [`SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', key]);
      }
      other.add({ host: '198.18.1.2', methods: ['agent', 'key'], knownHostsFile: info.known_hosts });
      const lease = await failure(other.connections.acquire('c1'));
      expect(lease).toMatchObject({ code: 'auth-failed', message: expect.stringContaining('none of 8 keys') });
    } finally {
      await other.dispose();
      process.kill(Number(pid));
    }
  });

  test('names keys that cannot be used before it asks for anything', async () => {
    const add = (file: string) =>
      world.add({
        host: '198.18.1.2',
        methods: ['key', 'password'],
        keyFiles: [file],
        knownHostsFile: info.known_hosts,
      });
    add(join(world.directory, 'missing'));
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({
      code: 'key-unreadable',
      message: expect.stringContaining('missing'),
    });
    const putty = join(world.directory, 'key.ppk');
    await writeFile(putty, 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n');
    add(putty);
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({
      code: 'auth-unsupported',
      hint: expect.stringContaining('PuTTYgen'),
    });
    expect(world.asked).toEqual([]);
  });

  test('names a certificate that it cannot show', async () => {
    world.add(behindBastion(info, 22, { keyFiles: [info.keys.certada], jumps: [], host: '198.18.1.2' }));
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({
      code: 'auth-unsupported',
      message: expect.stringContaining('certificate'),
    });
  });
});

describe('host keys', () => {
  test('an unknown key is asked for with its fingerprint at every hop, saved, and known the next time', async () => {
    world.add(behindBastion(info, 2201, { knownHostsFile: '' }));
    world.answers(acceptKey, acceptKey);
    expect(await whoami()).toBe('ada\nlogin\n');
    const { stdout } = await onNode(info, 'login', 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    expect(world.asked).toMatchObject([
      { kind: 'host-key', host: '198.18.1.2', port: 22, jump: true, keyType: 'ssh-ed25519' },
      { kind: 'host-key', host: 'login', port: 2201, jump: false, fingerprint: stdout.split(' ')[1] },
    ]);
    const saved = await readFile(join(world.directory, 'known_hosts'), 'utf8');
    expect(saved).toMatch(/^198\.18\.1\.2 ssh-ed25519 \S+\n\[login\]:2201 ssh-ed25519 \S+\n$/);
    await world.connections.disconnect('c1');
    expect(await whoami()).toBe('ada\nlogin\n');
    expect(world.asked).toHaveLength(2);
  });

  test('a changed key is a hard stop before any credential is sent', async () => {
    const other = await createWorld();
    const restore = await changeHostKey(info, 'bastion');
    try {
      const log = '/var/log/sshd_22.log';
      const { stdout: before } = await onNode(info, 'bastion', `wc -c < ${log}`);
      other.secrets.held.set('password:ada@198.18.1.2:22', 'ada-secret');
      other.add({ host: '198.18.1.2', methods: ['password'], knownHostsFile: info.known_hosts });
      const error = await failure(other.connections.acquire('c1'));
      expect(error.code).toBe('host-key-changed');
      expect(error.action).toEqual({
        kind: 'copy-command',
        text: `ssh-keygen -R 198.18.1.2 -f ${info.known_hosts}`,
      });
      expect(error.detail).toContain(`from ${info.known_hosts}, line`);
      expect(other.connections.status('c1').state).toBe('key-changed');
      expect(other.asked).toEqual([]);
      const added = await until('sshd wrote it down', async () => {
        const { stdout } = await onNode(info, 'bastion', `tail -c +${Number(before) + 1} ${log}`);
        return stdout.includes('[preauth]') ? stdout : '';
      });
      // The user name goes out with the first try to sign in: there was none.
      expect(added).not.toMatch(/password|Accepted|Failed|\bada\b/);
    } finally {
      await restore();
      await other.dispose();
    }
  });

  test('a revoked key and an unreadable file stop too', async () => {
    const file = join(world.directory, 'mine');
    const known = (await readFile(info.known_hosts, 'utf8')).split('\n').find((line) => line.includes('198.18.1.2'));
    await writeFile(file, `@revoked * ${known?.split(' ').slice(1).join(' ')}\n`);
    world.add({ host: '198.18.1.2', methods: ['password'], knownHostsFile: file });
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'host-key-revoked' });
    world.add({ host: '198.18.1.2', methods: ['password'], knownHostsFile: world.directory });
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({
      code: 'known-hosts-unreadable',
      message: expect.stringContaining(world.directory),
    });
    expect(world.asked).toEqual([]);
  });

  test('a key that is not accepted ends it', async () => {
    world.add({ host: '198.18.1.2', methods: ['password'] });
    world.answers({ kind: 'cancel' });
    expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'cancelled' });
    expect(world.connections.status('c1').state).toBe('sign-in-needed');
  });
});
