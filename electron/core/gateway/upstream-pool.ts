import { setMaxListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../deps.ts';
import { mayHoldLong, mayOpenMore, POOL, staleForSending } from './pool-policy.ts';

/** One byte stream to the app's HTTP server. */
export interface Channel {
  readonly stream: Duplex;
  /** Requests it has carried before this one. */
  readonly reused: boolean;
}

interface Entry {
  stream: Duplex;
  reused: boolean;
  /** When it was taken or put back, ms. */
  since: number;
  /** Carries an event stream or a WebSocket. */
  isLong: boolean;
}

interface Waiter {
  isLong: boolean;
  give(entry: Entry): void;
  fail(error: unknown): void;
}

/**
 * Channels to one app, kept open between requests. A request takes whichever comes first: a channel that another request
 * is done with, or a new one. `connect` opens a channel; its signal fires on dispose.
 */
export class UpstreamPool {
  #idle: Entry[] = [];
  readonly #busy = new Set<Entry>();
  readonly #entries = new WeakMap<Duplex, Entry>();
  #waiters: Waiter[] = [];
  #opening = 0;
  /** The app keeps connections open, so idle ones cost it nothing. */
  #keepsAlive = false;
  /** The far side refused to open more than `working`: so many it shall be for a while. */
  #refusal: { at: number; working: number } | null = null;
  /** Kept channels that died, one after the other, when a request was sent on them. */
  #unanswered = 0;
  /** Until then each channel carries one request only. */
  #singleUseUntil = Number.NEGATIVE_INFINITY;
  #lastUse = Number.NEGATIVE_INFINITY;
  #tending = false;
  readonly #disposal = new AbortController();

  constructor(
    private readonly connect: (signal: AbortSignal) => Promise<Duplex>,
    private readonly clock: Clock,
  ) {
    // One listener for each channel that is opening.
    setMaxListeners(0, this.#disposal.signal);
  }

  get size(): number {
    return this.#idle.length + this.#busy.size + this.#opening;
  }

  /**
   * `sending`: the request cannot be repeated, so a channel the app may be closing just now will not do. `long`: the request
   * lasts until somebody leaves, so nobody else may have to wait for its channel.
   */
  async acquire(signal: AbortSignal, sending: boolean, kind: 'brief' | 'long' = 'brief'): Promise<Channel> {
    signal.throwIfAborted();
    if (this.#disposal.signal.aborted) throw new AppError('cancelled', 'The app was closed.');
    this.#lastUse = this.clock.now();
    const isLong = kind === 'long' && mayHoldLong(this.size);
    const entry = this.#takeIdle(sending);
    if (entry) {
      const channel = this.#lend(entry, isLong);
      this.#spare();
      return channel;
    }
    if (sending && !this.#mayOpen()) this.#idle.shift()?.stream.destroy();
    return await new Promise<Channel>((resolve, reject) => {
      const leave = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(signal.reason);
      };
      const settle = (): void => signal.removeEventListener('abort', leave);
      const waiter: Waiter = {
        isLong,
        give: (given) => {
          settle();
          resolve(this.#lend(given, isLong));
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      this.#pump();
      this.#tend();
    });
  }

  /** The answer turned out to be an event stream: the channel no longer counts against the limit. */
  markLong(channel: Channel): void {
    const entry = this.#entries.get(channel.stream);
    if (!entry || !mayHoldLong(this.size)) return;
    entry.isLong = true;
    this.#pump();
  }

  /** The channel speaks HTTP no more: it belongs to the caller and does not count. */
  detach(channel: Channel): void {
    const entry = this.#entries.get(channel.stream);
    if (!entry) return;
    this.#busy.delete(entry);
    this.#pump();
  }

  /** Done with one request. Without `reusable` the channel is closed. */
  release(channel: Channel, reusable: boolean): void {
    const entry = this.#entries.get(channel.stream);
    if (!entry || !this.#busy.delete(entry)) return;
    if (reusable && entry.reused) this.#unanswered = 0;
    const keeps = reusable && this.clock.now() >= this.#singleUseUntil;
    const usable = keeps && !entry.stream.destroyed && entry.stream.writable && entry.stream.readable;
    if (!usable || this.#disposal.signal.aborted) {
      entry.stream.destroy();
      this.#pump();
      return;
    }
    this.#keepsAlive = true;
    entry.reused = true;
    this.#put(entry);
    this.#pump();
  }

  /** A kept channel died at its next request, before an answer. */
  reportUnanswered(): void {
    this.#unanswered += 1;
    if (this.#unanswered < POOL.mostUnanswered) return;
    this.#singleUseUntil = this.clock.now() + POOL.singleUse;
    this.#keepsAlive = false;
    for (const entry of this.#idle.splice(0)) entry.stream.destroy();
  }

  /** Closes what is idle, for instance because the route to the app has changed; what is in use ends by itself. */
  clearIdle(): void {
    for (const entry of this.#idle.splice(0)) entry.stream.destroy();
    this.#refusal = null;
    this.#unanswered = 0;
    this.#singleUseUntil = Number.NEGATIVE_INFINITY;
  }

  dispose(): void {
    this.#disposal.abort();
    this.clearIdle();
    for (const entry of this.#busy) entry.stream.destroy();
    this.#busy.clear();
    for (const waiter of this.#waiters.splice(0)) waiter.fail(new AppError('cancelled', 'The app was closed.'));
  }

  /** The youngest: the least likely to be closed by the app in this moment. */
  #takeIdle(sending: boolean): Entry | undefined {
    for (;;) {
      const entry = this.#idle.at(-1);
      if (!entry || (sending && staleForSending(this.clock.now() - entry.since))) return undefined;
      this.#idle.pop();
      if (!entry.stream.destroyed && entry.stream.readable && entry.stream.writable) return entry;
      entry.stream.destroy();
    }
  }

  #lend(entry: Entry, isLong: boolean): Channel {
    entry.since = this.clock.now();
    entry.isLong = isLong;
    entry.stream.removeListener('data', destroyOnData);
    this.#busy.add(entry);
    return { stream: entry.stream, reused: entry.reused };
  }

  #put(entry: Entry): void {
    const waiter = this.#waiters.shift();
    if (waiter) {
      waiter.give(entry);
      return;
    }
    entry.since = this.clock.now();
    this.#idle.push(entry);
    // Bytes nobody asked for would be taken for the next answer.
    entry.stream.on('data', destroyOnData);
    entry.stream.resume();
    this.#tend();
  }

  #mayOpen(): boolean {
    const now = this.clock.now();
    let brief = this.#idle.length + this.#opening;
    for (const entry of this.#busy) if (!entry.isLong && now - entry.since < POOL.longRunning) brief += 1;
    return mayOpenMore({
      brief,
      longWaiting: this.#waiters.filter(({ isLong }) => isLong).length,
      total: this.size,
      keepsAlive: this.#keepsAlive,
      refusedAbove: this.#refusal && now - this.#refusal.at < POOL.refusalMemory ? this.#refusal.working : null,
    });
  }

  #pump(): void {
    while (this.#opening < this.#waiters.length && this.#mayOpen()) this.#open();
  }

  /** One ready ahead, only for an app that keeps connections: a one-threaded app would hang on an idle one. */
  #spare(): void {
    const active = this.clock.now() - this.#lastUse < POOL.active;
    if (this.#keepsAlive && active && this.#idle.length + this.#opening === 0 && this.#mayOpen()) this.#open();
  }

  #open(): void {
    this.#opening += 1;
    const signal = this.#disposal.signal;
    this.connect(signal).then(
      (stream) => {
        this.#opening -= 1;
        // Nobody else listens to a channel that breaks while idle.
        stream.on('error', () => stream.destroy());
        if (signal.aborted) {
          stream.destroy();
          return;
        }
        const entry: Entry = { stream, reused: false, since: this.clock.now(), isLong: false };
        this.#entries.set(stream, entry);
        stream.once('end', () => {
          if (this.#idle.includes(entry)) stream.destroy();
        });
        stream.once('close', () => this.#forget(entry));
        this.#put(entry);
      },
      (error: unknown) => {
        this.#opening -= 1;
        const working = this.#idle.length + this.#busy.size;
        // As long as others work, the request waits for one of them.
        if (working + this.#opening > 0 && !isLost(error)) {
          this.#refusal = { at: this.clock.now(), working };
          return;
        }
        for (const waiter of this.#waiters.splice(0)) waiter.fail(error);
      },
    );
  }

  #forget(entry: Entry): void {
    this.#idle = this.#idle.filter((other) => other !== entry);
    this.#busy.delete(entry);
    this.#pump();
    this.#spare();
  }

  /** Runs while there is something to look after: closes what has been idle long, lets waiters past long requests. */
  #tend(): void {
    if (this.#tending) return;
    this.#tending = true;
    const loop = async (): Promise<void> => {
      const signal = this.#disposal.signal;
      while (this.#idle.length + this.#waiters.length > 0) {
        await this.clock.sleep(POOL.tend, signal);
        const now = this.clock.now();
        const keep = now - this.#lastUse < POOL.active ? 1 : 0;
        const old = this.#idle.filter((entry) => now - entry.since > POOL.idle);
        for (const entry of old.slice(0, Math.max(0, this.#idle.length - keep))) entry.stream.destroy();
        this.#pump();
      }
    };
    // The only rejection is the disposal's own.
    loop().then(
      () => {
        this.#tending = false;
      },
      () => undefined,
    );
  }
}

function destroyOnData(this: Duplex): void {
  this.destroy();
}

function isLost(error: unknown): boolean {
  return error instanceof AppError && error.code === 'connection-lost';
}
