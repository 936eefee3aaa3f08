import type { ClusterReference, Clusters } from './clusters.ts';
import type { Connection } from './connection.ts';
import type { Requests, TunnelState } from './types.ts';

export interface TunnelOptions extends Omit<Requests['tunnels.open']['input'], 'clusterId' | 'local'> {
  cluster: ClusterReference;
  /** Where it is to be reached here; default: any free port. */
  local?: Requests['tunnels.open']['input']['local'];
  signal?: AbortSignal;
}

/** A forward from this computer to a socket or port of a cluster, open until it is closed or the engine ends. */
export class Tunnel {
  readonly id: string;
  /** Where it is to be reached on this computer. */
  readonly address: TunnelState['local'];
  readonly route: TunnelState['route'];
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection, { id, local, route }: TunnelState) {
    this.#connection = connection;
    this.id = id;
    this.address = local;
    this.route = route;
  }

  /** Closes it and all connections through it. */
  async close(): Promise<void> {
    await this.#connection.request('tunnels.close', { id: this.id });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

export class Tunnels {
  readonly #connection: Connection;
  readonly #clusters: Clusters;

  /** @internal */
  constructor(connection: Connection, clusters: Clusters) {
    this.#connection = connection;
    this.#clusters = clusters;
  }

  async open({ cluster, target, local = { kind: 'port' }, signal }: TunnelOptions): Promise<Tunnel> {
    const clusterId = await this.#clusters.idOf(cluster);
    const state = await this.#connection.request('tunnels.open', { clusterId, target, local }, signal);
    return new Tunnel(this.#connection, state);
  }
}
