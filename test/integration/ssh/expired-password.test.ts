import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ClusterInfo, onNode, runCommand, upCluster } from '../../helpers/clusters.ts';
import { createWorld, failure, forgiveFailures, secret, typed, until, type World } from './harness.ts';
import { type PrivateSshd, startPrivateSshd } from './private-sshd.ts';

const PORT = 2450;
const NEW_PASSWORD = 'Tr0ub4dor-and-3-more';
const PAM = [
  'auth required pam_unix.so',
  'account required pam_unix.so',
  'session required pam_unix.so',
  'password required pam_unix.so',
];

let info: ClusterInfo;
let world: World;
let sshd: PrivateSshd;

beforeAll(async () => {
  info = await upCluster('login');
});
beforeEach(async () => {
  await forgiveFailures(info);
  world = await createWorld({ keepaliveMs: 300 });
  await onNode(info, 'bastion', 'chage -d 0 ada');
});
afterEach(async () => {
  await world.dispose();
  await sshd.stop();
  await onNode(info, 'bastion', 'echo ada:ada-secret | chpasswd; chage -d "$(date +%F)" ada');
});

async function add(methods: string[]): Promise<void> {
  const knownHosts = join(world.directory, 'cluster');
  await runCommand('sh', ['-c', `sed 's/^198.18.1.2 /* /' "${info.known_hosts}" >"${knownHosts}"`]);
  world.add({ host: '198.18.1.2', port: PORT, methods, knownHostsFile: knownHosts });
}

test('an expired password is explained, changed in a terminal, and asked for anew', async () => {
  sshd = await startPrivateSshd(info, { ports: [PORT], pam: PAM, config: ['PasswordAuthentication yes'] });
  await add(['password']);
  world.answers(secret('ada-secret'), secret(NEW_PASSWORD));
  await world.connections.connect('c1');
  const lease = await world.connections.acquire('c1');
  const error = await failure(lease.connection.run('true'));
  expect(error).toMatchObject({
    code: 'password-expired',
    message: 'Your password on 198.18.1.2 has expired.',
    action: { kind: 'open-terminal' },
    hint: expect.stringContaining('tunel shell'),
  });
  expect(world.connections.status('c1')).toMatchObject({ state: 'connected', error: { code: 'password-expired' } });

  const terminal = await lease.connection.openTerminal({ columns: 80, rows: 24, type: 'xterm' });
  let shown = '';
  terminal.stream.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  for (const [question, answer] of [
    [/current.*password:/i, 'ada-secret'],
    [/new.*password:/i, NEW_PASSWORD],
    [/retype.*password:/i, NEW_PASSWORD],
  ] as const) {
    await until(`passwd asks ${question}`, () => question.test(shown));
    terminal.stream.write(`${answer}\n`);
  }
  await terminal.ended;
  await until('signed in with the new password', () => world.events.some((event) => event.kind === 'reconnected'));
  expect(world.asked).toHaveLength(2);
  expect(await sshd.refusals()).toBe(0);
  const again = await world.connections.acquire('c1');
  expect((await again.connection.run('id -un')).stdout).toBe('ada\n');
  expect(world.connections.status('c1').error).toBeNull();
  again.release();
  lease.release();
});

test('a password that the server has changed in questions is not kept as it was', async () => {
  sshd = await startPrivateSshd(info, {
    ports: [PORT],
    pam: PAM,
    config: ['PasswordAuthentication no', 'KbdInteractiveAuthentication yes'],
  });
  await add(['interactive']);
  world.answers(secret('ada-secret', true), typed('ada-secret'), typed(NEW_PASSWORD), typed(NEW_PASSWORD));
  await world.connections.connect('c1');
  expect(world.asked.map((prompt) => prompt.kind)).toEqual(['secret', 'interactive', 'interactive', 'interactive']);
  expect(world.secrets.held.size).toBe(0);
  const lease = await world.connections.acquire('c1');
  expect((await lease.connection.run('id -un')).stdout).toBe('ada\n');
  lease.release();
  await world.connections.disconnect('c1');
  world.answers(secret(NEW_PASSWORD));
  await world.connections.connect('c1');
  expect(await sshd.refusals()).toBe(0);
});
