import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { ServerChannel, Session, SFTPWrapper } from 'ssh2';
import { serveSftp } from '../../electron/core/demo/sftp-server.ts';
import type { LiveConnection } from '../../electron/core/ssh/client/connection.ts';
import type { Connection, Connections } from '../../electron/core/ssh/types.ts';
import type { ConnectionStatus } from '../../electron/shared/clusters.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { localServer } from './ssh-server.ts';

/** Clusters whose files are folders of this machine, each behind an SSH server in this process with sftp and a shell. */
export class FileClusters {
  readonly #homes: ReadonlyMap<string, string>;
  readonly #live = new Map<string, Awaited<ReturnType<typeof localServer>>>();
  /** Of whom asks meanwhile, too: each cluster has one connection. */
  readonly #connecting = new Map<string, Promise<LiveConnection>>();
  /** Of the connections that ended. */
  #bytesBefore = 0;
  readonly #emitter = new EventEmitter<{ connected: [clusterId: string, connection: Connection] }>();
  /** Sessions that clients have opened. */
  commands = 0;
  readonly #sftp = new Set<SFTPWrapper>();
  /** Whether nobody can connect now. */
  isDown = false;

  constructor(homes: Record<string, string>) {
    this.#homes = new Map(Object.entries(homes));
  }

  readonly connections: Pick<Connections, 'acquire' | 'status' | 'on'> = {
    acquire: async (clusterId) => {
      if (this.isDown) throw new AppError('connection-refused', 'Nobody listens there.');
      const known = this.#live.get(clusterId);
      const connection =
        known && !known.connection.closed.aborted ? known.connection : await this.#connectOnce(clusterId);
      return { connection, release: () => undefined };
    },
    status: (clusterId): ConnectionStatus => {
      const isLive = this.#live.get(clusterId)?.connection.closed.aborted === false;
      const state = isLive ? 'connected' : 'reconnecting';
      return { state, since: 0, roundTrip: null, attempt: 0, nextTryAt: null, error: null };
    },
    on: (event: string, listener: (...values: never[]) => void) => {
      const emitter: NodeJS.EventEmitter = this.#emitter;
      emitter.on(event, listener as () => void);
      return () => emitter.off(event, listener as () => void);
    },
  };

  /** Bytes both ways over all connections. */
  get bytes(): number {
    return [...this.#live.values()].reduce((sum, { bytes }) => sum + bytes(), this.#bytesBefore);
  }

  /** The sftp servers end, and their connections stay. */
  endSftp(): void {
    for (const sftp of this.#sftp) sftp.end();
    this.#sftp.clear();
  }

  /** Every connection ends, as when a network goes down. */
  disconnect(): void {
    for (const { close, bytes } of this.#live.values()) {
      close();
      this.#bytesBefore += bytes();
    }
    this.#live.clear();
  }

  #connectOnce(clusterId: string): Promise<LiveConnection> {
    const connecting =
      this.#connecting.get(clusterId) ?? this.#connect(clusterId).finally(() => this.#connecting.delete(clusterId));
    this.#connecting.set(clusterId, connecting);
    return connecting;
  }

  async #connect(clusterId: string): Promise<LiveConnection> {
    const home = this.#homes.get(clusterId);
    if (home === undefined) throw new AppError('not-found', 'There is no such cluster.');
    const server = await localServer(
      (channel) => channel.end(),
      (session) => {
        this.commands += 1;
        serveSession(session, home, (sftp) => this.#sftp.add(sftp));
      },
    );
    this.#live.set(clusterId, server);
    this.#emitter.emit('connected', clusterId, server.connection);
    return server.connection;
  }
}

function serveSession(session: Session, home: string, onSftp: (sftp: SFTPWrapper) => void): void {
  session.on('sftp', (accept) => {
    const sftp = accept();
    onSftp(sftp);
    serveSftp(sftp, home);
  });
  session.on('exec', (accept, _reject, { command }) => {
    const channel: ServerChannel = accept();
    const child = spawn('/bin/sh', ['-c', command], { cwd: home, env: { ...process.env, HOME: home } });
    channel.pipe(child.stdin);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    // The home of a test that is over is gone.
    child.on('error', () => channel.close());
    // A command that has ended reads no more.
    child.stdin.on('error', () => undefined);
    channel.on('error', () => undefined);
    channel.on('close', () => child.kill('SIGKILL'));
    child.on('close', (code) => {
      channel.exit(code ?? 1);
      channel.end();
    });
  });
}
