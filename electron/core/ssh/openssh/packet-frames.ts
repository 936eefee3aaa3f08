/** An SSH packet as a ControlMaster takes and gives it: its length, no padding, and the payload, all in the clear. */
export const HEADER_BYTES = 5;

/** Room for a payload behind its header. */
export function allocateFrame(payloadBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payloadBytes);
  frame.writeUInt32BE(payloadBytes + 1, 0);
  frame[4] = 0;
  return frame;
}

/** Longer ones are no packets of SSH. */
const MAX_FRAME = 1 << 20;

/** Finds the payloads in a stream of frames. */
export class FrameReader {
  readonly #onPayload: (payload: Buffer) => void;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Bytes from which on there is something to find. */
  #needed = HEADER_BYTES;

  constructor(onPayload: (payload: Buffer) => void) {
    this.#onPayload = onPayload;
  }

  /** @throws RangeError for what is not a stream of frames */
  read(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes < this.#needed) return;
    let data = this.#waiting.length === 1 ? chunk : Buffer.concat(this.#waiting);
    this.#needed = HEADER_BYTES;
    while (data.length >= HEADER_BYTES) {
      const length = data.readUInt32BE(0);
      if (length < 2 || length > MAX_FRAME) throw new RangeError(`A packet of ${length} bytes`);
      if (data.length < 4 + length) {
        this.#needed = 4 + length;
        break;
      }
      this.#onPayload(data.subarray(HEADER_BYTES, 4 + length - (data[4] ?? 0)));
      data = data.subarray(4 + length);
    }
    this.#waiting = data.length === 0 ? [] : [data];
    this.#waitingBytes = data.length;
  }
}
