import type { Duplex } from 'node:stream';
import type { Endpoint, RouteInfo } from '../../shared/instances.ts';
import type { RouteKind } from '../../shared/kinds.ts';
import type { Connection } from '../ssh/types.ts';

/** How bytes get from here to one endpoint over one connection. Dies with the connection. */
export interface Route {
  readonly info: RouteInfo;
  /** A byte stream to the app, one for each call. */
  open(signal?: AbortSignal): Promise<Duplex>;
  /** Gives back the hop, if there is one. */
  close(): void;
}

export interface FindRouteInput {
  connection: Connection;
  endpoint: Endpoint;
  /** The kind that worked last on this cluster: tried first. */
  remembered?: RouteKind;
  signal?: AbortSignal;
}

/** Tries `socket`, `node`, `port` in that order; `no-route` with each one's reason when none works. */
export type FindRoute = (input: FindRouteInput) => Promise<Route>;
