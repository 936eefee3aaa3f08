import { connect, type Socket } from 'node:net';
import ssh2, { type Client } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { combineWrites } from '../client/combined-writes.ts';

import { requestProxyMode } from './mux-protocol.ts';
import { allocateFrame, FrameReader, HEADER_BYTES } from './packet-frames.ts';

/** RFC 4254, 9. */
const CHANNEL_OPEN = 90;
const CHANNEL_OPEN_FAILURE = 92;
/** A type of channel that no server has: it must say so, which measures the round trip and changes nothing. */
const PING_TYPE = 'ping@tunel-desktop';
/** ssh2 numbers its channels from 0. */
const PING_CHANNEL = 0x7fffff00;

/** A client whose connection is a ControlMaster's. */
export interface MasterClient {
  client: Client;
  /** `done` runs when the server has answered. */
  ping(done: () => void): void;
}

/** Opens an ssh2 client over the control socket of a signed-in master. Rejects with `command-failed`. */
export async function connectToMaster(controlPath: string, signal: AbortSignal): Promise<MasterClient> {
  const socket = connect({ path: controlPath });
  await requestProxyMode(socket, signal);
  combineWrites(socket);
  const client = new ssh2.Client();
  const pings: (() => void)[] = [];
  client.connect({ sock: socket, username: 'unused', readyTimeout: 0, strictVendor: false });
  const dispatch = speakInTheClear(client, socket);
  const reader = new FrameReader((payload) => {
    if (payload[0] === CHANNEL_OPEN_FAILURE && payload.readUInt32BE(1) === PING_CHANNEL) pings.shift()?.();
    else dispatch(payload);
  });
  readWith(client, reader);
  return {
    client,
    ping(done) {
      pings.push(done);
      socket.write(pingFrame());
    },
  };
}

function pingFrame(): Buffer {
  const frame = allocateFrame(1 + 4 + PING_TYPE.length + 12);
  let at = frame.writeUInt8(CHANNEL_OPEN, HEADER_BYTES);
  at = frame.writeUInt32BE(PING_TYPE.length, at);
  at += frame.write(PING_TYPE, at, 'latin1');
  for (const number of [PING_CHANNEL, 0, 0]) at = frame.writeUInt32BE(number, at);
  return frame;
}

/**
 * Takes ssh2 1.17 past its handshake: the master has shaken hands and signed in (Protocol.js: `start`, `_cipher`,
 * `_authenticated`, `_onHeader`). Returns what takes each payload that arrives.
 */
function speakInTheClear(client: Client, socket: Socket): (payload: Buffer) => void {
  const protocol = protocolOf(client);
  const onHeader: unknown = Reflect.get(protocol, '_onHeader');
  const onPayload: unknown = Reflect.get(protocol, '_onPayload');
  if (typeof onHeader !== 'function' || typeof onPayload !== 'function' || !Reflect.has(protocol, 'start')) {
    throw new AppError('internal', 'This version of ssh2 cannot use the connection of another program.');
  }
  Reflect.set(protocol, 'start', () => undefined);
  Reflect.set(protocol, '_authenticated', true);
  Reflect.set(protocol, '_cipher', {
    outSeqno: 0,
    allocPacket: allocateFrame,
    encrypt: (packet: Buffer) => {
      if (socket.writable) socket.write(packet);
    },
    free: () => undefined,
  });
  Reflect.apply(onHeader, protocol, [{ greeting: '', versions: { protocol: '2.0', software: '' } }]);
  return (payload) => {
    Reflect.apply(onPayload, protocol, [payload]);
  };
}

function readWith(client: Client, reader: FrameReader): void {
  Reflect.set(protocolOf(client), '_parse', (chunk: Buffer, at: number, end: number) => {
    reader.read(chunk.subarray(at, end));
    return end;
  });
}

function protocolOf(client: Client): object {
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (typeof protocol === 'object' && protocol) return protocol;
  throw new AppError('internal', 'This version of ssh2 cannot use the connection of another program.');
}
