import { randomUUID } from 'node:crypto';
import type { ClusterReference, Clusters } from './clusters.ts';
import type { Connection } from './connection.ts';
import { reviveError } from './error-conversion.ts';
import { JobFailedError } from './errors.ts';
import { followLog, followValue } from './follow.ts';
import type { Instance, InstanceState, Requests } from './types.ts';

export interface LaunchOptions extends Omit<Requests['instances.launch']['input'], 'clusterId' | 'recipe'> {
  cluster: ClusterReference;
  /** Its name, e.g. `jupyter`. */
  recipe: string;
  signal?: AbortSignal;
}

export interface FollowLogOptions {
  /** The byte to begin at; negative: that many bytes from the end. */
  from?: number;
  signal?: AbortSignal;
}

const overStates: readonly InstanceState[] = ['ended', 'failed'];
const isOver = ({ state }: Instance): boolean => overStates.includes(state);

/** A running or ended app. */
export class App {
  readonly id: string;
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection, id: string) {
    this.#connection = connection;
    this.id = id;
  }

  /** All that is known of it now. */
  get(signal?: AbortSignal): Promise<Instance> {
    return this.#connection.repeatable('history.get', { id: this.id }, signal);
  }

  /** What is known of it, at once and at each change of its state, until it is over. */
  states({ signal }: { signal?: AbortSignal } = {}): AsyncIterable<Instance> {
    return followValue(this.#connection, {
      read: (within) => this.get(within),
      key: ({ state, steps, job }) => JSON.stringify([state, steps.map((step) => step.state), job?.state]),
      isOver,
      signal,
    });
  }

  /** Resolves when it answers. @throws the error of its launch */
  async ready(options: { signal?: AbortSignal } = {}): Promise<Instance> {
    for await (const instance of this.states(options)) {
      if (instance.state === 'ready') return instance;
      if (isOver(instance)) throw failureOf(instance);
    }
    throw new JobFailedError('job-failed', 'The app is over.');
  }

  /** Resolves when it is over, however it ended. */
  async wait(options: { signal?: AbortSignal } = {}): Promise<Instance> {
    let last: Instance | null = null;
    for await (const instance of this.states(options)) last = instance;
    return last ?? this.get(options.signal);
  }

  /** The text of its log as it grows, until it is over. */
  async *logs({ from = 0, signal }: FollowLogOptions = {}): AsyncGenerator<string> {
    const input = { id: this.id, offset: from };
    for await (const { text } of followLog(this.#connection, { input, signal })) yield text;
  }

  /** Asks it to save, then ends it. */
  async stop(): Promise<void> {
    await this.#connection.repeatable('instances.stop', { id: this.id });
  }

  /** Ends it at once; what it has not saved is lost. */
  async end(): Promise<void> {
    await this.#connection.repeatable('instances.end', { id: this.id });
  }

  /** Takes it off the list once it is over, and its directory off the cluster. */
  async remove(): Promise<void> {
    await this.#connection.request('instances.remove', { id: this.id });
  }

  /** A link that works once, within a minute, in any browser of this user. */
  async browserLink(): Promise<string> {
    return (await this.#connection.repeatable('instances.browserLink', { id: this.id })).url;
  }
}

const failureOf = ({ error, title, state }: Instance): Error =>
  error ? reviveError(error) : new JobFailedError('job-failed', `${title} is ${state}.`);

/** Apps that were started from recipes. */
export class Apps {
  readonly #connection: Connection;
  readonly #clusters: Clusters;

  /** @internal */
  constructor(connection: Connection, clusters: Clusters) {
    this.#connection = connection;
    this.#clusters = clusters;
  }

  /**
   * Starts an app once and answers at once, also across the end of an engine. With a `key` of yours a repeated call answers with the
   * app that the first one started.
   */
  async launch({ cluster, signal, ...input }: LaunchOptions): Promise<App> {
    const clusterId = await this.#clusters.idOf(cluster);
    const key = input.key ?? randomUUID();
    const { id } = await this.#connection.repeatable('instances.launch', { ...input, clusterId, key }, signal);
    return new App(this.#connection, id);
  }

  /** One that this computer knows. @throws NotFoundError */
  async get(id: string): Promise<App> {
    await this.#connection.repeatable('history.get', { id });
    return new App(this.#connection, id);
  }

  /** Those that this computer knows, live and ended, newest first. */
  async *query(filter: Omit<Requests['history.query']['input'], 'cursor'> = {}): AsyncGenerator<Instance> {
    for (let cursor: string | undefined; ; ) {
      const page = await this.#connection.repeatable('history.query', { kind: 'app', ...filter, cursor });
      yield* page.instances;
      if (page.next === null) return;
      cursor = page.next;
    }
  }
}
