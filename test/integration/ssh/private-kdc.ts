import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../helpers/clusters.ts';
import { until } from './harness.ts';

const REALM = 'TUNEL.TEST';

export interface PrivateKdc {
  /** For whatever uses this realm: KRB5_CONFIG, and KRB5CCNAME of an empty cache. */
  environment: Record<string, string>;
  configuration: string;
  /** The keys of a service such as `host/login.example`, in base64. */
  keytab(service: string): Promise<string>;
  /** Gets the user a ticket. */
  signIn(user: string): Promise<void>;
  /** Forgets all tickets. */
  signOut(): Promise<void>;
  stop(): Promise<void>;
}

/** A Kerberos realm of its own on this machine, with a principal for each user. */
export async function startPrivateKdc(users: string[]): Promise<PrivateKdc> {
  const folder = await mkdtemp(join(tmpdir(), 'tunel-kdc-'));
  const port = await freePort();
  const [config, profile] = [join(folder, 'krb5.conf'), join(folder, 'kdc.conf')];
  const configuration = `[libdefaults]
 default_realm = ${REALM}
 dns_lookup_kdc = false
 dns_canonicalize_hostname = false
 rdns = false
[realms]
 ${REALM} = {
  kdc = 127.0.0.1:${port}
 }
`;
  await writeFile(config, configuration);
  await writeFile(
    profile,
    `[realms]
 ${REALM} = {
  database_name = ${folder}/principal
  key_stash_file = ${folder}/stash
  kdc_listen = 127.0.0.1:${port}
  kdc_tcp_listen = 127.0.0.1:${port}
 }
`,
  );
  const environment = { KRB5_CONFIG: config, KRB5_KDC_PROFILE: profile, KRB5CCNAME: `FILE:${folder}/cache` };
  const run = (program: string, ...parameters: string[]) =>
    runCommand('env', [
      ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      program,
      ...parameters,
    ]);
  const admin = (command: string) => run('kadmin.local', '-r', REALM, '-q', command);
  await run('kdb5_util', 'create', '-s', '-r', REALM, '-P', 'master');
  for (const user of users) await admin(`addprinc -randkey ${user}`);
  const kdc: ChildProcess = spawn('krb5kdc', ['-n', '-r', REALM, '-P', join(folder, 'pid')], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
  await until('the KDC listens', () => isOpen(port));
  return {
    environment,
    configuration,
    async keytab(service) {
      const file = join(folder, `keytab-${service.replaceAll('/', '-')}`);
      await admin(`addprinc -randkey ${service}`);
      await admin(`ktadd -k ${file} ${service}`);
      return (await readFile(file)).toString('base64');
    },
    async signIn(user) {
      const file = join(folder, `keytab-${user}`);
      await admin(`ktadd -k ${file} ${user}`);
      await run('kinit', '-k', '-t', file, user);
    },
    async signOut() {
      await run('kdestroy', '-q');
    },
    async stop() {
      kdc.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
