import type { ClientEvent } from './core-client.ts';

interface Follower {
  revision: number;
  /** What waits for a later revision. */
  waiting: Set<() => void>;
}

/** The subscriptions of one client of one engine: which revision of the state each has received. */
export class StateFollowers {
  readonly #followers = new Set<Follower>();

  /** Follows along with a subscription. `end`: it hears nothing more, and nothing waits for it. */
  add(listener: (event: ClientEvent) => void): { listener: (event: ClientEvent) => void; end: () => void } {
    const follower: Follower = { revision: Number.NEGATIVE_INFINITY, waiting: new Set() };
    this.#followers.add(follower);
    return {
      listener(event) {
        listener(event);
        if (event.name !== 'snapshot' && event.name !== 'state.changed') return;
        follower.revision = event.payload.revision;
        for (const check of follower.waiting) check();
      },
      end: () => {
        this.#followers.delete(follower);
        follower.revision = Number.POSITIVE_INFINITY;
        for (const check of follower.waiting) check();
      },
    };
  }

  /** Resolves once every subscription has received this revision, or has ended. */
  async reached(revision: number): Promise<void> {
    await Promise.all([...this.#followers].map((follower) => reachedBy(follower, revision)));
  }
}

async function reachedBy(follower: Follower, revision: number): Promise<void> {
  if (follower.revision >= revision) return;
  await new Promise<void>((resolve) => {
    const check = () => {
      if (follower.revision < revision) return;
      follower.waiting.delete(check);
      resolve();
    };
    follower.waiting.add(check);
  });
}
