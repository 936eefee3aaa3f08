import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { ClientEvent, CoreClient } from '../electron/client/core-client.ts';
import { applyPatches } from '../electron/shared/apply-patches.ts';
import { AppError } from '../electron/shared/errors.ts';
import type { EngineState } from '../electron/shared/state.ts';
import { repeatOnNextEngine } from './repeat-on-next-engine.ts';

/** Subscriptions in a row that end before the engine has sent its state. */
const MOST_UNANSWERED = 5;
/** Between two of them. */
const RETRY_MS = 100;

export interface StateFollowerOptions {
  /** Questions of a sign-in are shown to a person here. */
  answersPrompts: boolean;
  /** Runs when another engine has taken the place of the first one. */
  onNextEngine: () => Promise<void>;
}

/** Keeps a copy of the engine's state up to date, also across the end of an engine and the start of the next. */
export class StateFollower {
  readonly #client: CoreClient;
  readonly #options: StateFollowerOptions;
  readonly #life = new AbortController();
  /** Each wait of a command listens. */
  readonly #emitter = new EventEmitter<{ changed: [] }>().setMaxListeners(0);
  #current: { revision: number; state: EngineState } | null = null;
  #isCurrent = false;
  #failure: AppError | null = null;

  constructor(client: CoreClient, options: StateFollowerOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Resolves with the first state. @throws AppError of the subscription */
  async start(): Promise<void> {
    const first = new Promise<void>((resolve, reject) => {
      const stop = this.onChange(() => {
        stop();
        if (this.#failure) reject(this.#failure);
        else resolve();
      });
    });
    void this.#follow();
    await first;
  }

  get state(): EngineState {
    if (this.#current) return this.#current.state;
    throw new AppError('internal', 'The state is asked for before it was read.');
  }

  /** False between the end of an engine and the first state of the next. */
  get isCurrent(): boolean {
    return this.#isCurrent;
  }

  /** Why the state is followed no more; null: it is. */
  get failure(): AppError | null {
    return this.#failure;
  }

  /** Calls the listener after each change and when the state can be followed no more. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  /** Reads the state as it is now: an event of a request's effect may come after the request's answer. */
  async refresh(): Promise<void> {
    const { revision, state } = await this.#client.request('app.state', undefined, this.#life.signal);
    if (this.#current && this.#current.revision > revision) return;
    this.#current = { revision, state };
    this.#notify();
  }

  close(): void {
    this.#life.abort(new AppError('cancelled', 'The state is not followed any more.'));
    this.#emitter.removeAllListeners();
  }

  async #follow(): Promise<void> {
    const { answersPrompts } = this.#options;
    const { signal } = this.#life;
    let unanswered = 0;
    while (!signal.aborted) {
      try {
        await this.#client.subscribe(
          (event) => {
            unanswered = 0;
            this.#receive(event);
          },
          { answersPrompts, signal },
        );
        return;
      } catch (thrown) {
        const error = AppError.from(thrown);
        this.#isCurrent = false;
        if (signal.aborted) return;
        unanswered += 1;
        // One that dies still takes connections for a moment; engines that end one after the other would only go on so.
        const isPassing = error.code === 'engine-down' || error.code === 'client-too-slow';
        if (!isPassing || unanswered > MOST_UNANSWERED) return this.#fail(error);
        if (unanswered > 1) await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #receive(event: ClientEvent): void {
    if (event.name === 'snapshot') {
      const isNext = this.#current !== null;
      this.#isCurrent = true;
      this.#current = event.payload;
      if (isNext) void this.#onNextEngine();
    } else if (event.name === 'state.changed') {
      const { revision, patches } = event.payload;
      if (!this.#current || revision <= this.#current.revision) return;
      this.#current = { revision, state: applyPatches(this.#current.state, patches) };
    } else return;
    this.#notify();
  }

  async #onNextEngine(): Promise<void> {
    try {
      await repeatOnNextEngine(this.#options.onNextEngine, this.#life.signal);
    } catch (error) {
      if (!this.#life.signal.aborted) this.#fail(AppError.from(error));
    }
  }

  #fail(error: AppError): void {
    this.#failure ??= error;
    this.#life.abort(error);
    this.#notify();
  }

  #notify(): void {
    this.#emitter.emit('changed');
  }
}
