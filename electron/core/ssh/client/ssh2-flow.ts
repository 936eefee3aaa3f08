import type { Duplex } from 'node:stream';

/** Decides how much the other side may send: the reader took `bytes`, and `open` are under way or allowed. */
export type Credit = (bytes: number, open: number) => number;

/** The two numbers that ssh2 1.17 keeps of a channel's receiving side, and how it sends a window adjustment. */
interface Receiving {
  /** What the other side may still send, as ssh2 counts it. */
  incoming: { window: number };
  adjust(bytes: number): void;
}

/**
 * Replaces ssh2's fixed window of 2 MiB, which is refilled when it is half empty, for one channel that was opened just now:
 * credit is given as `credit` says, for bytes that the reader has taken. False: this version of ssh2 is another one, and its
 * own window stays.
 */
export function controlChannel(channel: Duplex, credit: Credit): boolean {
  const receiving = receivingSide(channel);
  if (!receiving) return false;
  const push = channel.push.bind(channel);
  const waiting = new Waiting();
  let isWanted = true;
  let isEnded = false;
  let isMoving = false;
  const move = () => {
    if (isMoving) return;
    isMoving = true;
    let taken = 0;
    while (isWanted) {
      const chunk = waiting.shift();
      if (!chunk) break;
      taken += chunk.length;
      isWanted = push(chunk);
    }
    isMoving = false;
    if (taken > 0) give(receiving, credit, taken, waiting.bytes);
    if (isEnded && waiting.bytes === 0) push(null);
  };
  channel.push = (chunk: Buffer | null) => {
    if (chunk === null) isEnded = true;
    else waiting.add(chunk);
    move();
    // ssh2 then leaves the window alone until `_read`, which is ours.
    return false;
  };
  channel._read = () => {
    isWanted = true;
    move();
  };
  return true;
}

/** The same for a channel of sftp, which takes all that comes at once. */
export function controlSftp(sftp: object, credit: Credit): boolean {
  const receiving = receivingSide(sftp);
  const push: unknown = Reflect.get(sftp, 'push');
  if (!receiving || typeof push !== 'function') return false;
  Reflect.set(sftp, 'push', (chunk: Buffer | null) => {
    Reflect.apply(push, sftp, [chunk]);
    if (chunk !== null) give(receiving, credit, chunk.length, 0);
    return false;
  });
  return true;
}

function give(receiving: Receiving, credit: Credit, taken: number, waiting: number): void {
  const bytes = credit(taken, receiving.incoming.window + waiting);
  if (bytes <= 0) return;
  receiving.incoming.window += bytes;
  receiving.adjust(bytes);
}

function receivingSide(channel: object): Receiving | null {
  const incoming: unknown = Reflect.get(channel, 'incoming');
  const outgoing: unknown = Reflect.get(channel, 'outgoing');
  const client: unknown = Reflect.get(channel, '_client');
  const protocol: unknown = isObject(client) ? Reflect.get(client, '_protocol') : undefined;
  const adjust: unknown = isObject(protocol) ? Reflect.get(protocol, 'channelWindowAdjust') : undefined;
  if (!isObject(outgoing) || !hasWindow(incoming) || typeof adjust !== 'function') return null;
  return {
    incoming,
    adjust(bytes) {
      const state: unknown = Reflect.get(outgoing, 'state');
      // After the close nothing more may be sent about a channel.
      if (state !== 'open' && state !== 'eof') return;
      Reflect.apply(adjust, protocol, [Reflect.get(outgoing, 'id'), bytes]);
    },
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const hasWindow = (value: unknown): value is { window: number } =>
  isObject(value) && typeof Reflect.get(value, 'window') === 'number';

/** Chunks that were taken are dropped from the list after so many. */
const MOST_TAKEN = 256;

/** Chunks that the reader has no room for, in order. */
class Waiting {
  #chunks: Buffer[] = [];
  #next = 0;
  bytes = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.bytes += chunk.length;
  }

  shift(): Buffer | undefined {
    const chunk = this.#chunks[this.#next];
    if (!chunk) return undefined;
    this.#next++;
    this.bytes -= chunk.length;
    if (this.#next === this.#chunks.length || this.#next === MOST_TAKEN) {
      this.#chunks = this.#chunks.slice(this.#next);
      this.#next = 0;
    }
    return chunk;
  }
}
