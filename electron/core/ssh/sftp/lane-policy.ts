/** Under way on one channel: what the window of an OpenSSH server takes, and a little for the answers' way back. */
const MOST_BYTES = 3 * 1024 * 1024;
/** To a server that is near. A connection that is lost costs no more than what is under way again. */
const LEAST_BYTES = 1024 * 1024;
/** Carries some 250 MB/s, which is more than encryption takes. */
const BYTES_PER_MS = 256 * 1024;
/** What a server grants one channel in a round trip. */
const WINDOW = 2 * 1024 * 1024;

/** Whether the window of one channel could be what limits it. `roundTripMs`: the shortest seen; null: not known yet. */
export const isFar = (roundTripMs: number | null): boolean =>
  roundTripMs !== null && roundTripMs * BYTES_PER_MS > WINDOW;

export const bytesPerLane = (roundTripMs: number | null): number =>
  Math.min(MOST_BYTES, Math.max(LEAST_BYTES, (roundTripMs ?? 0) * BYTES_PER_MS));

/** A server grants each channel 2 MiB a round trip, so a far one takes a file faster over several. */
export const MOST_LANES = 7;

/** An answer takes one and a half round trips where the window of its channel is what it waits for. */
const MOST_ROUND_TRIPS = 3;

/**
 * Whether one more channel would make a file faster. `answerMs`: from sending the piece that was acknowledged last until then,
 * with a full window before it; `roundTripMs`: the shortest seen. An answer that takes longer waits for the line or the
 * server, and more bytes under way would only delay what else goes over the connection.
 */
export function isWindowTheLimit(answerMs: number, roundTripMs: number): boolean {
  return answerMs < MOST_ROUND_TRIPS * roundTripMs;
}
