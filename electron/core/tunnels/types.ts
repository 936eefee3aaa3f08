import type { Duplex } from 'node:stream';
import type { RouteInfo } from '../../shared/instances.ts';

/** What a tunnel leads to, seen from `node`; empty: the login node. */
export type TunnelTarget = { node: string } & ({ socket: string } | { port: number });

/** A route to one socket or port, found again when its connection was lost. */
export interface Tunnel {
  readonly info: RouteInfo;
  /** A byte stream through it, one for each call. */
  open(signal?: AbortSignal): Promise<Duplex>;
  close(): void;
}

export interface Tunnels {
  /** @throws AppError `no-route` with the reason of each route */
  openTunnel(clusterId: string, target: TunnelTarget, signal?: AbortSignal): Promise<Tunnel>;
}
