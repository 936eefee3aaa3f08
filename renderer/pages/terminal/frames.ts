/**
 * What a terminal's server and its page say to each other, in both directions: one letter, four bytes of length (big-endian),
 * so many bytes. recipes/terminal/files/terminal.py is the other side.
 */
type FrameKind =
  /** Both: bytes of the terminal. */
  | 'D'
  /** Server, first: JSON `{version}`. */
  | 'H'
  /** Server: what was on the screen before, to be drawn but not answered. */
  | 'S'
  /** Server: the shell ended with this exit code, in decimal. */
  | 'X'
  /** Server: another page took the terminal over. */
  | 'T'
  /** Page: columns and rows, two bytes each. The first one takes the terminal. */
  | 'R'
  /** Page: so many bytes of D and S were drawn, four bytes. The server waits when too many are not. */
  | 'A';

export interface Frame {
  kind: string;
  payload: Uint8Array<ArrayBuffer>;
}

const HEAD = 5;

export function encodeFrame(kind: FrameKind, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(HEAD + payload.length);
  frame[0] = kind.charCodeAt(0);
  new DataView(frame.buffer).setUint32(1, payload.length);
  frame.set(payload, HEAD);
  return frame;
}

export function encodeSize(columns: number, rows: number): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(4);
  const view = new DataView(payload.buffer);
  view.setUint16(0, columns);
  view.setUint16(2, rows);
  return encodeFrame('R', payload);
}

export function encodeDrawn(bytes: number): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, bytes);
  return encodeFrame('A', payload);
}

/** Frames out of bytes that come in any pieces. */
export class FrameReader {
  #rest = new Uint8Array(0);

  take(chunk: Uint8Array): Frame[] {
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    const view = new DataView(bytes.buffer);
    const frames: Frame[] = [];
    let at = 0;
    while (bytes.length - at >= HEAD) {
      const end = at + HEAD + view.getUint32(at + 1);
      if (end > bytes.length) break;
      frames.push({ kind: String.fromCharCode(bytes[at] ?? 0), payload: bytes.slice(at + HEAD, end) });
      at = end;
    }
    this.#rest = bytes.slice(at);
    return frames;
  }
}
