import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ClusterInfo, runCommand, upCluster } from '../../helpers/clusters.ts';
import { createWorld, failure, forgiveFailures, type World } from './harness.ts';
import { type PrivateSshd, startPrivateSshd } from './private-sshd.ts';

const PORT = 2460;

let info: ClusterInfo;
let world: World;
let sshd: PrivateSshd;
let socket: string;
let agentPid: number;

beforeAll(async () => {
  info = await upCluster('login');
});
beforeEach(async () => {
  await forgiveFailures(info);
  world = await createWorld();
  sshd = await startPrivateSshd(info, {
    ports: [PORT],
    config: ['PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'MaxAuthTries 6'],
  });
  socket = join(world.directory, 'agent sock');
  const { stdout } = await runCommand('ssh-agent', ['-a', socket, '-s']);
  agentPid = Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]);
  const file = (count: number) => join(world.directory, `key${count}`);
  for (let count = 1; count <= 30; count++) {
    if (count === 23) await copyFile(info.keys.ada ?? '', file(count));
    else await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(count)]);
  }
  const files = Array.from({ length: 30 }, (_, index) => file(index + 1));
  await runCommand('chmod', ['600', ...files]);
  await runCommand('env', [`SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', ...files]);
  await copyFile(`${info.keys.ada}.pub`, join(world.directory, 'hpc.pub'));
});
afterEach(async () => {
  process.kill(agentPid);
  await world.dispose();
  await sshd.stop();
});

async function add(more: Record<string, unknown>): Promise<void> {
  const knownHosts = join(world.directory, 'cluster');
  await runCommand('sh', ['-c', `sed 's/^198.18.1.2 /* /' "${info.known_hosts}" >"${knownHosts}"`]);
  world.add({ host: '198.18.1.2', port: PORT, methods: ['agent', 'key'], knownHostsFile: knownHosts, ...more });
}

test('of thirty keys in the agent the one that a public key file names is offered alone', async () => {
  const keyFiles = [join(world.directory, 'hpc.pub')];
  await add({ keyFiles, identitiesOnly: true, agentSocket: socket });
  (await world.connections.acquire('c1')).release();
  expect(await sshd.refusals()).toBe(0);
  // As OpenSSH: without its private part a file is named by the public one beside it.
  await world.connections.disconnect('c1');
  await add({ keyFiles: [join(world.directory, 'hpc')], agentSocket: socket });
  (await world.connections.acquire('c1')).release();
  expect(await sshd.refusals()).toBe(0);
  expect(world.asked).toEqual([]);
});

test('a public key that the agent does not hold is named, and no other key is offered', async () => {
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(world.directory, 'absent')]);
  await add({ keyFiles: [join(world.directory, 'absent.pub')], identitiesOnly: true, agentSocket: socket });
  expect(await failure(world.connections.acquire('c1'))).toMatchObject({
    code: 'key-unreadable',
    message: expect.stringContaining('absent.pub'),
    hint: expect.stringContaining('ssh-add'),
  });
  expect(await sshd.refusals()).toBe(0);
});
