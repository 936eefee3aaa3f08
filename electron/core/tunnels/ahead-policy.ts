export const AHEAD = {
  most: 6,
  /** How long a channel waits for its use, and how long a use counts, ms. Servers wait longer for a first request. */
  idleMs: 10_000,
} as const;

/** The uses of a tunnel that count at `now`. Times in ms. */
export const recentUses = (uses: readonly number[], now: number): number[] =>
  uses.filter((at) => now - at < AHEAD.idleMs);

/**
 * How many channels wait for the next connections: none after a single use, as a debugger or a database client makes it;
 * where connections come one after another, as many as came lately.
 */
export const channelsAhead = (recent: number): number => (recent < 2 ? 0 : Math.min(AHEAD.most, recent));
