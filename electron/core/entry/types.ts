import type { Duplex } from 'node:stream';
import type { ClusterFacts } from '../../shared/clusters.ts';
import type { RouteInfo } from '../../shared/instances.ts';
import type { CommandStream, Terminal, TerminalSize } from '../ssh/types.ts';

/** A cluster's login node, or where an app runs. */
export type Place = { clusterId: string } | { appId: string };

/** What a forward leads to, seen from `node`; empty: the login node. */
export type ForwardTarget = { node: string } & ({ socket: string } | { port: number });

/** A way to one socket or port, found again when its connection was lost. */
export interface Forward {
  readonly info: RouteInfo;
  /** A byte stream to it, one for each call. */
  open(signal?: AbortSignal): Promise<Duplex>;
  close(): void;
}

/** What a person at a terminal opens on a cluster: streams, which no request can carry. */
export interface Entry {
  /**
   * Runs POSIX sh text. The stream ends with the command; `onSaid` gets its stderr.
   * @throws AppError `conflict` for an app that does not run, else as `Connection.openCommand`
   */
  command(
    place: Place,
    script: string,
    options: { signal?: AbortSignal; onSaid?: (chunk: Buffer) => void },
  ): Promise<CommandStream>;
  /** An interactive shell, or (not for an app) a script on a terminal. @throws AppError as `command` */
  terminal(
    place: Place,
    options: TerminalSize & { type: string; script?: string; signal?: AbortSignal },
  ): Promise<Terminal>;
  /** @throws AppError `no-route` with each way's reason */
  forward(clusterId: string, target: ForwardTarget, signal?: AbortSignal): Promise<Forward>;
  /** A file there, at most `maxBytes`. @throws AppError `not-found` and the like */
  readFile(clusterId: string, path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** What is known of a cluster; looked at when nothing is. */
  facts(clusterId: string, signal?: AbortSignal): Promise<ClusterFacts>;
}
