import type { EngineState } from '../../shared/state.ts';
import type { Transition } from '../../shared/transitions.ts';
import type { Clock } from '../deps.ts';
import type { Storage } from '../storage/types.ts';
import { lastMinutesFrom, type TransitionDraft, tenMinutesLeft, transitionsBetween } from './transitions.ts';

type Watched = Pick<EngineState, 'instances' | 'clusters' | 'prompts'>;

interface TransitionLogDeps {
  storage: Pick<Storage, 'addTransition' | 'transitions'>;
  clock: Clock;
  state: () => Watched;
  /** Hears of each transition once. */
  publish: (transition: Transition) => void;
  /** A transition that could not be saved is published all the same. */
  onSaveFailed: (error: unknown) => void;
}

/** Finds transitions in the changes of the state, keeps them in the history and publishes them. */
export class TransitionLog {
  readonly #deps: TransitionLogDeps;
  readonly #life = new AbortController();
  /** Instances whose last ten minutes were announced. */
  readonly #announced: Set<string>;
  #before: Watched;
  #nextId: number;
  #timer: AbortController | null = null;

  constructor(deps: TransitionLogDeps) {
    this.#deps = deps;
    this.#before = deps.state();
    const [newest] = deps.storage.transitions({ limit: 1 });
    this.#nextId = (newest?.id ?? 0) + 1;
    const kept = deps.storage.transitions({ limit: 500 });
    this.#announced = new Set(kept.filter(({ kind }) => kind === 'ten-minutes-left').map(keyOf));
  }

  /** Call after each change of the state. */
  onChange(): void {
    const after = this.#deps.state();
    const now = this.#deps.clock.now();
    const drafts = transitionsBetween(this.#before, after, now);
    this.#before = after;
    for (const draft of drafts) this.#add(draft);
    this.#checkTimeLimits();
  }

  dispose(): void {
    this.#life.abort();
  }

  #add(draft: TransitionDraft): void {
    const transition = { ...draft, id: this.#nextId };
    this.#nextId += 1;
    try {
      this.#deps.storage.addTransition(transition);
    } catch (error) {
      this.#deps.onSaveFailed(error);
    }
    this.#deps.publish(transition);
  }

  #checkTimeLimits(): void {
    const now = this.#deps.clock.now();
    let next: number | null = null;
    for (const instance of this.#before.instances) {
      const from = lastMinutesFrom(instance);
      if (from === null) continue;
      const draft = tenMinutesLeft(instance, now);
      if (this.#announced.has(keyOf(draft))) continue;
      if (from <= now) {
        this.#announced.add(keyOf(draft));
        this.#add(draft);
      } else next = Math.min(next ?? from, from);
    }
    this.#checkAgainAt(next, now);
  }

  #checkAgainAt(time: number | null, now: number): void {
    this.#timer?.abort();
    this.#timer = null;
    if (time === null || this.#life.signal.aborted) return;
    const timer = new AbortController();
    this.#timer = timer;
    // Timers count to 2^31 ms, and a computer sleeps: a long wait is cut into hours.
    const wait = Math.min(time - now, 3_600_000);
    this.#deps.clock.sleep(wait, AbortSignal.any([timer.signal, this.#life.signal])).then(
      () => this.#checkTimeLimits(),
      () => undefined,
    );
  }
}

/** A job whose limit was changed has new last minutes. */
const keyOf = ({ instanceId, values }: TransitionDraft): string => `${instanceId} ${values.endsAt}`;
