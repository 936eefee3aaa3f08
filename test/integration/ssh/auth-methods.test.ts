import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClusterInfo, runCommand, upCluster } from '../../helpers/clusters.ts';
import { createWorld, failure, forgiveFailures, secret, typed } from './harness.ts';
import { type PrivateSshd, startPrivateSshd, writeOnNode } from './private-sshd.ts';

const methods = ['publickey', 'password', 'keyboard-interactive'];
const ordersOf = (names: string[]): string[][] =>
  names.flatMap((first) => {
    const rest = names.filter((name) => name !== first);
    return [[first], ...ordersOf(rest).map((more) => [first, ...more])];
  });
const orders = ordersOf(methods).map((order) => order.join(','));
const portOf = (order: string) => 2400 + orders.indexOf(order);

let info: ClusterInfo;
let sshd: PrivateSshd;
let agentSocket: string;
let agentPid: number;

beforeAll(async () => {
  info = await upCluster('login');
  await forgiveFailures(info);
  // Who gave a password before is asked for a code, in the same words.
  await writeOnNode(
    info,
    '/usr/local/bin/tunel-had-password',
    '#!/bin/sh\necho "$SSH_AUTH_INFO_0" | grep -q "^password"\n',
  );
  await writeOnNode(info, '/usr/local/bin/tunel-check-code', '#!/bin/sh\n[ "$(tr -d "\\000")" = 424242 ]\n');
  sshd = await startPrivateSshd(info, {
    ports: orders.map(portOf),
    pam: [
      'auth [success=1 default=ignore] pam_exec.so quiet /usr/local/bin/tunel-had-password',
      'auth [success=done default=die] pam_unix.so',
      'auth required pam_exec.so quiet expose_authtok /usr/local/bin/tunel-check-code',
      'auth optional pam_permit.so',
      'account required pam_unix.so',
      'session required pam_unix.so',
    ],
    config: [
      'PasswordAuthentication yes',
      'KbdInteractiveAuthentication yes',
      ...orders.map((order) => `Match LocalPort ${portOf(order)}\n  AuthenticationMethods ${order}`),
    ],
  });
  agentSocket = join((await runCommand('mktemp', ['-d'])).stdout.trim(), 'agent');
  const { stdout } = await runCommand('ssh-agent', ['-a', agentSocket, '-s']);
  agentPid = Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]);
  await runCommand('env', [`SSH_AUTH_SOCK=${agentSocket}`, 'ssh-add', '-q', info.keys.ben ?? '', info.keys.ada ?? '']);
});
afterAll(async () => {
  process.kill(agentPid);
  await sshd.stop();
});

const credentials = [false, true].flatMap((key) =>
  [false, true].flatMap((agent) => [false, true].map((stored) => ({ key, agent, stored }))),
);

describe.each(orders)('AuthenticationMethods %s', (order) => {
  const parts = order.split(',');
  test.each(credentials)('key $key, agent $agent, stored password $stored', async ({ key, agent, stored }) => {
    const world = await createWorld({ agentSocket: agent ? agentSocket : '' });
    try {
      if (stored) world.secrets.held.set(`password:ada@198.18.1.2:${portOf(order)}`, 'ada-secret');
      const knownHosts = join(world.directory, 'cluster');
      await runCommand('sh', ['-c', `sed 's/^198.18.1.2 /* /' "${info.known_hosts}" >"${knownHosts}"`]);
      world.add({
        host: '198.18.1.2',
        port: portOf(order),
        knownHostsFile: knownHosts,
        keyFiles: key ? [info.keys.ada] : [],
      });
      const hadPassword =
        parts.indexOf('password') >= 0 && parts.indexOf('password') < parts.indexOf('keyboard-interactive');
      world.answers(
        ...[1, 2, 3].map(
          () => (prompt: { kind: string }) => (prompt.kind === 'secret' ? secret('ada-secret') : typed('424242')),
        ),
      );
      if (parts.includes('publickey') && !key && !agent) {
        expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'auth-failed' });
        return;
      }
      const lease = await world.connections.acquire('c1');
      expect((await lease.connection.run('id -un')).stdout).toBe('ada\n');
      lease.release();
      const typedFactors = parts.filter((part) => part !== 'publickey').length;
      expect(world.asked).toHaveLength(typedFactors - (stored && typedFactors > 0 ? 1 : 0));
      expect(world.asked.some((prompt) => prompt.kind === 'interactive')).toBe(hadPassword);
    } finally {
      await world.dispose();
    }
  });
});

test('none of these sign-ins sent a wrong password or code', async () => {
  expect((await sshd.log()).match(/Failed (password|keyboard-interactive)/g)).toBeNull();
});
