import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Caller } from '../../shared/tokens.ts';

/** How many a caller may have open at once: all of the user's own clients together, and each token. */
interface Limits {
  owner: number;
  token: number;
}

/** What one caller leaves open takes nothing from the others. */
export class OpenLimit {
  readonly #limits: Limits;
  readonly #counts = new Map<string, number>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** One more, until the returned function is called. @throws AppError `too-many-open` */
  begin(caller: Caller): () => void {
    const key = caller.kind === 'token' ? caller.token.id : '';
    const count = this.#counts.get(key) ?? 0;
    const limit = this.#limits[caller.kind];
    if (count >= limit) {
      throw new AppError('too-many-open', message`This client has ${{ limit }} open already.`, {
        hint: 'Close those that are not read any more.',
      });
    }
    this.#counts.set(key, count + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }
}

/** Subscriptions to events, and streams. A client needs one subscription, and a stream for each transfer or connection. */
export const openLimits = (): { events: OpenLimit; streams: OpenLimit } => ({
  events: new OpenLimit({ owner: 1000, token: 100 }),
  streams: new OpenLimit({ owner: 4000, token: 500 }),
});
