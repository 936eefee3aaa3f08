import type { EngineState, Slice } from '../shared/state.ts';

export type Changes = Partial<EngineState>;
export interface ChangeEvent {
  revision: number;
  changes: Changes;
}

/** Changed slices go out together, at most ten times a second. */
const flushInterval = 100;

/** The engine's truth: whole slices are replaced, and listeners get the changed ones with the next revision. */
export class StateStore {
  #state: EngineState;
  #revision = 0;
  #pending = new Set<Exclude<Slice, 'views'>>();
  #timer: NodeJS.Timeout | null = null;
  readonly #listeners = new Set<(event: ChangeEvent) => void>();

  constructor(initial: EngineState) {
    this.#state = initial;
  }

  get state(): EngineState {
    return this.#state;
  }

  set(changes: Changes): void {
    this.#state = { ...this.#state, ...changes };
    for (const slice of slicesOf(changes)) this.#pending.add(slice);
    this.#timer ??= setTimeout(() => this.#flush(), flushInterval);
  }

  /** The state with the revision that the next change event follows. What is pending goes out first. */
  snapshot(): { revision: number; state: EngineState } {
    this.#flush();
    return { revision: this.#revision, state: this.#state };
  }

  onChange(listener: (event: ChangeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.size === 0) return;
    const changes: Changes = Object.fromEntries([...this.#pending].map((slice) => [slice, this.#state[slice]]));
    this.#pending.clear();
    this.#revision += 1;
    for (const listener of this.#listeners) listener({ revision: this.#revision, changes });
  }
}

function slicesOf(changes: Changes): Exclude<Slice, 'views'>[] {
  return Object.keys(changes).filter((key): key is Exclude<Slice, 'views'> => key !== 'views');
}
