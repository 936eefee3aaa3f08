/** A ping each interval, ms. */
export const KEEPALIVE_MS = 7000;

/** So many unanswered pings in a row, and the peer is dead. */
export const MISSES = 3;

/** For how long a frozen peer stays unnoticed at most, ms: it froze just after an answer. */
export const longestUnnoticed = (keepaliveMs: number): number => keepaliveMs * (MISSES + 1);
