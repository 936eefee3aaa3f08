import type { Cluster } from '../../shared/clusters.ts';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import type { Endpoint } from '../../shared/instances.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { ClusterFactsService } from '../clusters/cluster-facts.ts';
import type { Clock } from '../deps.ts';
import type { FindRoute, Route } from '../routes/types.ts';
import { SharedAttempt } from '../shared-attempt.ts';
import type { Connections, Lease } from '../ssh/types.ts';
import { OpenedAhead } from './opened-ahead.ts';
import type { Tunnel, Tunnels, TunnelTarget } from './types.ts';

interface TunnelsDeps {
  connections: Pick<Connections, 'acquire'>;
  clusters: (id: string) => Cluster | undefined;
  facts: Pick<ClusterFactsService, 'known'>;
  findRoute: FindRoute;
  clock: Clock;
}

export const createTunnels = (deps: TunnelsDeps): Tunnels => ({
  async openTunnel(clusterId, target, signal) {
    const tunnel = new ReconnectingTunnel(deps, clusterId, target);
    await tunnel.findRoute(signal);
    return tunnel;
  },
});

interface HeldRoute {
  lease: Lease;
  route: Route;
  channels: OpenedAhead;
}

/** One route, shared by all who open a stream, found anew after its connection was lost. */
class ReconnectingTunnel implements Tunnel {
  readonly #deps: TunnelsDeps;
  readonly #clusterId: string;
  readonly #target: TunnelTarget;
  readonly #life = new AbortController();
  #attempt: SharedAttempt<HeldRoute> | null = null;
  #held: HeldRoute | null = null;
  #route: Route | null = null;

  constructor(deps: TunnelsDeps, clusterId: string, target: TunnelTarget) {
    this.#deps = deps;
    this.#clusterId = clusterId;
    this.#target = target;
  }

  get info() {
    if (!this.#route) throw new AppError('internal', 'A tunnel was asked for its route before it had one.');
    return this.#route.info;
  }

  async open(signal?: AbortSignal) {
    const { channels } = await this.findRoute(signal);
    return channels.take(signal);
  }

  /** The route at hand, or one search for it for all who ask. */
  async findRoute(signal?: AbortSignal): Promise<HeldRoute> {
    throwIfAborted(this.#life.signal);
    if (this.#held) return this.#held;
    if (!this.#attempt || this.#attempt.isAbandoned) {
      const attempt = new SharedAttempt((searching) => this.#find(AbortSignal.any([searching, this.#life.signal])));
      this.#attempt = attempt;
      const forget = () => {
        if (this.#attempt === attempt) this.#attempt = null;
      };
      attempt.over.then(forget);
    }
    return this.#attempt.join(signal);
  }

  async #find(signal: AbortSignal): Promise<HeldRoute> {
    const { connections, clusters, facts, findRoute, clock } = this.#deps;
    let lease: Lease | null = null;
    let route: Route | null = null;
    try {
      lease = await connections.acquire(this.#clusterId, signal);
      const { connection } = lease;
      const loginNode = facts.known(this.#clusterId)?.loginNode;
      const node = this.#target.node || loginNode || connection.node;
      const endpoint: Endpoint =
        'socket' in this.#target
          ? { kind: 'socket', node, path: this.#target.socket }
          : { kind: 'port', node, port: this.#target.port };
      const forbidden = clusters(this.#clusterId)?.site?.forbiddenRoutes;
      // The user named this endpoint, also where others can reach it; the route's warning says that they can.
      route = await findRoute({ connection, endpoint, loginNode, hasToken: true, forbidden, clock, signal });
      // The search may have ended after its connection did, or after everybody has left.
      throwIfAborted(connection.closed);
      throwIfAborted(signal);
      const held = this.#hold(lease, route);
      onAbort(connection.closed, () => this.#release(held));
      return held;
    } catch (error) {
      route?.close();
      lease?.release();
      throw error;
    }
  }

  #hold(lease: Lease, route: Route): HeldRoute {
    const channels = new OpenedAhead((openSignal) => route.open(openSignal), this.#deps.clock);
    this.#route = route;
    this.#held = { lease, route, channels };
    return this.#held;
  }

  #release(held: HeldRoute): void {
    if (this.#held !== held) return;
    this.#held = null;
    held.channels.close();
    held.route.close();
    held.lease.release();
  }

  close(): void {
    this.#life.abort(new AppError('cancelled', 'The tunnel is closed.'));
    if (this.#held) this.#release(this.#held);
  }
}
