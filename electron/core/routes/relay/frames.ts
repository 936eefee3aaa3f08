import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';

/** docs/relay.md: every number is big-endian; a frame is kind (1), stream (4), length (2) and that many bytes. */
export const PROTOCOL_VERSION = 1;
/** As PNG's: a byte that loses its eighth bit, and line ends that a terminal would change. */
export const SIGNATURE = Buffer.from('\x89TNL\r\n\x1a\n', 'latin1');
const HEADER = 7;
/** With its header two SSH packets of the usual 32 KiB. */
export const MAX_DATA = 65_529;

export const frameKinds = {
  hello: 1,
  start: 2,
  ready: 3,
  open: 4,
  opened: 5,
  data: 6,
  credit: 7,
  fin: 8,
  reset: 9,
  ping: 10,
  pong: 11,
  error: 12,
} as const;
type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export const resetCodes = {
  notPermitted: 1,
  refused: 2,
  missing: 3,
  noAccess: 4,
  limit: 5,
  broken: 6,
  cancelled: 7,
  failed: 8,
} as const;

export interface Frame {
  kind: FrameKind;
  stream: number;
  payload: Buffer;
}

export function encodeFrame(kind: FrameKind, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + payload.length);
  frame.writeUInt8(kind, 0);
  frame.writeUInt32BE(stream, 1);
  frame.writeUInt16BE(payload.length, 5);
  frame.set(payload, HEADER);
  return frame;
}

/** A Unix socket, or a port of the node's loopback. */
export type RelayTarget = { socket: string } | { port: number };

/** `node`: where it must run if one of the targets is a port. `idleSeconds`: how long it lives without hearing anything. */
export function encodeStart(start: { targets: readonly RelayTarget[]; node: string; idleSeconds: number }): Buffer {
  const node = Buffer.from(start.node).subarray(0, 255);
  const head = Buffer.alloc(5);
  head.writeUInt16BE(PROTOCOL_VERSION, 0);
  head.writeUInt16BE(start.idleSeconds, 2);
  head.writeUInt8(node.length, 4);
  const targets = start.targets.flatMap((target) => {
    const value = 'socket' in target ? Buffer.from(target.socket) : Buffer.alloc(2);
    if ('port' in target) value.writeUInt16BE(target.port);
    const kind = Buffer.alloc(3);
    kind.writeUInt8('socket' in target ? 1 : 2, 0);
    kind.writeUInt16BE(value.length, 1);
    return [kind, value];
  });
  return encodeFrame(frameKinds.start, 0, Buffer.concat([head, node, ...targets]));
}

export function encodeNumber(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** What the program sends, and how long each may be. */
const lengths: ReadonlyMap<number, readonly [least: number, most: number]> = new Map([
  [frameKinds.hello, [SIGNATURE.length + 2, SIGNATURE.length + 2]],
  [frameKinds.ready, [0, 255]],
  [frameKinds.opened, [4, 4]],
  [frameKinds.data, [1, MAX_DATA]],
  [frameKinds.credit, [4, 4]],
  [frameKinds.fin, [0, 0]],
  [frameKinds.reset, [1, 1001]],
  [frameKinds.ping, [8, 8]],
  [frameKinds.pong, [8, 8]],
  [frameKinds.error, [0, 1000]],
]);

/** Cuts what the program sends into frames. Keeps at most one frame that is not whole yet. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #kept = 0;
  #need = HEADER;

  /** The frames that are whole now. Throws `command-failed` at bytes that are none; then it must not be used again. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#kept += chunk.length;
    if (this.#kept < this.#need) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const frames: Frame[] = [];
    let at = 0;
    this.#need = HEADER;
    while (bytes.length - at >= HEADER) {
      const kind = checkedKind(bytes, at);
      const length = bytes.readUInt16BE(at + 5);
      if (bytes.length - at < HEADER + length) {
        this.#need = HEADER + length;
        break;
      }
      frames.push({
        kind,
        stream: bytes.readUInt32BE(at + 1),
        payload: bytes.subarray(at + HEADER, at + HEADER + length),
      });
      at += HEADER + length;
    }
    this.#kept = bytes.length - at;
    this.#chunks = this.#kept > 0 ? [bytes.subarray(at)] : [];
    return frames;
  }
}

function checkedKind(bytes: Buffer, at: number): FrameKind {
  const kind = bytes.readUInt8(at);
  const length = bytes.readUInt16BE(at + 5);
  const range = lengths.get(kind);
  if (!range) throw protocolError(`a frame of the unknown kind ${kind}`);
  if (length < range[0] || length > range[1]) throw protocolError(`a frame of kind ${kind} with ${length} bytes`);
  return kind as FrameKind;
}

export function protocolError(what: string): AppError {
  return new AppError('command-failed', message`The relay sent ${{ what }}.`, {
    hint: 'Something on the way changes the bytes or writes between them.',
  });
}
