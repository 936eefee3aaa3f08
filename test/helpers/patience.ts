/** How long a test waits for a condition, ms. Only what is broken takes so long: a busy machine fails no test. */
export const PATIENCE_MS = 240_000;

/** The same in a unit test, which may last a minute, ms. */
export const UNIT_PATIENCE_MS = 30_000;
