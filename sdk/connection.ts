import type { ClientEvent, CoreClient } from '../electron/client/core-client.ts';
import { createReconnectingClient } from '../electron/client/reconnecting-client.ts';
import { AppError } from '../electron/shared/errors.ts';
import { asTunelError } from './error-conversion.ts';
import type { EngineSearch } from './find-engine.ts';
import { repeatOnNextEngine } from './repeat.ts';
import type { ByteStream, Requests, Streams } from './types.ts';

/** The cluster that the engine itself runs on this computer. */
export const demoClusterId = 'demo';

/** One program's use of an engine, and of the engines that take its place. */
export class Connection {
  readonly #client: CoreClient;
  readonly #life = new AbortController();
  #usesDemo = false;

  constructor({ findEngine, startEngine }: EngineSearch) {
    this.#client = createReconnectingClient({
      findEngine,
      startEngine,
      version: null,
      prepareNextEngine: (client) => this.#prepare(client),
    });
  }

  /** Fires when the program closes the connection. */
  get closed(): AbortSignal {
    return this.#life.signal;
  }

  close(): void {
    this.#life.abort(new AppError('cancelled', 'The connection was closed.'));
  }

  /** @throws TunelError */
  async request<N extends keyof Requests>(
    name: N,
    input: Requests[N]['input'],
    signal?: AbortSignal,
  ): Promise<Requests[N]['output']> {
    try {
      return await this.#client.request(name, input, this.#within(signal));
    } catch (error) {
      throw asTunelError(error);
    }
  }

  /** A request that may be made twice, and is made again where its engine ended before it answered. */
  repeatable<N extends keyof Requests>(
    name: N,
    input: Requests[N]['input'],
    signal?: AbortSignal,
  ): Promise<Requests[N]['output']> {
    return repeatOnNextEngine(() => this.request(name, input, signal), this.#within(signal));
  }

  /** @throws TunelError before anything was opened */
  async openStream<N extends keyof Streams>(
    name: N,
    input: Streams[N]['input'],
    signal?: AbortSignal,
  ): Promise<ByteStream<Streams[N]['opened'], Streams[N]['closed']>> {
    try {
      const within = this.#within(signal);
      const stream = await this.#client.openStream(name, input, within);
      const abort = () => stream.data.destroy();
      within.addEventListener('abort', abort, { once: true });
      const closed = stream.closed
        .finally(() => within.removeEventListener('abort', abort))
        .catch((error: unknown) => {
          throw asTunelError(within.aborted ? within.reason : error);
        });
      closed.catch(() => undefined);
      return { ...stream, closed, control: (message) => stream.control(message) };
    } catch (error) {
      throw asTunelError(error);
    }
  }

  /** Calls the listener with the state and each event of one engine; ends with that engine. @throws TunelError */
  async subscribe(
    listener: (event: ClientEvent) => void,
    { signal, answersPrompts = false }: { signal?: AbortSignal; answersPrompts?: boolean } = {},
  ): Promise<void> {
    try {
      await this.#client.subscribe(listener, { answersPrompts, signal: this.#within(signal) });
    } catch (error) {
      throw asTunelError(error);
    }
  }

  /** The demo cluster is a process beside the engine, started for those who use it. */
  async startDemo(signal?: AbortSignal): Promise<void> {
    await this.repeatable('demo.start', undefined, signal);
    this.#usesDemo = true;
  }

  #within(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closed]) : this.closed;
  }

  /** The next engine watches running apps again, and runs the demo cluster, only when somebody asks it to. */
  async #prepare(client: CoreClient): Promise<void> {
    // A token may not ask for this. Every other failure is met again by what is asked next.
    const ignore = () => undefined;
    if (this.#usesDemo) await client.request('demo.start', undefined, this.closed).catch(ignore);
    // It answers when the clusters are connected, which not every call needs.
    void client.request('instances.resume', undefined, this.closed).catch(ignore);
  }
}
