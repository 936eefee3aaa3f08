import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { createWorld, failure, forgiveFailures, type World } from './harness.ts';
import { type PrivateKdc, startPrivateKdc } from './private-kdc.ts';
import { type PrivateSshd, startPrivateSshd, writeOnNode } from './private-sshd.ts';

const PORT = 2511;

let info: ClusterInfo;
let kdc: PrivateKdc;
let sshd: PrivateSshd;
let world: World;

beforeAll(async () => {
  info = await upCluster('login');
  await forgiveFailures(info);
  kdc = await startPrivateKdc(['ada']);
  await writeOnNode(info, '/etc/krb5.conf', kdc.configuration, '644');
  const keytab = await kdc.keytab(`host/${info.hosts.bastion?.address}`);
  await onNode(info, 'bastion', 'base64 -d >/etc/krb5.keytab && chmod 600 /etc/krb5.keytab', { input: keytab });
  sshd = await startPrivateSshd(info, {
    ports: [PORT],
    config: ['GSSAPIAuthentication yes', 'GSSAPIStrictAcceptorCheck no', 'AuthenticationMethods gssapi-with-mic'],
  });
  for (const [name, value] of Object.entries(kdc.environment)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await sshd?.stop();
  await kdc?.stop();
  await onNode(info, 'bastion', 'rm -f /etc/krb5.conf /etc/krb5.keytab');
});
afterEach(async () => {
  await world.dispose();
});

async function connect(transport: string) {
  world = await createWorld({ sshConfigFiles: [] });
  const { address } = info.hosts.bastion ?? {};
  world.add({ transport, host: address, port: PORT, knownHostsFile: info.known_hosts });
  return world.connections.acquire('c1');
}

test('OpenSSH signs in with a ticket, and without one says that it could not', async () => {
  expect(await failure(connect('openssh'))).toMatchObject({
    code: 'auth-failed',
    detail: expect.stringContaining('gssapi-with-mic'),
  });
  await world.dispose();
  await kdc.signIn('ada');
  const { connection, release } = await connect('openssh');
  expect((await connection.run('id -un; hostname')).stdout).toBe('ada\nbastion\n');
  expect(world.asked).toEqual([]);
  release();
  await kdc.signOut();
});

test('the built-in SSH offers OpenSSH for such a server', async () => {
  expect(await failure(connect('ssh2'))).toMatchObject({
    code: 'auth-unsupported',
    hint: expect.stringContaining('"Connect with" to OpenSSH'),
  });
});
