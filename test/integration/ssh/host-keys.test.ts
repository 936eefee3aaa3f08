import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { fingerprint } from '../../../electron/core/ssh/host-keys/known-hosts.ts';
import { type ClusterInfo, runCommand, upCluster } from '../../helpers/clusters.ts';
import { acceptKey, createWorld, failure, forgiveFailures, until, type World } from './harness.ts';

let info: ClusterInfo;
let world: World;
/** `ssh-ed25519 AAAA...` of the bastion, and of a key that no server has. */
let key: string;
let otherKey: string;
let knownHosts: string;

beforeAll(async () => {
  info = await upCluster('login');
});
beforeEach(async () => {
  await forgiveFailures(info);
  world = await createWorld();
  knownHosts = join(world.directory, 'mine');
  const line = (await readFile(info.known_hosts, 'utf8')).split('\n').find((known) => known.includes('198.18.1.2'));
  key = line?.split(' ').slice(1, 3).join(' ') ?? '';
  const file = join(world.directory, 'other');
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  otherKey = (await readFile(`${file}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
});
afterEach(() => world.dispose());

const fingerprintOf = (text: string) => fingerprint(Buffer.from(text.split(' ')[1] ?? '', 'base64'));

async function add(text: string, more: Record<string, unknown> = {}): Promise<void> {
  await writeFile(knownHosts, text);
  world.add({ host: '198.18.1.2', methods: ['key'], keyFiles: [info.keys.ada], knownHostsFile: knownHosts, ...more });
}

async function signIn(): Promise<void> {
  const lease = await world.connections.acquire('c1');
  expect((await lease.connection.run('hostname')).stdout).toBe('bastion\n');
  lease.release();
}

test('a second key for the same name is added after its fingerprint was compared, and no other key', async () => {
  await add(`198.18.1.2 ${otherKey}\n`);
  const error = await failure(world.connections.acquire('c1'));
  expect(error).toMatchObject({ code: 'host-key-changed' });
  expect(error.serialize().hintValues?.fingerprint).toBe(fingerprintOf(key));
  world.connections.trustHostKey('c1', fingerprintOf(otherKey));
  await until('it stopped again', () => world.events.filter((event) => event.kind === 'failed').length === 2);
  expect(world.connections.status('c1').state).toBe('key-changed');
  world.connections.trustHostKey('c1', fingerprintOf(key));
  await until('connected', () => world.connections.status('c1').state === 'connected');
  expect(await readFile(join(world.directory, 'known_hosts'), 'utf8')).toBe(`198.18.1.2 ${key}\n`);
  await world.connections.disconnect('c1');
  await signIn();
  expect(world.asked).toEqual([]);
});

test('a revoked key stays a hard stop, also when its fingerprint was compared', async () => {
  await add(`@revoked * ${key}\n198.18.1.2 ${otherKey}\n`);
  world.connections.trustHostKey('c1', fingerprintOf(key));
  await until('it stopped', () => world.connections.status('c1').state === 'key-changed');
  expect(world.connections.status('c1').error?.code).toBe('host-key-revoked');
});

test.each(['a list of public keys', 'a key revocation list'])('RevokedHostKeys as %s is a hard stop', async (kind) => {
  const revokedKeysFile = join(world.directory, 'revoked');
  const pub = join(world.directory, 'bastion.pub');
  await writeFile(pub, `${key}\n`);
  if (kind === 'a key revocation list') await runCommand('ssh-keygen', ['-q', '-k', '-f', revokedKeysFile, pub]);
  else await writeFile(revokedKeysFile, `# revoked\n${key} a comment\n`);
  await add(`198.18.1.2 ${key}\n`, { revokedKeysFile });
  const error = await failure(world.connections.acquire('c1'));
  expect(error).toMatchObject({ code: 'host-key-revoked', message: expect.stringContaining(revokedKeysFile) });
  // Another key in it changes nothing; a file that cannot be read stops, too.
  await writeFile(pub, `${otherKey}\n`);
  if (kind === 'a key revocation list') await runCommand('ssh-keygen', ['-q', '-k', '-f', revokedKeysFile, pub]);
  else await writeFile(revokedKeysFile, `${otherKey}\n`);
  await signIn();
  await world.connections.disconnect('c1');
  await add(`198.18.1.2 ${key}\n`, { revokedKeysFile: join(world.directory, 'missing') });
  expect(await failure(world.connections.acquire('c1'))).toMatchObject({ code: 'known-hosts-unreadable' });
});

test('a host that only a certificate authority vouches for is asked about, with that line', async () => {
  await add(`@cert-authority *.example.edu,198.18.1.2 ${otherKey}\n`);
  world.answers(acceptKey);
  await signIn();
  expect(world.asked).toMatchObject([
    { kind: 'host-key', fingerprint: fingerprintOf(key), authority: { file: knownHosts, line: 1 } },
  ]);
});

test('HostKeyAlias is looked up instead of the address, and kept under that name', async () => {
  await add(`198.18.1.2 ${otherKey}\nmy-cluster ${key}\n`, { hostKeyAlias: 'My-Cluster' });
  await signIn();
  expect(world.asked).toEqual([]);
  await world.connections.disconnect('c1');
  await add(`198.18.1.2 ${key}\n`, { hostKeyAlias: 'another-name' });
  world.answers(acceptKey);
  await signIn();
  expect(await readFile(join(world.directory, 'known_hosts'), 'utf8')).toBe(`another-name ${key}\n`);
});
