import { Apps } from './apps.ts';
import { Clusters } from './clusters.ts';
import type { Connection } from './connection.ts';
import { Files } from './files.ts';
import { followTransitions } from './follow.ts';
import { Jobs } from './jobs.ts';
import { Transfers } from './transfers.ts';
import { Tunnels } from './tunnels.ts';
import type { ByteStream, EngineStatus, Requests, Streams, Transition } from './types.ts';

/** An engine, and all that it can be asked. */
export class Tunel {
  readonly clusters: Clusters;
  readonly apps: Apps;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly tunnels: Tunnels;
  readonly transfers: Transfers;
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.clusters = new Clusters(connection);
    this.apps = new Apps(connection, this.clusters);
    this.jobs = new Jobs(connection, this.clusters);
    this.files = new Files(connection, this.clusters);
    this.tunnels = new Tunnels(connection, this.clusters);
    this.transfers = new Transfers(this.files);
  }

  /** Which engine answers, and what is live in it. */
  status(): Promise<EngineStatus> {
    return this.#connection.repeatable('engine.status', undefined);
  }

  /**
   * What happens to apps, jobs and clusters from now on, or after the transition with the id `after`: each once and in order, also
   * across the end of an engine.
   */
  events(options: { after?: number; signal?: AbortSignal } = {}): AsyncIterable<Transition> {
    return followTransitions(this.#connection, options);
  }

  /** Any request of the API, as docs/engine.md and the OpenAPI document describe them. It is made once. */
  request<N extends keyof Requests>(
    name: N,
    input: Requests[N]['input'],
    signal?: AbortSignal,
  ): Promise<Requests[N]['output']> {
    return this.#connection.request(name, input, signal);
  }

  /** Any stream of the API. */
  openStream<N extends keyof Streams>(
    name: N,
    input: Streams[N]['input'],
    signal?: AbortSignal,
  ): Promise<ByteStream<Streams[N]['opened'], Streams[N]['closed']>> {
    return this.#connection.openStream(name, input, signal);
  }

  /** Ends what this program waits for and its tunnels' use of it; apps and jobs go on. */
  close(): void {
    this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}
