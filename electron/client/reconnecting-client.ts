import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../shared/errors.ts';
import type { ClientEvent, CoreClient, SubscribeOptions } from './core-client.ts';
import { type EngineAddress, readEngineAddress } from './engine-address.ts';
import { NotSentError } from './not-sent.ts';
import { createSocketClient } from './socket-client.ts';

/** How long a starting engine of somebody else may take until it can be asked, ms. */
const START_LIMIT = 20_000;
const LOOK_AGAIN = 30;

export interface ReconnectingClientOptions {
  data: string;
  version: string;
  /**
   * Starts an engine where none answers; resolves when it can be asked.
   * @throws AppError `engine-running` when another one was first
   */
  startEngine: () => Promise<void>;
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
  let stopped: AppError | null = null;
  const noteStop = (thrown: unknown): void => {
    const error = AppError.from(thrown);
    if (error.code === 'engine-stopped') stopped = error;
  };

  let starting: Promise<void> | null = null;
  const start = (): Promise<void> => {
    starting ??= options.startEngine().finally(() => {
      starting = null;
    });
    return starting;
  };

  let known: { address: EngineAddress; client: CoreClient } | null = null;
  /** The same client for as long as the engine is the same: requests wait for its subscriptions. */
  const clientOf = (address: EngineAddress): CoreClient => {
    if (known?.address.token !== address.token || known.address.socket !== address.socket) {
      known = { address, client: createSocketClient(address, options.version) };
      stopped = null;
    }
    return known.client;
  };

  /** Does work with the engine there is, else with the one that is started for it. */
  async function withEngine<T>(work: (client: CoreClient) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const deadline = Date.now() + START_LIMIT;
    for (;;) {
      throwIfAborted(signal);
      const address = readEngineAddress(options.data);
      if (address && isAlive(address)) {
        try {
          return await work(clientOf(address));
        } catch (error) {
          if (!(error instanceof NotSentError)) {
            noteStop(error);
            throw error;
          }
        }
      }
      if (stopped) throw stopped;
      if (Date.now() > deadline)
        throw new AppError('engine-down', 'No engine could be reached.', {
          hint: 'See its log with: tunel engine log',
        });
      await start().catch((error: unknown) => {
        if (AppError.from(error).code !== 'engine-running') throw error;
      });
      // The other engine has the lock and is about to listen, or has just ended.
      await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    request: (name, input, signal) => withEngine((client) => client.request(name, input, signal), signal),
    async openStream(name, input, signal) {
      const stream = await withEngine((client) => client.openStream(name, input, signal), signal);
      stream.closed.catch(noteStop);
      return stream;
    },
    subscribe: (listener, subscription) =>
      withEngine((client) => subscribeOnce(client, listener, subscription), subscription.signal).catch(
        (error: unknown) => {
          if (!subscription.signal.aborted) throw error;
        },
      ),
    allowStart() {
      stopped = null;
    },
  };
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

/** A process of that number exists; whether it is the engine shows when it is asked. */
function isAlive({ pid }: EngineAddress): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
