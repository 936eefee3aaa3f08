import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import type {
  CommandStream,
  Connection,
  Connections,
  Lease,
  RunOptions,
  RunResult,
  Terminal,
} from '../../../electron/core/ssh/types.ts';
import type { ConnectionStatus } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { LocalCommand } from '../../helpers/local-command.ts';

/**
 * This machine as a cluster, without ssh: real shells, processes and sockets below a home directory of its own, and a
 * connection that can be cut. For the orchestration; the tests against Slurm go through real ssh.
 */
export class LocalConnections implements Connections {
  readonly home: string;
  #current: LocalConnection | null = null;
  #up = true;
  readonly #connected = new Set<(clusterId: string, connection: Connection) => void>();
  leases = 0;

  constructor(home: string) {
    this.home = home;
  }

  async acquire(clusterId: string): Promise<Lease> {
    if (!this.#up) throw new AppError('connection-refused', 'The cluster is out of reach.');
    let connection = this.#current;
    if (!connection || connection.closed.aborted) {
      connection = new LocalConnection(this.home);
      this.#current = connection;
      for (const listener of this.#connected) listener(clusterId, connection);
    }
    this.leases += 1;
    return {
      connection,
      release: () => {
        this.leases -= 1;
      },
    };
  }

  cut(): void {
    this.#up = false;
    this.#current?.cut();
  }

  async mend(clusterId: string): Promise<void> {
    this.#up = true;
    (await this.acquire(clusterId)).release();
  }

  status(): ConnectionStatus {
    const connected = this.#current !== null && !this.#current.closed.aborted;
    const state = connected ? 'connected' : this.#up ? 'disconnected' : 'reconnecting';
    return { state, since: 0, roundTrip: null, attempt: 0, nextTryAt: null, error: null };
  }

  on(event: 'status' | 'event' | 'connected', listener: unknown): () => void {
    if (event !== 'connected') return () => undefined;
    const connected = listener as (clusterId: string, connection: Connection) => void;
    this.#connected.add(connected);
    return () => this.#connected.delete(connected);
  }

  sshArguments(): string[] {
    return ['ada@here'];
  }
  connect(): Promise<void> {
    throw new Error('not a part of these tests');
  }
  disconnect(): Promise<void> {
    throw new Error('not a part of these tests');
  }
  test(): never {
    throw new Error('not a part of these tests');
  }
  trustHostKey(): void {}

  retry(): void {}
  usage() {
    return { sessionsStarted: 0, commandsRun: 0, cpuSeconds: 0 };
  }

  async dispose(): Promise<void> {
    this.#current?.cut();
  }
}

class LocalConnection implements Connection {
  readonly node = 'here';
  readonly #home: string;
  readonly #closed = new AbortController();
  readonly #channels = new Set<Duplex>();

  constructor(home: string) {
    this.#home = home;
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  readonly usage = { sessionsStarted: 0, commandsRun: 0, cpuSeconds: 0 };
  setLoginVariables(): void {}

  cut(): void {
    this.#closed.abort(new AppError('connection-lost', 'The connection was cut.'));
    for (const channel of this.#channels) channel.destroy();
  }

  run(script: string, options: RunOptions = {}): Promise<RunResult> {
    const signal = AbortSignal.any([this.closed, ...(options.signal ? [options.signal] : [])]);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(AppError.from(signal.reason));
      const child = spawn('/bin/sh', ['-c', script], { env: { PATH: process.env.PATH, HOME: this.#home }, cwd: '/' });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on('data', (data: Buffer) => out.push(data));
      child.stderr.on('data', (data: Buffer) => err.push(data));
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.stdin ?? '');
      const aborted = () => {
        child.kill('SIGKILL');
        reject(AppError.from(signal.reason));
      };
      signal.addEventListener('abort', aborted, { once: true });
      child.on('error', reject);
      child.on('close', (code) => {
        signal.removeEventListener('abort', aborted);
        resolve({
          stdout: Buffer.concat(out).toString(options.encoding ?? 'utf8'),
          stderr: Buffer.concat(err).toString(),
          exitCode: code ?? 255,
        });
      });
    });
  }

  async openTerminal(): Promise<Terminal> {
    throw new AppError('channel-refused', 'There are no terminals here.');
  }

  openSpareCommand(script: string, options?: { stderr?: Writable }): Promise<CommandStream> {
    return this.openCommand(script, options);
  }

  async openCommand(script: string, { stderr }: { stderr?: Writable } = {}): Promise<CommandStream> {
    if (this.closed.aborted) throw AppError.from(this.closed.reason);
    const stream = new LocalCommand(script, { HOME: this.#home }, { stderr });
    this.#channels.add(stream);
    stream.once('close', () => this.#channels.delete(stream));
    return stream;
  }

  #dial(to: { path: string } | { host: string; port: number }): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      if (this.closed.aborted) return reject(AppError.from(this.closed.reason));
      const socket = connect(to);
      this.#channels.add(socket);
      socket.once('close', () => this.#channels.delete(socket));
      socket.once('connect', () => resolve(socket));
      socket.once('error', (error) => reject(new AppError('channel-refused', error.message)));
    });
  }
  openSocket(path: string): Promise<Duplex> {
    return this.#dial({ path });
  }
  openPort(host: string, port: number): Promise<Duplex> {
    return this.#dial({ host, port });
  }
  hop(node: string): Promise<Lease> {
    return Promise.reject(new AppError('connection-refused', `There is no node ${node} here.`));
  }
  writeFile(): Promise<void> {
    throw new Error('not a part of these tests');
  }
  readFile(): Promise<Uint8Array> {
    throw new Error('not a part of these tests');
  }
  upload(): Promise<number> {
    throw new Error('not a part of these tests');
  }
  download(): Promise<number> {
    throw new Error('not a part of these tests');
  }
}
