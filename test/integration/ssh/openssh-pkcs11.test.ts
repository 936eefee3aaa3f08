import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ClusterInfo, runCommand, upCluster } from '../../helpers/clusters.ts';
import { createWorld, failure, typed, type World } from './harness.ts';
import { type PrivateSshd, startPrivateSshd, writeOnNode } from './private-sshd.ts';

const PORT = 2508;
const PROVIDER = '/usr/lib/softhsm/libsofthsm2.so';
const PIN = '135790';

let info: ClusterInfo;
let sshd: PrivateSshd;
let world: World;

beforeAll(async () => {
  info = await upCluster('login');
});
afterEach(async () => {
  await world?.dispose();
  vi.unstubAllEnvs();
});
afterAll(() => sshd?.stop());

/** A smart card in software with one key, and a server that lets in whoever holds it. */
async function createToken(): Promise<void> {
  const settings = join(world.directory, 'softhsm2.conf');
  const tokens = join(world.directory, 'tokens');
  await mkdir(tokens);
  await writeFile(settings, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  vi.stubEnv('SOFTHSM2_CONF', settings);
  const key = join(world.directory, 'key.pem');
  const pins = ['--pin', PIN];
  await runCommand('softhsm2-util', ['--init-token', '--free', '--label', 'card', ...pins, '--so-pin', '12345678']);
  await runCommand('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key]);
  await runCommand('softhsm2-util', ['--import', key, '--label', 'k', '--id', '01', '--token', 'card', ...pins]);
  const { stdout } = await runCommand('ssh-keygen', ['-D', PROVIDER]);
  await writeOnNode(info, '/etc/ssh/tunel-card.pub', stdout, '644');
  sshd ??= await startPrivateSshd(info, {
    ports: [PORT],
    config: ['AuthorizedKeysFile /etc/ssh/tunel-card.pub', 'AuthenticationMethods publickey'],
  });
}

test('signs in with a key on a smart card, asking for its PIN', async () => {
  const sshConfigFiles: string[] = [];
  world = await createWorld({ sshConfigFiles });
  const config = join(world.directory, 'config');
  await writeFile(config, `PKCS11Provider ${PROVIDER}\n`);
  sshConfigFiles.push(config);
  await createToken();
  world.add({
    transport: 'openssh',
    host: info.hosts.bastion?.address,
    port: PORT,
    keyFiles: [],
    methods: ['agent', 'key'],
    agentSocket: '/nonexistent',
    knownHostsFile: info.known_hosts,
  });
  world.answers(typed('000000'));
  expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'auth-failed' });
  expect(world.asked).toMatchObject([{ kind: 'interactive', fields: [{ text: expect.stringContaining('PIN') }] }]);
  await world.connections.disconnect('c1');

  world.answers(typed(PIN));
  const lease = await world.connections.acquire('c1');
  expect((await lease.connection.run('id -un')).stdout).toBe('ada\n');
  lease.release();
});
