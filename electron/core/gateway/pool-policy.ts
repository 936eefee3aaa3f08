/** Times in ms. */
export const POOL = {
  /** As many as a browser opens to one HTTP/1.1 host: what any app must stand. */
  modest: 6,
  /** For apps that keep connections open: measured best for a page of 100 files at 80 ms. */
  wide: 32,
  /** Including long-running requests. */
  most: 1024,
  /** A request that lasts longer (a long poll) no longer counts against the limit, as event streams and WebSockets never do. */
  longRunning: 5_000,
  idle: 30_000,
  /** Since the last request: so long one channel is kept ready. */
  active: 60_000,
  /** How long a refused channel is remembered. */
  refusalMemory: 30_000,
  /** So many kept channels in a row that died at their next request mean that the app closes them without saying so. */
  mostUnanswered: 2,
  /** How long such an app's channels are then used once only. */
  singleUse: 30_000,
  tend: 1_000,
  /** Common servers close after 2 s (gunicorn) or 5 s (uvicorn, Node) of idling. */
  staleForSending: 1_500,
} as const;

interface PoolState {
  /** Channels that are opening, idle, or in use for a short time so far. */
  brief: number;
  /** Event streams and WebSockets that wait for a channel: each is allowed one of its own. */
  longWaiting: number;
  total: number;
  keepsAlive: boolean;
  /** How many worked when the far side last refused one more; null when it did not lately. */
  refusedAbove: number | null;
}

export function mayOpenMore(pool: PoolState): boolean {
  if (pool.total >= POOL.most) return false;
  const limit = pool.keepsAlive ? POOL.wide : POOL.modest;
  if (pool.refusedAbove === null) return pool.brief - pool.longWaiting < limit;
  return pool.brief < Math.min(limit, Math.max(1, pool.refusedAbove));
}

/** Whether one more request that never ends may have a channel beyond the limit of the others. */
export function mayHoldLong(total: number): boolean {
  return total < POOL.most - POOL.wide;
}

/** A request that must not be repeated does not go out on a channel the app may be closing in this moment. */
export function staleForSending(idleFor: number): boolean {
  return idleFor > POOL.staleForSending;
}
