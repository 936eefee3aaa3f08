import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { eventually } from '../../helpers/instance.ts';
import type { Role } from './child.ts';

const root = join(import.meta.dirname, '../../..');
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** A private sshd on this machine, an app behind it and the same sshd at several distances. */
export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'tunel-bench-'));
  readonly user = userInfo().username;
  readonly appSocket = join(this.folder, 'app');
  readonly webSocket = join(this.folder, 'web');
  /** The server's home: where uploads go. */
  readonly remote = join(this.folder, 'remote');
  readonly #children: ChildProcess[] = [];
  readonly #ports = new Map<number, number>();
  #bundle = '';

  /** `delays`: round-trip times in ms; at 0 nothing stands between. */
  static async start(delays: readonly number[], sshdOptions: readonly string[] = []): Promise<Rig> {
    const rig = new Rig();
    mkdirSync(rig.remote);
    await rig.#startSshd(sshdOptions);
    await rig.#startChild({ role: 'app', path: rig.appSocket });
    await rig.#startChild({ role: 'web', path: rig.webSocket });
    const sshd = rig.port(0);
    for (const delay of delays) {
      if (delay === 0) continue;
      rig.#ports.set(delay, Number(await rig.#startChild({ role: 'proxy', port: sshd, oneWayMs: delay / 2 })));
    }
    rig.#writeSshConfig();
    return rig;
  }

  port(delay: number): number {
    const port = this.#ports.get(delay);
    if (port === undefined) throw new Error(`no server at ${delay} ms`);
    return port;
  }

  get keyFile(): string {
    return join(this.folder, 'key');
  }

  get knownHosts(): string {
    return join(this.folder, 'known_hosts');
  }

  /** For OpenSSH's programs: hosts `delay0`, `delay80` and so on. */
  get sshConfig(): string {
    return join(this.folder, 'ssh_config');
  }

  /** `ssh` with options of its own; killed with the rig. */
  ssh(...args: string[]): ChildProcess {
    const child = spawn('ssh', ['-F', this.sshConfig, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#children.push(child);
    return child;
  }

  async dispose(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #startSshd(options: readonly string[]): Promise<void> {
    const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(existsSync);
    if (!sshd) throw new Error('sshd is missing: apt-get install openssh-server');
    const file = (name: string) => join(this.folder, name);
    for (const name of ['host_key', 'key']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
    }
    copyFileSync(file('key.pub'), file('authorized_keys'));
    const port = await freePort();
    const lines = [
      ...options,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${file('host_key')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      `PidFile none`,
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'MaxStartups 100',
      'Subsystem sftp internal-sftp',
    ];
    writeFileSync(file('sshd_config'), `${lines.join('\n')}\n`);
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const child = spawn(sshd, ['-D', '-e', '-f', file('sshd_config')], { stdio: 'ignore' });
    this.#children.push(child);
    this.#ports.set(0, port);
    await eventually(
      () => answers(port),
      (isUp) => isUp,
    );
  }

  #writeSshConfig(): void {
    const key = readFileSync(join(this.folder, 'host_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    const ports = [...this.#ports];
    writeFileSync(this.knownHosts, ports.map(([, port]) => `[127.0.0.1]:${port} ${key}\n`).join(''));
    const hosts = ports.map(([delay, port]) => `Host delay${delay}\n  HostName 127.0.0.1\n  Port ${port}\n`);
    const common = `Host *\n  User ${this.user}\n  IdentityFile ${this.keyFile}\n  IdentitiesOnly yes\n  BatchMode yes\n  UserKnownHostsFile ${this.knownHosts}\n`;
    writeFileSync(this.sshConfig, hosts.join('') + common);
  }

  /** The file of `child.ts` as Node runs it. */
  async childFile(): Promise<string> {
    if (this.#bundle === '') {
      this.#bundle = join(root, 'node_modules/.tunel-test/bench', `child-${process.pid}.mjs`);
      await build({
        entryPoints: [join(import.meta.dirname, 'child.ts')],
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: this.#bundle,
        logLevel: 'error',
      });
    }
    return this.#bundle;
  }

  async #startChild(role: Role): Promise<string> {
    const child = spawn(process.execPath, [await this.childFile(), JSON.stringify(role)], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#children.push(child);
    return new Promise((resolve, reject) => {
      child.stdout?.once('data', (line) => resolve(String(line).trim()));
      child.once('exit', (code) => reject(new Error(`${role.role} ended with ${code}`)));
    });
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Processor time of a process so far, s. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
