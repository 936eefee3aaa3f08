import { EventEmitter } from 'node:events';
import type { Cluster, ConnectionEvent, ConnectionStatus, LoginNodeUsage } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Clock, Logger, Secrets } from '../../deps.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { usualKeyFiles } from '../auth/keys.ts';
import type { RememberedReply } from '../auth/prompt-policy.ts';
import { SessionMemory } from '../auth/session-memory.ts';
import { KEEPALIVE_MS } from '../client/keepalive-policy.ts';
import { sshArguments } from '../config/ssh-arguments.ts';
import { examine } from '../dial/connection-test.ts';
import { Dialer } from '../dial/dialer.ts';
import type { Transport } from '../dial/transport.ts';
import { usualKnownHostsFiles } from '../host-keys/host-keys.ts';
import { OpenSshTransport } from '../openssh/openssh-transport.ts';
import type { Connection, Connections, Lease, Prompts } from '../types.ts';
import { SharedConnection } from './shared-connection.ts';

export interface ConnectionsOptions {
  clusters(id: string): Cluster | undefined;
  /** What has to be done before a cluster can be reached, and the cluster as it is then. */
  prepare?(cluster: Cluster): Promise<Cluster>;
  secrets: Secrets;
  prompts: Prompts;
  clock: Clock;
  logger: Logger;
  /** The app's own known_hosts, where accepted keys are written: `<data>/known_hosts`. */
  appKnownHostsFile: string;
  /** Read besides; default: the user's and the system's. */
  knownHostsFiles?: string[];
  /** Tried when a cluster names none; default: the usual ones in ~/.ssh. */
  defaultKeyFiles?: string[];
  /** Default: SSH_AUTH_SOCK. Empty: no agent. */
  agentSocket?: string;
  /** The user asked to give a menu this reply always: to be saved with the cluster. */
  onMenuReply?(clusterId: string, remembered: RememberedReply): void;
  /** The configuration that OpenSSH reads; default: the user's and the system's. */
  sshConfigFiles?: readonly string[];
  /** Default: the `ssh` of the search path. */
  sshProgram?: string;
  /** Default 12 000 ms. */
  keepaliveMs?: number;
  /** Default 60 000 ms. */
  idleMs?: number;
}

/** Windows' own agent listens on a pipe that no variable names. */
function usualAgent(): string | undefined {
  return process.env.SSH_AUTH_SOCK ?? (process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined);
}

interface Events {
  status: [clusterId: string, status: ConnectionStatus];
  event: [event: ConnectionEvent];
  connected: [clusterId: string, connection: Connection];
}

export const createConnections = (options: ConnectionsOptions): Connections => new ConnectionPool(options);

/** One shared connection for each cluster, made when it is first asked for. */
class ConnectionPool implements Connections {
  readonly sshArguments = sshArguments;
  readonly #options: ConnectionsOptions;
  readonly #transport: Transport;
  readonly #emitter = new EventEmitter<Events>().setMaxListeners(0);
  readonly #shared = new Map<string, SharedConnection>();
  readonly #life = new AbortController();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#transport = createTransport(options);
  }

  async acquire(clusterId: string, signal?: AbortSignal): Promise<Lease> {
    return this.#usable(clusterId).acquire(signal);
  }

  async connect(clusterId: string, signal?: AbortSignal): Promise<void> {
    await this.#usable(clusterId).connect(signal);
  }

  async disconnect(clusterId: string): Promise<void> {
    this.#shared.get(clusterId)?.disconnect();
  }

  retry(clusterId: string): void {
    this.#usable(clusterId).retry();
  }

  trustHostKey(clusterId: string, fingerprint: string): void {
    this.#usable(clusterId).trustHostKey(fingerprint);
  }

  status(clusterId: string): ConnectionStatus {
    return this.#of(clusterId).status;
  }

  usage(clusterId: string): LoginNodeUsage {
    return this.#of(clusterId).usage;
  }

  async test(cluster: Cluster, signal: AbortSignal): ReturnType<Connections['test']> {
    const either = AbortSignal.any([signal, this.#life.signal]);
    const { connection } = await this.#transport.dial(
      cluster,
      { memory: new SessionMemory(), keepsNothing: true },
      either,
    );
    try {
      return { ...(await examine(connection, either)), connection, close: () => connection.close() };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  on<K extends keyof Events>(event: K, listener: (...values: Events[K]) => void): () => void {
    const emitter: NodeJS.EventEmitter = this.#emitter;
    emitter.on(event, listener);
    return () => emitter.off(event, listener);
  }

  async dispose(): Promise<void> {
    this.#life.abort(new AppError('cancelled', 'The app is closing.'));
    for (const connection of this.#shared.values()) connection.dispose();
    this.#shared.clear();
    this.#emitter.removeAllListeners();
  }

  #usable(clusterId: string): SharedConnection {
    if (this.#life.signal.aborted) throw new AppError('cancelled', 'The app is closing.');
    if (!this.#options.clusters(clusterId)) {
      throw new AppError('not-found', message`There is no cluster with the id ${{ clusterId }}.`);
    }
    return this.#of(clusterId);
  }

  #of(clusterId: string): SharedConnection {
    const known = this.#shared.get(clusterId);
    if (known) return known;
    const { clusters, clock, idleMs = 60_000 } = this.#options;
    const connection = new SharedConnection({
      clusterId,
      cluster: () => clusters(clusterId),
      transport: this.#transport,
      clock,
      idleMs,
      onStatus: (status) => this.#emitter.emit('status', clusterId, status),
      onEvent: (event) => this.#emitter.emit('event', event),
      onConnected: (live) => this.#emitter.emit('connected', clusterId, live),
    });
    this.#shared.set(clusterId, connection);
    return connection;
  }
}

/** The SSH client that a cluster is set to. */
function createTransport(options: ConnectionsOptions): Transport {
  const { prompts, secrets, clock, logger, appKnownHostsFile, onMenuReply, prepare = async (it) => it } = options;
  const common = {
    prompts,
    secrets,
    clock,
    logger,
    appKnownHostsFile,
    onMenuReply,
    knownHostsFiles: options.knownHostsFiles ?? usualKnownHostsFiles(),
    keepaliveMs: options.keepaliveMs ?? KEEPALIVE_MS,
  };
  const ssh2 = new Dialer({
    ...common,
    usualKeys: options.defaultKeyFiles ?? usualKeyFiles(),
    agentSocket: (options.agentSocket ?? usualAgent()) || undefined,
  });
  const { sshConfigFiles, sshProgram } = options;
  const openssh = new OpenSshTransport({ ...common, sshConfigFiles, sshProgram });
  return {
    async dial(cluster, watcher, signal) {
      const transport = cluster.transport === 'openssh' ? openssh : ssh2;
      return transport.dial(await unlessAborted(prepare(cluster), signal), watcher, signal);
    },
  };
}
