/** The same numbers and rule as in the relay's program. Bytes. */
export const FIRST_WINDOW = 256 * 1024;
const MOST_WINDOW = 4 * 1024 * 1024;
const ALL_WINDOWS = 32 * 1024 * 1024;

/** What the sender of one stream may have under way, and what the reader took since its last report. */
interface Window {
  size: number;
  /** Taken by the reader and not reported yet. */
  owed: number;
  /** Taken since the window last grew. */
  taken: number;
}

export const newWindow = (): Window => ({ size: FIRST_WINDOW, owed: 0, taken: 0 });

/**
 * The reader took `bytes`: the credit to give now, 0 for none yet. A window doubles each time twice its size went through,
 * as long as all of a relay's windows together (`all`, with this one) stay bounded: that is the most memory they can cost.
 */
export function takeFromWindow(window: Window, bytes: number, all: number): number {
  window.owed += bytes;
  window.taken += bytes;
  if (window.owed * 4 < window.size) return 0;
  let more = 0;
  if (window.taken >= 2 * window.size) {
    window.taken = 0;
    if (window.size < MOST_WINDOW && all + window.size <= ALL_WINDOWS) more = window.size;
    window.size += more;
  }
  const credit = window.owed + more;
  window.owed = 0;
  return credit;
}
