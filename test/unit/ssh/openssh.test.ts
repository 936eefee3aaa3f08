import { describe, expect, test } from 'vitest';
import { parseAskpass } from '../../../electron/core/ssh/openssh/askpass-policy.ts';
import {
  masterArguments,
  masterConfig,
  masterProxyCommand,
} from '../../../electron/core/ssh/openssh/master-arguments.ts';
import { masterFailure } from '../../../electron/core/ssh/openssh/master-errors.ts';
import { findHopByKeyName } from '../../../electron/core/ssh/openssh/master-hops.ts';
import { offerOpenSsh, offerOpenSshByName } from '../../../electron/core/ssh/openssh/offer.ts';
import { allocateFrame, FrameReader } from '../../../electron/core/ssh/openssh/packet-frames.ts';
import { SshLog } from '../../../electron/core/ssh/openssh/ssh-log.ts';
import { clusterSchema } from '../../../electron/shared/clusters.ts';

const files = { controlPath: '/data/100%/ctl', askProgram: '/data/a "b"/ask', configFile: '/data/config' };
const cluster = (more: Record<string, unknown> = {}) =>
  clusterSchema.parse({ id: 'c', name: 'C', createdAt: 1, host: 'login.example', user: 'ada', ...more });
const more = {
  userFiles: ['/home/ada/.ssh/config'],
  keepaliveS: 12,
  hasHostAuthorities: false,
  proxyCommand: null,
  isAutomatic: false,
  acceptedKeys: null,
};

test('what is for the user is kept of what ssh prints, and which keys were accepted', () => {
  const log = new SshLog();
  const lines = [
    'debug1: Reading configuration data /c',
    'Authorized use only.',
    'debug1: Server accepts key: /home/ada/.ssh/my key ED25519 SHA256:abc/+ explicit',
    'debug1: Server accepts key: ada@laptop RSA SHA256:def agent',
    'debug1: Server accepts key: /usr/lib/pkcs11.so RSA SHA256:ghi token',
    'Authenticated to h ([10.0.0.7]:22) using "publickey".',
    'client_loop: send disconnect: Broken pipe',
    'Transferred: sent 3000, received 3000 bytes, in 9.1 seconds',
    'Bytes per second: sent 300.0, received 300.0',
  ];
  const text = lines.map((line) => `${line}\r\n`).join('');
  const kept = [text.slice(0, 100), text.slice(100, 101), text.slice(101)].map((part) => log.read(part)).join('');
  expect(kept).toBe('Authorized use only.\nclient_loop: send disconnect: Broken pipe\n');
  expect(log.acceptedKeys).toEqual(['/home/ada/.ssh/my key', 'ada@laptop', '']);
});

describe('the call of ssh', () => {
  test('leaves the port to ~/.ssh/config unless another is set, and names jump hosts', () => {
    expect(masterArguments(cluster(), files)).not.toContain('-p');
    const jumps = [
      { host: 'a.example', user: 'eva' },
      { host: '::1', port: 2200, user: 'bob' },
    ];
    const call = masterArguments(cluster({ port: 2201, jumps }), files);
    expect(call.join(' ')).toContain('-p 2201 -J eva@a.example:22,bob@[::1]:2200 -l ada -- login.example');
    expect(call).toContain('/data/100%%/ctl');
  });

  test('has its configuration before that of the user, with paths quoted', () => {
    const text = masterConfig(cluster({ keyFiles: ['/k/my key'], methods: ['key', 'password'] }), files, more);
    expect(text).toContain('KnownHostsCommand /bin/sh "/data/a \\"b\\"/ask" host-key %I %H %t %K\n');
    expect(text).toContain('IdentityFile "/k/my key"\n');
    expect(text).toContain('IdentityAgent none\n');
    expect(text).toContain('PreferredAuthentications gssapi-with-mic,hostbased,publickey,password\n');
    expect(text).toContain('HostKeyAlgorithms -*-cert-v01@openssh.com\n');
    expect(text.trim().split('\n').at(-1)).toBe('Include "/home/ada/.ssh/config"');
    expect(masterConfig(cluster(), files, { ...more, hasHostAuthorities: true })).not.toContain('HostKeyAlgorithms');
    expect(masterConfig(cluster({ revokedKeysFile: '/r' }), files, more)).toContain('RevokedHostKeys "/r"\n');
  });

  test('that nobody asked for offers what was accepted, and a password once', () => {
    const account = cluster({ keyFiles: ['/k/a', '/k/b'] });
    const text = (acceptedKeys: string[] | null) =>
      masterConfig(account, files, { ...more, isAutomatic: true, acceptedKeys });
    expect(text(['/k/b'])).toContain('IdentitiesOnly yes\nIdentityFile "/k/b"\nInclude');
    expect(text(['/k/b'])).toContain('NumberOfPasswordPrompts 1\n');
    expect(text([])).toContain('PubkeyAuthentication no\n');
    expect(text(null)).toContain('IdentityFile "/k/a"\nIdentityFile "/k/b"\n');
  });

  test('goes through another master and nowhere else', () => {
    const text = masterConfig(cluster(), files, { ...more, proxyCommand: masterProxyCommand('ssh', '/data/100%/ctl') });
    const command = /^ProxyCommand (.*)$/m.exec(text)?.[1];
    expect(command).toBe(
      "ssh -F none -o ProxyCommand=false -o BatchMode=yes -S /data/100%%%%/ctl -W '[%h]:%p' -- master",
    );
  });
});

test.each([
  ["ada@login.example's password: ", '', { kind: 'password', user: 'ada', host: 'login.example' }],
  [
    "Enter passphrase for key '/home/ada/.ssh/id_ed25519': ",
    '',
    { kind: 'passphrase', file: '/home/ada/.ssh/id_ed25519' },
  ],
  [
    '(ada@login.example) One-time code: ',
    '',
    { kind: 'round', user: 'ada', host: 'login.example', text: 'One-time code: ' },
  ],
  ['Confirm user presence for key ED25519-SK SHA256:abc', 'none', { kind: 'touch' }],
  ['Allow use of key x?', 'confirm', { kind: 'confirm' }],
  ['Enter PIN for ED25519-SK key /k: ', '', { kind: 'other', text: 'Enter PIN for ED25519-SK key /k:' }],
  ["(ada@h) eva@other's password: ", '', { kind: 'round', user: 'ada', text: "eva@other's password: " }],
  ["ada@corp.example@h's password: ", '', { kind: 'password', user: 'ada@corp.example', host: 'h' }],
  ['(ada@corp.example@h) Code: ', '', { kind: 'round', user: 'ada@corp.example', host: 'h', text: 'Code: ' }],
  ['(CORP\\ada lovelace@h) Code: ', '', { kind: 'round', user: 'CORP\\ada lovelace', host: 'h' }],
])('askpass: %s', (text, hint, expected) => {
  expect(parseAskpass(text, hint)).toMatchObject(expected);
});

test('finds the hop of a host key by its name', () => {
  const one = cluster({ port: 2201, jumps: [{ host: 'Jump.example', user: 'eva' }] });
  expect(findHopByKeyName(one, 'jump.example')).toMatchObject({ user: 'eva', jump: true, port: 22 });
  expect(findHopByKeyName(one, '[login.example]:2201')).toMatchObject({ user: 'ada', jump: false });
  expect(findHopByKeyName(one, '[10.0.0.7]:2222')).toMatchObject({ host: '10.0.0.7', port: 2222, jump: false });
});

test.each([
  [127, '/bin/sh: 1: ssh: not found', 'command-missing'],
  [
    255,
    'Unable to negotiate with 10.0.0.7 port 22: no matching key exchange method found. Their offer: x',
    'auth-unsupported',
  ],
  [255, 'ada@h: Permission denied (publickey,gssapi-with-mic).', 'auth-failed'],
  [255, 'ssh: Could not resolve hostname h: Name or service not known', 'host-unknown'],
  [255, 'ssh: connect to host h port 22: Connection refused', 'connection-refused'],
  [255, 'ssh: connect to host h port 22: Connection timed out', 'timeout'],
  [255, 'config: line 3: Bad configuration option: knownhostscommand', 'bad-input'],
  [255, 'Host key ED25519 SHA256:x revoked by file /r', 'host-key-revoked'],
  [255, 'kex_exchange_identification: Connection closed by remote host', 'connection-lost'],
])('exit code %i, %s', (code, said, expected) => {
  expect(masterFailure({ code, said, host: 'h', wasReached: false })).toMatchObject({ code: expected, detail: said });
});

test('finds packets however they are cut', () => {
  const payloads = [Buffer.from([90]), Buffer.from('hello'), Buffer.alloc(40_000, 7)];
  const stream = Buffer.concat(
    payloads.map((payload) => {
      const frame = allocateFrame(payload.length);
      payload.copy(frame, 5);
      return frame;
    }),
  );
  for (const size of [1, 3, 7, 4096, stream.length]) {
    const seen: Buffer[] = [];
    const reader = new FrameReader((payload) => seen.push(Buffer.from(payload)));
    for (let at = 0; at < stream.length; at += size) reader.read(stream.subarray(at, at + size));
    expect(seen.length).toBe(payloads.length);
    expect(Buffer.concat(seen).equals(Buffer.concat(payloads))).toBe(true);
  }
  expect(() => new FrameReader(() => undefined).read(Buffer.from('HTTP/1.1 400'))).toThrow(RangeError);
});

test('is offered where it can run', () => {
  expect(offerOpenSsh('darwin')).toContain('"Connect with" to OpenSSH');
  expect(offerOpenSshByName('linux')).toContain('the name from ~/.ssh/config as its address');
  expect(offerOpenSsh('win32')).toBe('');
  expect(offerOpenSshByName('win32')).toBe('');
});
