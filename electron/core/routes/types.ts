import type { Duplex } from 'node:stream';
import type { Endpoint, RouteInfo } from '../../shared/instances.ts';
import type { RouteKind } from '../../shared/kinds.ts';
import type { Clock } from '../deps.ts';
import type { JobHandle, Launcher } from '../launchers/common/launcher.ts';
import type { Connection, HopReason } from '../ssh/types.ts';
import type { RememberedRoute } from '../storage/remembered-route.ts';

/** How bytes get from here to one endpoint over one connection. Dies with the connection. */
export interface Route {
  readonly info: RouteInfo;
  /** What to remember for the next time; null: nothing new. */
  readonly toRemember: RememberedRoute | null;
  /** A byte stream to the app, one for each call. */
  open(signal?: AbortSignal): Promise<Duplex>;
  /** Gives back the hop or ends the relay, if there is one. */
  close(): void;
}

export interface FindRouteInput {
  connection: Connection;
  endpoint: Endpoint;
  /** The login node's own name, where it differs from the one it was reached by. */
  loginNode?: string;
  /** The job that listens and its launcher: how a relay gets into it. Absent: no relay. */
  job?: JobHandle & { launcher: Pick<Launcher, 'name' | 'enter'> };
  /** The gateway signs each request in with the app's own token: without, a port that others can reach is not opened. */
  hasToken: boolean;
  /** Routes that the site forbids. */
  forbidden?: readonly RouteKind[];
  /** What worked last for such an app on this cluster. */
  remembered?: RememberedRoute;
  clock: Clock;
  /** Default: the user waits for it. */
  reason?: HopReason;
  signal?: AbortSignal;
}

/** Tries `socket`, `node`, `relay`, `port` in that order; `no-route` with each one's reason when none works. */
export type FindRoute = (input: FindRouteInput) => Promise<Route>;
