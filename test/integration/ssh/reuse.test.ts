import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ClusterInfo, onNode, runCommand, upCluster } from '../../helpers/clusters.ts';
import { createWorld, failure, forgiveFailures, secret, typed, until, type World } from './harness.ts';
import { type PrivateSshd, startPrivateSshd, writeOnNode } from './private-sshd.ts';

const PORT = 2430;
const CODES = '/run/tunel-codes';
const CHECK_CODE = '/usr/local/bin/tunel-one-time-code';

let info: ClusterInfo;
let world: World;
let sshd: PrivateSshd | null = null;
let knownHosts: string;

beforeAll(async () => {
  info = await upCluster('login');
  await forgiveFailures(info);
  // Each code is accepted once; what was received is kept.
  await writeOnNode(
    info,
    CHECK_CODE,
    `#!/bin/sh
code=$(tr -d '\\000'); echo "$code" >>${CODES}.received
grep -qx "$code" ${CODES} && sed -i "/^$code$/d" ${CODES}
`,
  );
});
beforeEach(async () => {
  await onNode(info, 'bastion', `printf '%s\\n' 111111 222222 333333 >${CODES}; : >${CODES}.received`);
  world = await createWorld({ keepaliveMs: 300, idleMs: 300 });
  knownHosts = join(world.directory, 'cluster');
  await runCommand('sh', ['-c', `sed 's/^198.18.1.2 /* /' "${info.known_hosts}" >"${knownHosts}"`]);
});
afterEach(async () => {
  await world.dispose();
  await sshd?.stop();
  sshd = null;
});
afterAll(() => onNode(info, 'bastion', `rm -f ${CODES} ${CODES}.received ${CHECK_CODE}`));

function add(more: Record<string, unknown> = {}) {
  return world.add({ host: '198.18.1.2', port: PORT, knownHostsFile: knownHosts, keyFiles: [], ...more });
}

async function start(pam: string[], config: string[]): Promise<PrivateSshd> {
  const started = await startPrivateSshd(info, {
    ports: [PORT],
    // pam_exec sets no credentials, which sshd asks for after the sign-in.
    pam: [...pam, 'auth optional pam_permit.so', 'account required pam_unix.so', 'session required pam_unix.so'],
    config,
  });
  sshd = started;
  return started;
}

const interactive = ['PasswordAuthentication no', 'KbdInteractiveAuthentication yes'];
const ONE_TIME_CODE = `auth required pam_exec.so quiet expose_authtok ${CHECK_CODE}`;
const received = async () => (await onNode(info, 'bastion', `cat ${CODES}.received`)).stdout.trim().split('\n');

/** Ends the connection from the server's side and waits until a question is open that nobody has answered. */
async function loseAndWaitForQuestion(server: PrivateSshd): Promise<void> {
  world.answers(() => null);
  await server.killSessions('ada');
  await until('the user is asked', () => world.prompts.list().length > 0);
}

test('a code as the second factor, asked for as a password, is not sent again after the connection is lost', async () => {
  await writeOnNode(
    info,
    '/usr/local/bin/tunel-had-password',
    '#!/bin/sh\necho "$SSH_AUTH_INFO_0" | grep -q "^password"\n',
  );
  const server = await start(
    [
      'auth [success=1 default=ignore] pam_exec.so quiet /usr/local/bin/tunel-had-password',
      'auth [success=done default=die] pam_unix.so',
      ONE_TIME_CODE,
    ],
    [
      'PasswordAuthentication yes',
      'KbdInteractiveAuthentication yes',
      'AuthenticationMethods password,keyboard-interactive',
    ],
  );
  add();
  world.answers(secret('ada-secret'), typed('111111'));
  await world.connections.connect('c1');
  await loseAndWaitForQuestion(server);
  expect(world.asked.map((prompt) => prompt.kind)).toEqual(['secret', 'interactive', 'interactive']);
  expect(await received()).toEqual(['111111']);
  expect(await server.refusals()).toBe(0);
});

test('a code after a key, asked for as a password, is not sent again, also not by a later sign-in', async () => {
  const server = await start([ONE_TIME_CODE], [...interactive, 'AuthenticationMethods publickey,keyboard-interactive']);
  add({ keyFiles: [info.keys.ada] });
  world.answers(secret('111111'), secret('222222'));
  await world.connections.connect('c1');
  await world.connections.disconnect('c1');
  await world.connections.connect('c1');
  await loseAndWaitForQuestion(server);
  expect(await received()).toEqual(['111111', '222222']);
  expect(await server.refusals()).toBe(0);
});

test('a code in a second round, asked for as a password, is not sent again', async () => {
  await writeOnNode(
    info,
    '/etc/tunel-ga',
    'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n" TOTP_AUTH\n11111111\n22222222\n',
    '400',
  );
  const server = await start(
    [
      'auth requisite pam_unix.so',
      'auth required pam_google_authenticator.so secret=/etc/tunel-ga user=root no_increment_hotp [authtok_prompt=Password: ]',
    ],
    interactive,
  );
  add();
  world.answers(secret('ada-secret'), typed('11111111'));
  await world.connections.connect('c1');
  await loseAndWaitForQuestion(server);
  // The first round's password is kept, the second round's code is not.
  expect(world.asked.map((prompt) => prompt.kind)).toEqual(['secret', 'interactive', 'interactive']);
  expect(await server.refusals()).toBe(0);
});

test('a code as the only factor is refused once at most, then the user is asked each time', async () => {
  const server = await start([ONE_TIME_CODE], interactive);
  add();
  world.answers(secret('111111'), secret('222222'));
  await world.connections.connect('c1');
  await server.killSessions('ada');
  await until('signed in again', () => world.events.some((event) => event.kind === 'reconnected'));
  expect(await server.refusals()).toBe(1);
  await loseAndWaitForQuestion(server);
  expect(await received()).toEqual(['111111', '111111', '222222']);
  expect(await server.refusals()).toBe(1);
});

test('a password that was changed meanwhile is sent once, then the user is asked', async () => {
  const server = await start(['auth required pam_unix.so'], ['PasswordAuthentication yes']);
  add({ methods: ['password'] });
  world.answers(secret('ada-secret'));
  await world.connections.connect('c1');
  await onNode(info, 'bastion', `echo ada:changed | chpasswd`);
  try {
    await loseAndWaitForQuestion(server);
    expect(await server.refusals()).toBe(1);
    expect(world.connections.status('c1').state).toBe('asking');
  } finally {
    await onNode(info, 'bastion', `echo ada:ada-secret | chpasswd`);
  }
});

test('a server that hangs up after the password is not asked again without the user', async () => {
  const server = await start(
    ['auth required pam_unix.so', 'account required pam_exec.so quiet /usr/bin/test -e /run/tunel-allowed'],
    ['PasswordAuthentication yes'],
  );
  await onNode(info, 'bastion', 'touch /run/tunel-allowed');
  add({ methods: ['password'] });
  world.answers(secret('ada-secret'));
  await world.connections.connect('c1');
  await onNode(info, 'bastion', 'rm /run/tunel-allowed');
  await server.killSessions('ada');
  await until('it waits for the user', () => world.connections.status('c1').state === 'sign-in-needed');
  expect(world.connections.status('c1').nextTryAt).toBeNull();
  expect((await server.log()).match(/Access denied for user ada by PAM/g)).toHaveLength(1);
});

test('only the key that signed in is offered again', async () => {
  const server = await start(
    ['auth required pam_unix.so'],
    ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
  );
  const wrong: string[] = [];
  for (let count = 0; count < 3; count++) {
    const key = join(world.directory, `key${count}`);
    await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    wrong.push(key);
  }
  add({ methods: ['key'], keyFiles: [...wrong, info.keys.ada ?? ''] });
  await world.connections.connect('c1');
  expect(await server.refusals()).toBe(3);
  await server.killSessions('ada');
  await until('signed in again', () => world.events.some((event) => event.kind === 'reconnected'));
  expect(await server.refusals()).toBe(3);
});

test('a menu is not answered by itself when nobody asked for the sign-in', async () => {
  await onNode(
    info,
    'bastion',
    'install -m 644 /etc/node/pam_menu.so "/lib/$(uname -m)-linux-gnu/security/pam_menu.so"',
  );
  const server = await start(['auth requisite pam_unix.so', 'auth required pam_menu.so'], interactive);
  add({ menuReply: '1' });
  world.answers(secret('ada-secret'));
  await world.connections.connect('c1');
  expect(world.asked).toHaveLength(1);
  await loseAndWaitForQuestion(server);
  expect(world.asked.at(-1)).toMatchObject({ kind: 'interactive', options: [{ reply: '1' }, { reply: '2' }] });
});

test('numbered instructions before a password are shown, and a remembered menu reply is not sent as the password', async () => {
  await writeOnNode(
    info,
    '/etc/tunel-steps',
    'To use this system:\n\n1) Without an ssh key, type your site password at the password prompt\n2) At the Token prompt, type the 6-digit code and press return.\n\n',
    '644',
  );
  const server = await start(
    ['auth optional pam_echo.so file=/etc/tunel-steps', 'auth requisite pam_unix.so'],
    interactive,
  );
  add({ menuReply: '1' });
  world.answers(secret('ada-secret'));
  await world.connections.connect('c1');
  expect(world.asked).toMatchObject([
    { kind: 'secret', secret: 'password', instructions: expect.stringContaining('type your site password') },
  ]);
  expect(await server.refusals()).toBe(0);
});

test('a cancelled question after a lost connection waits for the user', async () => {
  const server = await start([ONE_TIME_CODE], [...interactive, 'AuthenticationMethods publickey,keyboard-interactive']);
  add({ keyFiles: [info.keys.ada] });
  world.answers(secret('111111'), { kind: 'cancel' });
  await world.connections.connect('c1');
  await server.killSessions('ada');
  await until('waits', () => world.connections.status('c1').state === 'sign-in-needed');
  expect(await server.refusals()).toBe(0);
  world.answers({ kind: 'cancel' });
  expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'cancelled' });
});
