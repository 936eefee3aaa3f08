import { EventEmitter } from 'node:events';
import type { EngineState } from '../shared/state.ts';
import { diffState, type StateChange } from '../shared/state-patch.ts';

/** Changes are collected for this time, so that listeners hear of them at most ten times a second. */
const flushInterval = 100;

/** The engine's state. Listeners receive each new revision as patches of single entities. */
export class StateStore {
  #state: EngineState;
  #published: EngineState;
  #revision = 0;
  #timer: NodeJS.Timeout | null = null;
  #isDelivering = false;
  readonly #undelivered: StateChange[] = [];
  /** Each client listens. */
  readonly #emitter = new EventEmitter<{ changed: [change: StateChange] }>().setMaxListeners(0);

  constructor(initial: EngineState) {
    this.#state = initial;
    this.#published = initial;
  }

  get state(): EngineState {
    return this.#state;
  }

  set(changes: Partial<EngineState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#timer ??= setTimeout(() => this.#flush(), flushInterval);
  }

  /** The state with the revision that the next change follows. Collected changes are sent first. */
  snapshot(): { revision: number; state: EngineState } {
    this.#flush();
    return { revision: this.#revision, state: this.#state };
  }

  onChange(listener: (change: StateChange) => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#emitter.removeAllListeners();
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#published === this.#state) return;
    const patches = diffState(this.#published, this.#state);
    this.#published = this.#state;
    if (patches.length === 0) return;
    this.#revision += 1;
    this.#undelivered.push({ revision: this.#revision, patches });
    this.#deliver();
  }

  /** A listener may take a snapshot, which flushes: every listener still gets the revisions in order. */
  #deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let change = this.#undelivered.shift(); change; change = this.#undelivered.shift()) {
        this.#emitter.emit('changed', change);
      }
    } finally {
      this.#isDelivering = false;
    }
  }
}
