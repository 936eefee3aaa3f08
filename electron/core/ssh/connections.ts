import { EventEmitter } from 'node:events';
import type { Cluster, ConnectionEvent, ConnectionStatus } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Clock, Logger, Secrets } from '../deps.ts';
import { examine } from './connection-test.ts';
import { Dialer } from './dialer.ts';
import { usualKnownHostsFiles } from './host-keys.ts';
import { usualKeyFiles } from './keys.ts';
import { SessionMemory } from './session-memory.ts';
import { SharedConnection } from './shared-connection.ts';
import { sshArguments } from './ssh-arguments.ts';
import type { Connection, Connections, Prompts } from './types.ts';

export interface ConnectionsOptions {
  clusters(id: string): Cluster | undefined;
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
  onMenuReply?(clusterId: string, reply: string): void;
  /** Default 12 000 ms. */
  keepaliveMs?: number;
  /** Default 60 000 ms. */
  idleMs?: number;
}

interface Events {
  status: [clusterId: string, status: ConnectionStatus];
  event: [event: ConnectionEvent];
  connected: [clusterId: string, connection: Connection];
}

export function createConnections(options: ConnectionsOptions): Connections {
  const { clock, logger } = options;
  const events = new EventEmitter<Events>();
  events.setMaxListeners(0);
  const shared = new Map<string, SharedConnection>();
  const disposed = new AbortController();
  const dialer = new Dialer({
    prompts: options.prompts,
    secrets: options.secrets,
    clock,
    logger,
    knownHostsFiles: options.knownHostsFiles ?? usualKnownHostsFiles(),
    appKnownHostsFile: options.appKnownHostsFile,
    usualKeys: options.defaultKeyFiles ?? usualKeyFiles(),
    agentSocket: (options.agentSocket ?? process.env.SSH_AUTH_SOCK) || undefined,
    keepaliveMs: options.keepaliveMs ?? 12_000,
    onMenuReply: options.onMenuReply,
  });

  const of = (clusterId: string): SharedConnection => {
    let connection = shared.get(clusterId);
    if (!connection) {
      connection = new SharedConnection({
        clusterId,
        cluster: () => options.clusters(clusterId),
        dialer,
        clock,
        idleMs: options.idleMs ?? 60_000,
        onStatus: (status) => events.emit('status', clusterId, status),
        onEvent: (event) => events.emit('event', event),
        onConnected: (live) => events.emit('connected', clusterId, live),
      });
      shared.set(clusterId, connection);
    }
    return connection;
  };
  const usable = (clusterId: string): SharedConnection => {
    if (disposed.signal.aborted) throw new AppError('cancelled', 'The app is closing.');
    if (!options.clusters(clusterId)) throw new AppError('not-found', `There is no cluster with the id ${clusterId}.`);
    return of(clusterId);
  };

  function on(event: 'status', listener: (...args: Events['status']) => void): () => void;
  function on(event: 'event', listener: (...args: Events['event']) => void): () => void;
  function on(event: 'connected', listener: (...args: Events['connected']) => void): () => void;
  function on<K extends keyof Events>(event: K, listener: (...args: Events[K]) => void): () => void {
    const typed = listener as (...args: unknown[]) => void;
    events.on(event, typed as never);
    return () => events.off(event, typed as never);
  }

  return {
    acquire: async (clusterId, signal) => usable(clusterId).acquire(signal),
    connect: async (clusterId, signal) => usable(clusterId).connect(signal),
    async disconnect(clusterId) {
      shared.get(clusterId)?.disconnect();
    },
    retry(clusterId) {
      usable(clusterId).retry();
    },
    status: (clusterId) => of(clusterId).status,
    async test(cluster, signal) {
      const either = AbortSignal.any([signal, disposed.signal]);
      const { connection } = await dialer.dial(cluster, { memory: new SessionMemory() }, either);
      try {
        return { ...(await examine(connection, either)), connection, close: () => connection.close() };
      } catch (error) {
        connection.close();
        throw error;
      }
    },
    sshArguments,
    on,
    async dispose() {
      disposed.abort(new AppError('cancelled', 'The app is closing.'));
      for (const connection of shared.values()) connection.dispose();
      shared.clear();
      events.removeAllListeners();
    },
  };
}
