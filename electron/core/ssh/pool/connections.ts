import type { Cluster, ConnectionEvent, ConnectionStatus } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Clock, Logger, Secrets } from '../../deps.ts';
import { usualKeyFiles } from '../auth/keys.ts';
import { SessionMemory } from '../auth/session-memory.ts';
import { sshArguments } from '../config/ssh-arguments.ts';
import { examine } from '../dial/connection-test.ts';
import { Dialer } from '../dial/dialer.ts';
import { usualKnownHostsFiles } from '../host-keys/host-keys.ts';
import type { Connection, Connections, Prompts } from '../types.ts';
import { SharedConnection } from './shared-connection.ts';

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

/** Windows' own agent listens on a pipe that no variable names. */
function usualAgent(): string | undefined {
  return process.env.SSH_AUTH_SOCK ?? (process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined);
}

interface Events {
  status: [clusterId: string, status: ConnectionStatus];
  event: [event: ConnectionEvent];
  connected: [clusterId: string, connection: Connection];
}
type Listeners = { [K in keyof Events]: Set<(...values: Events[K]) => void> };

export function createConnections(options: ConnectionsOptions): Connections {
  const { clock, logger } = options;
  const listeners: Listeners = { status: new Set(), event: new Set(), connected: new Set() };
  const emit = <K extends keyof Events>(event: K, ...values: Events[K]) => {
    for (const listener of [...listeners[event]]) listener(...values);
  };
  const on = <K extends keyof Events>(event: K, listener: (...values: Events[K]) => void): (() => void) => {
    const all: Listeners[K] = listeners[event];
    all.add(listener);
    return () => all.delete(listener);
  };
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
    agentSocket: (options.agentSocket ?? usualAgent()) || undefined,
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
        onStatus: (status) => emit('status', clusterId, status),
        onEvent: (event) => emit('event', event),
        onConnected: (live) => emit('connected', clusterId, live),
      });
      shared.set(clusterId, connection);
    }
    return connection;
  };
  const usable = (clusterId: string): SharedConnection => {
    if (disposed.signal.aborted) throw new AppError('cancelled', 'The app is closing.');
    if (!options.clusters(clusterId))
      throw new AppError('not-found', message`There is no cluster with the id ${{ clusterId }}.`);
    return of(clusterId);
  };

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
      for (const all of Object.values(listeners)) all.clear();
    },
  };
}
