import { type Connection, demoClusterId } from './connection.ts';
import { NotFoundError } from './errors.ts';
import type { ClusterFacts, ClusterSummary, LoginNodeUsage, Requests } from './types.ts';

/** What `clusters.save` takes. */
export type ClusterInput = Requests['clusters.save']['input']['input'];

/** How a call names a cluster: by its name or id, or as it was found. */
export type ClusterReference = string | { readonly id: string };

/** A saved cluster, as it was when it was asked for. */
export class Cluster {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly user: string;
  /** Of its connection. */
  readonly state: ClusterSummary['state'];
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection, { id, name, host, user, state }: ClusterSummary) {
    this.#connection = connection;
    this.id = id;
    this.name = name;
    this.host = host;
    this.user = user;
    this.state = state;
  }

  /** Connects and stays connected. Where the sign-in needs an answer and nobody can be asked, it fails with `sign-in-needed`. */
  async connect(options: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#connection.repeatable('clusters.connect', { id: this.id }, options.signal);
  }

  /** Closes the connection; running apps and jobs go on. */
  async disconnect(): Promise<void> {
    await this.#connection.repeatable('clusters.disconnect', { id: this.id });
  }

  /** What is known of it: home directory, schedulers and their queues, runtimes, modules. */
  facts(options: { signal?: AbortSignal } = {}): Promise<ClusterFacts> {
    return this.#connection.repeatable('clusters.facts', { id: this.id }, options.signal);
  }

  /** What the connections of this engine have cost its login node. */
  usage(): Promise<LoginNodeUsage> {
    return this.#connection.repeatable('clusters.usage', { id: this.id });
  }

  /** Removes it and its secrets from this computer; running apps go on. */
  async remove(): Promise<void> {
    await this.#connection.request('clusters.remove', { id: this.id });
  }
}

/** The saved clusters. */
export class Clusters {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async list(): Promise<Cluster[]> {
    const found = await this.#connection.repeatable('clusters.list', undefined);
    return found.map((summary) => new Cluster(this.#connection, summary));
  }

  /** By name or id. `demo` is the demo cluster, which is started for it. @throws NotFoundError */
  async get(cluster: ClusterReference): Promise<Cluster> {
    const wanted = typeof cluster === 'string' ? cluster : cluster.id;
    if (wanted === demoClusterId) await this.#connection.startDemo();
    const all = await this.list();
    const found = all.find(({ id }) => id === wanted) ?? all.find(({ name }) => name === wanted);
    if (found) return found;
    throw new NotFoundError('not-found', `There is no cluster “${wanted}”.`, {
      hint: `Clusters: ${all.map(({ name }) => name).join(', ') || 'none'}.`,
      values: { cluster: wanted },
    });
  }

  /** Saves a new cluster. @throws ConflictError where the name is taken */
  async save(input: ClusterInput): Promise<Cluster> {
    const { id } = await this.#connection.request('clusters.save', { input });
    return this.get(id);
  }

  /** Changes a saved cluster: all of its values. */
  async change(cluster: ClusterReference, input: ClusterInput): Promise<Cluster> {
    const { id } = await this.get(cluster);
    await this.#connection.repeatable('clusters.save', { id, input });
    return this.get(id);
  }

  /** The id of a cluster, looked up where it was named. @internal */
  async idOf(cluster: ClusterReference): Promise<string> {
    return typeof cluster === 'string' ? (await this.get(cluster)).id : cluster.id;
  }
}
