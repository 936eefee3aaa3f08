import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { AppError } from '../shared/errors.ts';
import type { StreamMessage } from './wire.ts';

/** Enough to keep both processes at work while bytes pass from one to the other. */
const WAITING_BYTES = 1024 * 1024;
/** Before the bytes of each frame: 0 for the data, 1 for the error output. */
const dataChannel = 0;
const CHANNEL_BYTES = [Buffer.from([0]), Buffer.from([1])];

interface Events {
  message: [message: StreamMessage];
  /** The socket is closed; no message follows. */
  closed: [];
}

/** A text frame; null: the other side does not keep to the contract. */
export type ReadMessage = (text: string) => StreamMessage | null;

/** One direction-pair of bytes over a WebSocket. A reader that stops reading stops the sender. */
export class SocketBytes extends Duplex {
  readonly #channel: number;
  readonly #stream: SocketStream;

  constructor(stream: SocketStream, channel: number) {
    super({ allowHalfOpen: true, emitClose: true, highWaterMark: WAITING_BYTES });
    this.#stream = stream;
    this.#channel = channel;
  }

  override _read(): void {
    this.#stream.resumeFor(this);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#stream.sendBytes(this.#channel, [chunk], done);
  }

  /** What waited while the socket took the last bytes goes in one message. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#stream.sendBytes(
      this.#channel,
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#channel === dataChannel) this.#stream.send({ kind: 'end' });
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // After both directions have ended the other side still reports how it ended.
    const isComplete = this.readableEnded && this.writableFinished;
    if (this.#channel === dataChannel && !isComplete) this.#stream.close();
    else this.#stream.resumeFor(this);
    done(error);
  }
}

/** Either end of a stream of the contract, over a WebSocket. */
export class SocketStream extends EventEmitter<Events> {
  readonly data: SocketBytes;
  readonly stderr: SocketBytes;
  readonly #socket: WebSocket;
  readonly #read: ReadMessage;
  /** Those whose readers are behind. */
  readonly #full = new Set<SocketBytes>();
  #isClosed = false;
  #isDataComplete = false;

  constructor(socket: WebSocket, read: ReadMessage) {
    super();
    this.#socket = socket;
    this.#read = read;
    this.data = new SocketBytes(this, 0);
    this.stderr = new SocketBytes(this, 1);
    socket.on('message', (data: RawData, isBinary: boolean) => this.#onMessage(asBuffer(data), isBinary));
    socket.once('close', () => this.#onClose());
    // A failure of the socket ends in `close`, which says all that is known.
    socket.on('error', () => socket.terminate());
  }

  send(message: StreamMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  sendBytes(channel: number, parts: readonly Buffer[], done: (error?: Error | null) => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) {
      done(new AppError('engine-down', 'The stream is closed.'));
      return;
    }
    const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    this.#sendFrames(CHANNEL_BYTES[channel] ?? Buffer.from([channel]), bytes, done);
  }

  /** One after the other: whoever receives them holds no more than one. */
  #sendFrames(channel: Buffer, bytes: Buffer, done: (error?: Error | null) => void): void {
    const frame = Buffer.concat([channel, bytes.subarray(0, WAITING_BYTES)]);
    const rest = bytes.subarray(WAITING_BYTES);
    this.#socket.send(frame, { binary: true }, (error) => {
      if (error || rest.length === 0) done(error);
      else this.#sendFrames(channel, rest, done);
    });
  }

  /** What these bytes wait for may come; the socket goes on when no other reader is behind. */
  resumeFor(bytes: SocketBytes): void {
    this.#full.delete(bytes);
    if (this.#full.size === 0 && this.#socket.isPaused) this.#socket.resume();
  }

  close(): void {
    // A paused socket would never read the other side's closing frame.
    this.#full.clear();
    if (this.#socket.isPaused) this.#socket.resume();
    this.#socket.close();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      const bytes = data[0] === dataChannel ? this.data : this.stderr;
      if (!bytes.destroyed && !bytes.push(data.subarray(1))) this.#pauseFor(bytes);
      return;
    }
    const message = this.#read(data.toString('utf8'));
    if (message === null) {
      this.#socket.terminate();
      return;
    }
    if (message.kind !== 'end') this.emit('message', message);
    else if (!this.data.destroyed) {
      this.#isDataComplete = true;
      this.data.push(null);
      // A stream at its end asks for no more, also where it was full before.
      this.resumeFor(this.data);
    }
  }

  #pauseFor(bytes: SocketBytes): void {
    this.#full.add(bytes);
    this.#socket.pause();
  }

  #onClose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit('closed');
    this.stderr.push(null);
    // What came before the end may still be read.
    if (this.#isDataComplete) this.data.end();
    else this.data.destroy();
  }
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
