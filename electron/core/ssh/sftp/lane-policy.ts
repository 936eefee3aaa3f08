/** Under way on one channel: what the window of an OpenSSH server takes, and a little for the answers' way back. */
export const BYTES_PER_LANE = 3 * 1024 * 1024;

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
