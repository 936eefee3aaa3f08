import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Endpoint } from '../../shared/instances.ts';
import type { ClusterFactsService } from '../clusters/cluster-facts.ts';
import type { Clock } from '../deps.ts';
import type { FindRoute, Route } from '../routes/types.ts';
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
  #held: Promise<HeldRoute> | null = null;
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

  findRoute(signal?: AbortSignal): Promise<HeldRoute> {
    this.#held ??= this.#find(signal ? AbortSignal.any([signal, this.#life.signal]) : this.#life.signal);
    return this.#held;
  }

  async #find(signal: AbortSignal): Promise<HeldRoute> {
    const { connections, clusters, facts, findRoute, clock } = this.#deps;
    let lease: Lease | null = null;
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
      const route = await findRoute({ connection, endpoint, loginNode, hasToken: true, forbidden, clock, signal });
      this.#route = route;
      const channels = new OpenedAhead((openSignal) => route.open(openSignal), clock);
      const held: HeldRoute = { lease, route, channels };
      connection.closed.addEventListener('abort', () => this.#release(held), { once: true });
      return held;
    } catch (error) {
      this.#held = null;
      lease?.release();
      throw error;
    }
  }

  #release({ lease, route, channels }: HeldRoute): void {
    channels.close();
    route.close();
    lease.release();
    this.#held = null;
  }

  close(): void {
    this.#life.abort(new AppError('cancelled', 'The tunnel is closed.'));
    this.#held?.then(
      (held) => this.#release(held),
      () => undefined,
    );
  }
}
