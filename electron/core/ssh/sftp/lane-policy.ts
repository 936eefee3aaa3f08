/** Under way on one channel: what the window of an OpenSSH server takes, and a little for the answers' way back. */
const FAR_BYTES = 3 * 1024 * 1024;
/** To a server that is near: as fast, and a connection that is lost costs no more than that again. */
const NEAR_BYTES = 1024 * 1024;
/** Up to this round trip the bytes of one channel to a near server carry some 200 MB/s, which is what encryption takes. */
const NEAR_MS = 5;

/** Whether more channels could make a file faster. `roundTripMs`: the shortest seen; null: not known. */
export const isFar = (roundTripMs: number | null): boolean => roundTripMs === null || roundTripMs > NEAR_MS;

export const bytesPerLane = (roundTripMs: number | null): number => (isFar(roundTripMs) ? FAR_BYTES : NEAR_BYTES);

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
