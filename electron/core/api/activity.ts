import { EventEmitter } from 'node:events';

type Kind = 'clients' | 'prompters' | 'streams' | 'requests';

/** Counts who uses an engine at the moment. */
export class Activity extends EventEmitter<{ changed: [] }> {
  readonly #counts: Record<Kind, number> = { clients: 0, prompters: 0, streams: 0, requests: 0 };

  count(kind: Kind): number {
    return this.#counts[kind];
  }

  /** One more, until the returned function is called. */
  begin(kind: Kind): () => void {
    this.#counts[kind] += 1;
    this.emit('changed');
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#counts[kind] -= 1;
      this.emit('changed');
    };
  }

  get isIdle(): boolean {
    return this.#counts.clients + this.#counts.streams + this.#counts.requests === 0;
  }
}
