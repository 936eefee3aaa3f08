import type { Duplex } from 'node:stream';
import type { Clock } from '../deps.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { AHEAD, channelsAhead, recentUses } from './ahead-policy.ts';

interface Entry {
  openedAt: number;
  state: 'waiting' | 'taken' | 'dropped';
  /** Null: it could not be opened. */
  channel: Promise<Duplex | null>;
}

/**
 * Channels to one endpoint, some of them opened before they are asked for: opening one costs a round trip. The endpoint sees
 * each as a connection that says nothing yet, as browsers make them too. They are used in the order in which they were opened,
 * so that a server which serves one connection at a time meets the bytes first on the one that it waits for.
 */
export class OpenedAhead {
  readonly #open: (signal?: AbortSignal) => Promise<Duplex>;
  readonly #clock: Clock;
  readonly #life = new AbortController();
  #entries: Entry[] = [];
  #uses: number[] = [];
  /** The endpoint speaks first (ssh, VNC, MySQL): a connection without a user would count as a failed sign-in there. */
  #speaksFirst = false;
  /** A channel could not be opened: none is opened ahead before this time. */
  #pausedUntil = 0;
  #isTending = false;

  constructor(open: (signal?: AbortSignal) => Promise<Duplex>, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  async take(signal?: AbortSignal): Promise<Duplex> {
    const now = this.#clock.now();
    this.#uses = [...recentUses(this.#uses, now), now];
    const entry = this.#entries.shift();
    if (entry) entry.state = 'taken';
    const given = entry ? this.#takeFrom(entry, signal) : this.#open(signal);
    this.#refill();
    return (await given) ?? this.#open(signal);
  }

  close(): void {
    this.#life.abort();
    this.#dropAll();
  }

  async #takeFrom(entry: Entry, signal: AbortSignal | undefined): Promise<Duplex | null> {
    try {
      return await unlessAborted(entry.channel, signal);
    } catch (error) {
      void entry.channel.then((channel) => channel?.destroy());
      throw error;
    }
  }

  #refill(): void {
    const now = this.#clock.now();
    if (this.#speaksFirst || now < this.#pausedUntil || this.#life.signal.aborted) return;
    const wanted = channelsAhead(recentUses(this.#uses, now).length);
    while (this.#entries.length < wanted) this.#openAhead(now);
    if (this.#entries.length > 0) void this.#tend();
  }

  #openAhead(openedAt: number): void {
    const entry: Entry = { openedAt, state: 'waiting', channel: Promise.resolve(null) };
    this.#entries.push(entry);
    entry.channel = this.#open(this.#life.signal).then(
      (channel) => this.#watch(entry, channel),
      () => {
        // Whoever asks next learns why from an attempt of its own.
        this.#drop(entry);
        this.#pausedUntil = this.#clock.now() + AHEAD.idleMs;
        return null;
      },
    );
  }

  /** The channel as long as it waits; null once it is of no use. */
  #watch(entry: Entry, channel: Duplex): Duplex | null {
    channel.on('error', () => this.#drop(entry));
    channel.once('close', () => this.#drop(entry));
    if (entry.state === 'taken') return channel;
    if (entry.state === 'dropped') {
      channel.destroy();
      return null;
    }
    channel.once('readable', () => {
      if (entry.state !== 'waiting') return;
      if (channel.readableLength === 0) this.#drop(entry);
      else {
        this.#speaksFirst = true;
        this.#dropAll();
      }
    });
    return channel;
  }

  #drop(entry: Entry): void {
    if (entry.state !== 'waiting') return;
    entry.state = 'dropped';
    this.#entries = this.#entries.filter((other) => other !== entry);
    void entry.channel.then((channel) => channel?.destroy());
  }

  #dropAll(): void {
    for (const entry of [...this.#entries]) this.#drop(entry);
  }

  /** Closes channels that nobody came for. */
  async #tend(): Promise<void> {
    if (this.#isTending) return;
    this.#isTending = true;
    try {
      for (let next = this.#entries[0]; next; next = this.#entries[0]) {
        const now = this.#clock.now();
        const left = next.openedAt + AHEAD.idleMs - now;
        if (left <= 0) this.#drop(next);
        else await this.#clock.sleep(left, this.#life.signal);
      }
    } catch (error) {
      if (!this.#life.signal.aborted) throw error;
    } finally {
      this.#isTending = false;
    }
  }
}
