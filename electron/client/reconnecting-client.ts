import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../shared/errors.ts';
import type { ClientEvent, CoreClient, SubscribeOptions } from './core-client.ts';
import type { EngineEndpoint } from './engine-address.ts';
import { NotSentError } from './not-sent.ts';
import { createSocketClient } from './socket-client.ts';

/** How long a starting engine of somebody else may take until it can be asked, ms. */
const START_LIMIT = 20_000;
const LOOK_AGAIN = 30;

export interface ReconnectingClientOptions {
  /** Where the engine is now; null: nowhere that anybody knows of. */
  findEngine: () => EngineEndpoint | null;
  /** Of this client, which an engine of another version refuses; null: it works with each that has this API. */
  version: string | null;
  /**
   * Starts an engine where none answers; resolves when it can be asked.
   * @throws AppError `engine-running` when another one was first
   */
  startEngine: () => Promise<void>;
  /** Begins in an engine that has taken the place of another one what this client relies on; its other calls wait for that. */
  prepareNextEngine?: (client: CoreClient) => Promise<void>;
}

export interface ReconnectingClient extends CoreClient {
  /** The user asks for something: an engine that was stopped may be started again. */
  allowStart(): void;
}

/**
 * A client of whichever engine the data directory has. What could not be sent, because its engine is gone, is sent to the next
 * one, which is started if need be. What was sent and not answered rejects with `engine-down`: it may have been done. Where the user stopped the engine under something
 * of this client, it starts no other one, and rejects with `engine-stopped`.
 */
export function createReconnectingClient(options: ReconnectingClientOptions): ReconnectingClient {
  const finder = new EngineFinder(options);
  return {
    request: (name, input, signal) => finder.run((client) => client.request(name, input, signal), signal),
    async openStream(name, input, signal) {
      const stream = await finder.run((client) => client.openStream(name, input, signal), signal);
      stream.closed.catch((error: unknown) => finder.noteFailure(error));
      return stream;
    },
    subscribe: (listener, subscription) =>
      finder
        .run((client) => subscribeOnce(client, listener, subscription), subscription.signal)
        .catch((error: unknown) => {
          if (!subscription.signal.aborted) throw error;
        }),
    allowStart: () => finder.allowStart(),
  };
}

/** The engine of a data directory, started where there is none. */
class EngineFinder {
  readonly #options: ReconnectingClientOptions;
  #starting: Promise<void> | null = null;
  #known: { address: EngineEndpoint; client: CoreClient; ready: Promise<void> } | null = null;
  /** Set once the user has stopped the engine under something of this client. */
  #stopped: AppError | null = null;

  constructor(options: ReconnectingClientOptions) {
    this.#options = options;
  }

  allowStart(): void {
    this.#stopped = null;
  }

  noteFailure(thrown: unknown): void {
    const error = AppError.from(thrown);
    if (error.code === 'engine-stopped') this.#stopped = error;
  }

  /** Does work with the engine there is, else with the one that is started for it. */
  async run<T>(work: (client: CoreClient) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const deadline = Date.now() + START_LIMIT;
    for (;;) {
      throwIfAborted(signal);
      const address = this.#options.findEngine();
      if (address) {
        try {
          const { client, ready } = this.#clientOf(address);
          await ready;
          return await work(client);
        } catch (error) {
          if (!(error instanceof NotSentError)) {
            this.noteFailure(error);
            throw error;
          }
        }
      }
      if (this.#stopped) throw this.#stopped;
      if (Date.now() > deadline)
        throw new AppError('engine-down', 'No engine could be reached.', {
          hint: 'See its log with: tunel engine log',
        });
      await this.#start();
      // The other engine has the lock and is about to listen, or has just ended.
      await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The same client for as long as the engine is the same: requests wait for its subscriptions. */
  #clientOf(address: EngineEndpoint): { client: CoreClient; ready: Promise<void> } {
    const known = this.#known;
    if (known?.address.token === address.token && known.address.socket === address.socket) return known;
    const client = createSocketClient(address, this.#options.version);
    const ready = (known && this.#options.prepareNextEngine?.(client)) || Promise.resolve();
    this.#known = { address, client, ready };
    this.#stopped = null;
    return this.#known;
  }

  async #start(): Promise<void> {
    this.#starting ??= this.#options.startEngine().finally(() => {
      this.#starting = null;
    });
    await this.#starting.catch((error: unknown) => {
      if (AppError.from(error).code !== 'engine-running') throw error;
    });
  }
}

/**
 * An engine that is being killed may still take a connection. A subscription changes nothing, so one that was not answered
 * can be made again. @throws NotSentError when the engine ended before its first event
 */
async function subscribeOnce(
  client: CoreClient,
  listener: (event: ClientEvent) => void,
  subscription: SubscribeOptions,
): Promise<void> {
  let isAnswered = false;
  const listen = (event: ClientEvent) => {
    isAnswered = true;
    listener(event);
  };
  try {
    await client.subscribe(listen, subscription);
  } catch (error) {
    if (isAnswered || !(error instanceof AppError) || error.code !== 'engine-down') throw error;
    throw new NotSentError(error.message, { cause: error });
  }
}
