import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSshConfig } from '../../../electron/core/ssh/config/ssh-config.ts';
import { parseJump } from '../../../electron/core/ssh/config/ssh-config-policy.ts';

let folder: string;
let file: string;
const path = process.env.PATH;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-config-'));
  file = join(folder, 'config');
  mkdirSync(join(folder, 'conf.d'));
  // ssh takes relative Includes from ~/.ssh, so that here they are absolute.
  writeFileSync(
    file,
    `# my hosts
Include ${folder}/conf.d/*.conf
Host bastion
  HostName bastion.example.org
  User eve
Host login "login two" *.wild !not
  HostName login.inner
  Port 2201
  User ada
  ProxyJump bastion
  IdentityFile ~/.ssh/special
Host chain
  ProxyJump login,zoe@third:2222
Host odd
  ProxyCommand nc %h %p
  CertificateFile ~/.ssh/x-cert.pub
  GSSAPIAuthentication yes
  HostKeyAlias other
  IdentityFile ~/.ssh/id_ed25519_sk
  IdentityFile ~/.ssh/work_sk
Host ring
  ProxyJump ring2
Host ring2
  ProxyJump ring
Host *
  GSSAPIAuthentication no
`,
  );
  writeFileSync(
    join(folder, 'conf.d', 'a.conf'),
    'Host=included\n  HostName 10.0.0.1\n  PreferredAuthentications password\n',
  );
  writeFileSync(join(folder, 'conf.d', 'b.txt'), 'Host never\n');
});
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

test('lists names, also of included files, without patterns', async () => {
  const hosts = await createSshConfig({ file }).hosts();
  expect(hosts.map((host) => host.alias)).toEqual([
    'included',
    'bastion',
    'login',
    'login two',
    'chain',
    'odd',
    'ring',
    'ring2',
  ]);
  expect(hosts[0]?.file).toBe(join(folder, 'conf.d', 'a.conf'));
  expect(await createSshConfig({ file: join(folder, 'none') }).hosts()).toEqual([]);
});

test('resolves as ssh does, with jump hosts by their own entries', async () => {
  const config = createSshConfig({ file });
  const bastion = { host: 'bastion.example.org', port: 22, user: 'eve' };
  const login = await config.resolve('login');
  expect(login).toMatchObject({
    input: {
      name: 'login',
      host: 'login.inner',
      port: 2201,
      user: 'ada',
      jumps: [bastion],
      keyFiles: [join(homedir(), '.ssh', 'special')],
      methods: ['agent', 'key', 'interactive', 'password'],
    },
    unsupported: [],
  });
  expect((await config.resolve('chain')).input.jumps).toEqual([
    bastion,
    { host: 'login.inner', port: 2201, user: 'ada' },
    { host: 'third', port: 2222, user: 'zoe' },
  ]);
  expect((await config.resolve('included')).input).toMatchObject({
    host: '10.0.0.1',
    methods: ['password'],
    keyFiles: [],
  });
});

test('names what it cannot follow', async () => {
  const { unsupported } = await createSshConfig({ file }).resolve('odd');
  for (const word of ['ProxyCommand', 'CertificateFile', 'Kerberos', 'FIDO', 'HostKeyAlias']) {
    expect(unsupported.join('\n')).toContain(word);
  }
  expect(unsupported).toHaveLength(5);
});

test('refuses circles and names that are options; says when there is no ssh', async () => {
  const config = createSshConfig({ file });
  await expect(config.resolve('ring')).rejects.toMatchObject({ code: 'bad-input' });
  await expect(config.resolve('-oProxyCommand=x')).rejects.toMatchObject({ code: 'bad-input' });
  process.env.PATH = folder;
  await expect(config.resolve('login')).rejects.toMatchObject({
    code: 'command-missing',
    hint: expect.stringContaining('OpenSSH'),
  });
  process.env.PATH = path;
});

test('jump hosts as they may be written', () => {
  expect(parseJump('host')).toEqual({ user: undefined, host: 'host', port: undefined });
  expect(parseJump('me@host:2222')).toEqual({ user: 'me', host: 'host', port: 2222 });
  expect(parseJump('ssh://me@[::1]:2222')).toEqual({ user: 'me', host: '::1', port: 2222 });
  expect(parseJump('a@b@host')).toMatchObject({ user: 'a@b', host: 'host' });
});
