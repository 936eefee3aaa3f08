import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
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
  for (const word of ['ProxyCommand', 'CertificateFile', 'Kerberos', 'FIDO']) {
    expect(unsupported.join('\n')).toContain(word);
  }
  expect(unsupported).toHaveLength(4);
});

const resolveText = async (text: string, alias: string) => {
  const named = join(folder, 'one');
  writeFileSync(named, text);
  return createSshConfig({ file: named }).resolve(alias);
};

test('an agent’s key by its public key, with IdentitiesOnly and IdentityAgent [11]', async () => {
  const { input, unsupported } = await resolveText(
    `Host hpc
    HostName hpc.example.edu
    User ada
    IdentityFile ~/.ssh/hpc.pub
Host *
    IdentityAgent "~/Library/Group Containers/agent.sock"
    IdentitiesOnly yes
`,
    'hpc',
  );
  expect(input).toMatchObject({
    keyFiles: [join(homedir(), '.ssh/hpc.pub')],
    identitiesOnly: true,
    agentSocket: join(userInfo().homedir, 'Library/Group Containers/agent.sock'),
    methods: ['agent', 'key', 'interactive', 'password'],
  });
  expect(unsupported).toEqual([]);
});

test('tokens in ProxyJump [12], also a user name with an @', async () => {
  const { input, unsupported } = await resolveText(
    `Host fe02.hpc.example.edu
    User ada@example.edu
    ProxyJump %r@sshgw.example.edu
`,
    'fe02.hpc.example.edu',
  );
  expect(input.jumps).toEqual([{ user: 'ada@example.edu', host: 'sshgw.example.edu', port: 22 }]);
  expect(input.user).toBe('ada@example.edu');
  expect(unsupported).toEqual([]);
});

test('variables, tokens and home directories in IdentityFile [13]', async () => {
  const me = userInfo();
  const text = `Host hpc
    HostName hpc.example.edu
    User ada
    IdentityFile \${HOME}/.ssh/id_hpc
    IdentityFile ~/.ssh/keys/%r@%k
    IdentityFile ~${me.username}/.ssh/id_other
    IdentityFile ~nobody-of-this-name/key
    IdentityFile \${TUNEL_TEST_UNSET}/key
    IdentityFile /keys/100%%-%n-%h-%p-%u
`;
  const { input, unsupported } = await resolveText(text, 'hpc');
  expect(input.keyFiles).toEqual([
    `${process.env.HOME}/.ssh/id_hpc`,
    join(homedir(), '.ssh/keys/ada@hpc'),
    join(me.homedir, '.ssh/id_other'),
    `/keys/100%-hpc-hpc.example.edu-22-${me.username}`,
  ]);
  expect(unsupported).toEqual([
    'Left out: "~nobody-of-this-name/key" is in the home of nobody-of-this-name, who is not known here.',
    expect.stringContaining('names the variable TUNEL_TEST_UNSET, which is not set here.'),
  ]);
});

test('HostKeyAlias of host and jump host, known hosts, revoked keys and agents by variable', async () => {
  const { input, unsupported } = await resolveText(
    `Host gw
    HostKeyAlias gateway
    IdentityFile ~/.ssh/gw_key
Host hpc
    ProxyJump gw
    HostKeyAlias cluster
    IdentityFile ~/.ssh/hpc_key
Host *
    UserKnownHostsFile ~/.ssh/known_hosts ~/.ssh/known_%k
    RevokedHostKeys ~/.ssh/revoked
    IdentityAgent $TUNEL_TEST_AGENT
`,
    'hpc',
  );
  expect(input).toMatchObject({
    hostKeyAlias: 'cluster',
    jumps: [{ host: 'gw', hostKeyAlias: 'gateway' }],
    keyFiles: [join(homedir(), '.ssh/hpc_key'), join(homedir(), '.ssh/gw_key')],
    knownHostsFile: join(homedir(), '.ssh/known_cluster'),
    revokedKeysFile: join(homedir(), '.ssh/revoked'),
  });
  // The jump host would use a file of its own name.
  expect(unsupported).toEqual([
    expect.stringContaining('TUNEL_TEST_AGENT'),
    expect.stringContaining('Jump host gw: UserKnownHostsFile is not followed'),
  ]);
});

test('options of a jump host that cannot be followed are reported with its name', async () => {
  const { unsupported } = await resolveText(
    `Host gw
    ProxyCommand socat - PROXY:proxy:%h:%p
    IdentityAgent /run/other-agent
    CertificateFile ~/.ssh/gw-cert.pub
Host hpc
    ProxyJump gw
`,
    'hpc',
  );
  expect(unsupported).toHaveLength(3);
  expect(unsupported.join('\n')).toContain('ProxyCommand is not followed: socat');
  expect(unsupported.join('\n')).toContain('Jump host gw: IdentityAgent');
  expect(unsupported.join('\n')).toContain('Jump host gw: SSH certificates');
});

test('a name without a full one is reported where names are to be made canonical', async () => {
  const { input, unsupported } = await resolveText(
    'CanonicalizeHostname yes\nCanonicalDomains nowhere.invalid\nHost hpc\n  User ada\n',
    'hpc',
  );
  expect(input.host).toBe('hpc');
  expect(unsupported).toEqual([expect.stringContaining('CanonicalizeHostname')]);
  const full = await resolveText(
    'CanonicalizeHostname yes\nCanonicalDomains nowhere.invalid\nHost hpc\n  HostName a.b.example.edu\n',
    'hpc',
  );
  expect(full.unsupported).toEqual([]);
});

test('an alias that exists nowhere is not taken over, one that a pattern names is', async () => {
  const text = 'Host *.example.edu\n  User ada\nHost bare\nHost *\n  ServerAliveInterval 5\n';
  await expect(resolveText(text, 'nowhere')).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('tunel clusters add'),
  });
  expect((await resolveText(text, 'login.example.edu')).input.user).toBe('ada');
  expect((await resolveText(text, 'bare')).input.host).toBe('bare');
});

test('a ProxyCommand that only jumps becomes a jump host', async () => {
  const jump = async (command: string) => {
    const { input, unsupported } = await resolveText(
      `Host gw\n  HostName gw.example.edu\n  User eve\nHost hpc\n  User ada\n  ProxyCommand ${command}\n`,
      'hpc',
    );
    return input.jumps[0] ?? unsupported[0];
  };
  const gateway = { host: 'gw.example.edu', port: 22, user: 'eve' };
  expect(await jump('ssh -W %h:%p gw')).toEqual(gateway);
  expect(await jump('exec /usr/bin/ssh -q -W [%h]:%p -l %r -p 2222 gw')).toEqual({
    ...gateway,
    user: 'ada',
    port: 2222,
  });
  expect(await jump('ssh gw nc -w 10 %h %p 2>/dev/null')).toEqual(gateway);
  expect(await jump('ssh -o "User=zoe" gw -W %h:%p')).toEqual({ ...gateway, user: 'zoe' });
  for (const other of [
    'ssh gw -W other:22',
    'ssh -F none -W %h:%p gw',
    'ssh gw nc %h %p | tee log',
    'nc %h %p',
    'ssh gw',
  ]) {
    expect(await jump(other)).toEqual(expect.stringContaining(`ProxyCommand is not followed: ${other.slice(0, 4)}`));
  }
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
