import { EventEmitter } from 'node:events';
import { applyPatches } from '../shared/apply-patches.ts';
import type { AppError } from '../shared/errors.ts';
import { type AppState, type EngineState, emptyState, type Notice, type SystemState } from '../shared/state.ts';
import type { StateChange, StatePatch } from '../shared/state-patch.ts';
import type { EngineStatus } from './engine-link.ts';

interface Snapshot {
  revision: number;
  state: EngineState;
}

interface Events {
  /** For the page: `system` and `views` as the main process completes them. */
  changed: [change: StateChange];
  /** For the main process, after each change. */
  state: [state: EngineState];
}

/** The main process's own mirror of the engine's state, and the way of its changes to the page. */
export class StateRelay extends EventEmitter<Events> {
  #state: EngineState;
  #views: AppState['views'] = emptyState.views;
  #revision = 0;
  #status: EngineStatus = 'starting';
  #failure: AppError | null = null;

  /** `initial`: what is shown until the engine answers. */
  constructor(initial: EngineState = emptyState) {
    super();
    this.#state = initial;
  }

  get state(): EngineState {
    return this.#state;
  }

  get views(): AppState['views'] {
    return this.#views;
  }

  /** A change of the engine's state. */
  onChanges({ revision, patches }: StateChange): void {
    this.#state = applyPatches(this.#state, patches);
    this.#revision = revision;
    this.emit('changed', { revision, patches: patches.map((patch) => this.#complete(patch)) });
    this.emit('state', this.#state);
  }

  /** All that the page shows now, at once: what the engine said last, or what was kept of an earlier run. */
  snapshot(): Snapshot {
    return this.complete({ revision: this.#revision, state: this.#state });
  }

  /** A whole answer of the engine with `system` as the main process completes it. */
  complete({ revision, state }: Snapshot): Snapshot {
    return { revision, state: { ...state, system: overlaySystem(state.system, this.#status, this.#failure) } };
  }

  /** The whole state of an engine that was just met; it counts revisions from its own start. */
  onSnapshot({ revision, state }: Snapshot): void {
    this.#state = state;
    this.#revision = revision;
    this.emit('changed', { revision, patches: [{ op: 'replace', slices: this.snapshot().state }] });
    this.emit('state', this.#state);
  }

  onStatus(status: EngineStatus, failure: AppError | null): void {
    this.#status = status;
    this.#failure = failure;
    this.emit('changed', {
      revision: this.#revision,
      patches: [{ op: 'replace', slices: { system: this.#system() } }],
    });
  }

  setViews(views: AppState['views']): void {
    this.#views = views;
    this.emit('changed', { revision: this.#revision, patches: [{ op: 'replace', slices: { views } }] });
  }

  #complete(patch: StatePatch): StatePatch {
    if (patch.op !== 'replace' || !patch.slices.system) return patch;
    return { ...patch, slices: { ...patch.slices, system: this.#system() } };
  }

  #system(): SystemState {
    return overlaySystem(this.#state.system, this.#status, this.#failure);
  }
}

/** The engine cannot report its own end: the main process says it in its place. */
export function overlaySystem(system: SystemState, status: EngineStatus, failure: AppError | null): SystemState {
  if (status !== 'down') return { ...system, engine: status };
  return { ...system, engine: 'restarting', notices: [...system.notices, downNotice(failure)] };
}

function downNotice(failure: AppError | null): Notice {
  if (failure?.code === 'engine-stopped') {
    return {
      id: 'engine-down',
      code: 'engine-stopped',
      kind: 'warning',
      title: failure.message,
      text: failure.hint ?? '',
      values: {},
    };
  }
  return {
    id: 'engine-down',
    code: 'engine-down',
    kind: 'warning',
    title: 'The engine keeps stopping',
    text: `${failure?.message ?? ''} Running apps on clusters are not touched. Restart Tunel.`.trim(),
    values: { reason: failure?.message ?? '' },
  };
}
