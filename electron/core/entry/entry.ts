import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Endpoint } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { ClusterFactsService } from '../clusters/cluster-facts.ts';
import type { Clock } from '../deps.ts';
import type { Instances } from '../instances/types.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import type { FindRoute, Route } from '../routes/types.ts';
import type { Connection, Connections, Lease } from '../ssh/types.ts';
import type { Entry, Forward, ForwardTarget, Place } from './types.ts';
import { wayIn } from './way-in-policy.ts';

export interface EntryDeps {
  connections: Pick<Connections, 'acquire'>;
  instances: Pick<Instances, 'get'>;
  launchers: Readonly<Record<LauncherName, Launcher>>;
  clusters: (id: string) => Cluster | undefined;
  facts: Pick<ClusterFactsService, 'known' | 'read'>;
  findRoute: FindRoute;
  clock: Clock;
}

export function createEntry(deps: EntryDeps): Entry {
  const { connections, instances, launchers, facts } = deps;

  /** Does work over a connection that is held until what it opened has ended. */
  async function held<T extends { readonly ended: Promise<unknown> }>(
    clusterId: string,
    signal: AbortSignal | undefined,
    work: (connection: Connection, also: (lease: Lease) => void) => Promise<T>,
  ): Promise<T> {
    const first = await connections.acquire(clusterId, signal);
    const leases = [first];
    const release = () => {
      for (const lease of leases.reverse()) lease.release();
    };
    try {
      const opened = await work(first.connection, (lease) => leases.push(lease));
      void opened.ended.then(release);
      return opened;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Opens something at a place: on the login node, in the job of an app by text for the login node, or on its node. */
  function at<T extends { readonly ended: Promise<unknown> }>(
    place: Place,
    command: string | null,
    signal: AbortSignal | undefined,
    open: (connection: Connection, script: string | null) => Promise<T>,
  ): Promise<T> {
    if ('clusterId' in place) return held(place.clusterId, signal, (connection) => open(connection, command));
    const { clusterId } = instances.get(place.appId);
    return held(clusterId, signal, async (connection, also) => {
      const { loginNode } = await facts.read(clusterId, connection, signal);
      // Only now: while connecting, what the cluster says of its apps has come as well.
      const instance = instances.get(place.appId);
      const way = wayIn({ instance, launcher: launchers[instance.launcher], loginNode, command });
      if (way.kind === 'here') return open(connection, command);
      if (way.kind === 'job') return open(connection, way.script);
      const lease = await connection.hop(way.node, signal);
      also(lease);
      return open(lease.connection, command);
    });
  }

  return {
    command: (place, script, options) =>
      at(place, script, options.signal, (connection, text) => connection.openCommand(text ?? script, options)),
    terminal: (place, { script, ...options }) =>
      at(place, script ?? null, options.signal, (connection, text) =>
        connection.openTerminal({ ...options, ...(text === null ? {} : { script: text }) }),
      ),
    async forward(clusterId, target, signal) {
      const forward = new LiveForward(deps, clusterId, target);
      await forward.find(signal);
      return forward;
    },
    async readFile(clusterId, path, maxBytes, signal) {
      const lease = await connections.acquire(clusterId, signal);
      try {
        return await lease.connection.readFile(path, { maxBytes, signal });
      } finally {
        lease.release();
      }
    },
    async facts(clusterId, signal) {
      const lease = await connections.acquire(clusterId, signal);
      try {
        return await facts.read(clusterId, lease.connection, signal);
      } finally {
        lease.release();
      }
    },
  };
}

interface Found {
  lease: Lease;
  route: Route;
}

/** One route, shared by all who open it, found anew after its connection was lost. */
class LiveForward implements Forward {
  readonly #deps: EntryDeps;
  readonly #clusterId: string;
  readonly #target: ForwardTarget;
  readonly #life = new AbortController();
  #found: Promise<Found> | null = null;
  #route: Route | null = null;

  constructor(deps: EntryDeps, clusterId: string, target: ForwardTarget) {
    this.#deps = deps;
    this.#clusterId = clusterId;
    this.#target = target;
  }

  get info() {
    if (!this.#route) throw new AppError('internal', 'A forward was asked for its way before it had one.');
    return this.#route.info;
  }

  async open(signal?: AbortSignal) {
    const { route } = await this.find(signal);
    return route.open(signal);
  }

  find(signal?: AbortSignal): Promise<Found> {
    this.#found ??= this.#find(signal ? AbortSignal.any([signal, this.#life.signal]) : this.#life.signal);
    return this.#found;
  }

  async #find(signal: AbortSignal): Promise<Found> {
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
      // A port that others reach as well is what the user named; the route's warning says so.
      const route = await findRoute({ connection, endpoint, loginNode, hasToken: true, forbidden, clock, signal });
      this.#route = route;
      const made: Found = { lease, route };
      connection.closed.addEventListener('abort', () => this.#lost(made), { once: true });
      return made;
    } catch (error) {
      this.#found = null;
      lease?.release();
      throw error;
    }
  }

  #lost({ lease, route }: Found): void {
    route.close();
    lease.release();
    this.#found = null;
  }

  close(): void {
    this.#life.abort(new AppError('cancelled', 'The forward is closed.'));
    this.#found?.then(
      (made) => this.#lost(made),
      () => undefined,
    );
  }
}
