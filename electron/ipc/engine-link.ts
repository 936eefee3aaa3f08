import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ByteStream } from '../client/byte-stream.ts';
import type { ClientEvent } from '../client/core-client.ts';
import { findLiveEngine } from '../client/engine-address.ts';
import { createReconnectingClient, type ReconnectingClient } from '../client/reconnecting-client.ts';
import type {
  EngineRequestName,
  RequestInput,
  RequestOutput,
  StreamClosed,
  StreamInput,
  StreamName,
  StreamOpened,
} from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import type { EngineProcess } from './engine-process.ts';

/** `down`: it ended too often, or the user stopped it; the next request that the user makes starts it again. */
export type EngineStatus = 'starting' | 'running' | 'restarting' | 'down';

interface Events {
  status: [status: EngineStatus, failure: AppError | null];
  event: [event: ClientEvent];
}

interface EngineLinkDeps {
  data: string;
  version: string;
  /** Started where no other process is the engine. */
  process: EngineProcess;
  /** An engine of another version is in use: whether to end it and start ours. */
  mayReplace(other: { version: string; liveInstances: number }): Promise<boolean>;
}

/** What the app does once for each engine that it meets. */
const resuming = ['demo.start', 'clusters.connectAtStart', 'instances.resume'] as const;
const LOOK_AGAIN = 200;

/** The app as a client of the engine, whichever process that is: follows it, and the next one when it ends. */
export class EngineLink extends EventEmitter<Events> {
  readonly #deps: EngineLinkDeps;
  readonly #client: ReconnectingClient;
  readonly #life = new AbortController();
  #status: EngineStatus = 'starting';
  #wake: (() => void) | null = null;

  constructor(deps: EngineLinkDeps) {
    super();
    this.#deps = deps;
    const { data, version, process } = deps;
    this.#client = createReconnectingClient({
      findEngine: () => findLiveEngine(data),
      version,
      startEngine: () => process.start(),
    });
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** @throws AppError of the engine, or `engine-down` when it ends before it answers */
  request<N extends EngineRequestName>(
    name: N,
    input: RequestInput<N>,
    signal?: AbortSignal,
  ): Promise<RequestOutput<N>> {
    this.#allowStart();
    return this.#client.request(name, input, this.#whileAlive(signal));
  }

  /** @throws AppError as `request` */
  openStream<N extends StreamName>(
    name: N,
    input: StreamInput<N>,
    signal?: AbortSignal,
  ): Promise<ByteStream<StreamOpened<N>, StreamClosed<N>>> {
    this.#allowStart();
    return this.#client.openStream(name, input, this.#whileAlive(signal));
  }

  /** Follows engines until `dispose`. */
  async follow(): Promise<void> {
    const { signal } = this.#life;
    while (!signal.aborted) {
      try {
        await this.#client.subscribe((event) => this.#onEvent(event), { answersPrompts: true, signal });
      } catch (error) {
        await this.#onEnd(AppError.from(error));
      }
    }
  }

  /** Lets go of the engine; one in this app's own process ends within `limit` ms. */
  async dispose(limit: number): Promise<void> {
    this.#life.abort(new AppError('cancelled', 'Tunel is closing.'));
    this.#wake?.();
    await this.#deps.process.dispose(limit);
  }

  /** An engine that is down is started again for what the user asks. */
  #allowStart(): void {
    if (this.#status !== 'down') return;
    this.#deps.process.allowStart();
    this.#client.allowStart();
    this.#set('restarting', this.#deps.process.failure);
    this.#wake?.();
  }

  #whileAlive(signal?: AbortSignal): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#life.signal]) : this.#life.signal;
  }

  #onEvent(event: ClientEvent): void {
    if (event.name === 'snapshot') {
      this.#set('running', null);
      void this.#resume();
    }
    this.emit('event', event);
  }

  /** One after the other: the demo cluster is saved before the clusters are connected. */
  async #resume(): Promise<void> {
    for (const name of resuming) {
      // A cluster that cannot be reached, or no demo cluster, shows in the state.
      await this.#client.request(name, undefined, this.#life.signal).catch(() => undefined);
    }
  }

  async #onEnd(failure: AppError): Promise<void> {
    if (this.#life.signal.aborted) return;
    if (failure.code === 'version-mismatch' && (await this.#replace())) return;
    const { process } = this.#deps;
    const isStopped = failure.code === 'engine-stopped';
    if (!isStopped && !process.hasGivenUp) {
      this.#set('restarting', failure);
      await sleep(LOOK_AGAIN);
      return;
    }
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#set('down', isStopped ? failure : (process.failure ?? failure));
    await woken;
  }

  /** Ends an engine of another version, at once when nothing is live in it, else when the user agrees. */
  async #replace(): Promise<boolean> {
    const { version, liveInstances, connections, streams } = await this.#client.request('engine.status', undefined);
    const isLive = connections.length + streams > 0;
    if (isLive && !(await this.#deps.mayReplace({ version, liveInstances }))) return false;
    await this.#client.request('engine.stop', { force: true });
    return true;
  }

  #set(status: EngineStatus, failure: AppError | null): void {
    this.#status = status;
    this.emit('status', status, failure);
  }
}
