import { Duplex } from 'node:stream';
import type { AppError } from '../../../shared/errors.ts';
import { MAX_DATA, protocolError } from './frames.ts';
import { FIRST_WINDOW, newWindow, takeFromWindow } from './window-policy.ts';

/** What a stream needs of its relay. */
export interface StreamHost {
  /** All windows of the relay's streams together, bytes. */
  windows: number;
  credit(stream: RelayStream, bytes: number): void;
  /** It has bytes to send and may. */
  wantsToSend(stream: RelayStream): void;
  fin(stream: RelayStream): void;
  /** Closed here before both ends were done. */
  cancel(stream: RelayStream): void;
  gone(stream: RelayStream): void;
}

/** One connection to the app through a relay. What it may have under way is bounded both ways. */
export class RelayStream extends Duplex {
  readonly id: number;
  readonly #host: StreamHost;
  readonly #window = newWindow();
  #mayReceive = FIRST_WINDOW;
  #maySend = 0;
  #received: Buffer[] = [];
  #wanted = false;
  #theyAreDone = false;
  #weAreDone = false;
  #ended = false;
  #chunk: Buffer | null = null;
  #chunkDone: ((error?: Error | null) => void) | null = null;

  constructor(id: number, host: StreamHost) {
    super({ highWaterMark: 64 * 1024 });
    this.id = id;
    this.#host = host;
    host.windows += this.#window.size;
  }

  override _read(): void {
    this.#wanted = true;
    this.#deliver();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#chunk = chunk;
    this.#chunkDone = done;
    if (this.maySend) this.#host.wantsToSend(this);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#weAreDone = true;
    if (!this.#ended) this.#host.fin(this);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#ended && !(this.#weAreDone && this.#theyAreDone)) this.#host.cancel(this);
    this.#leave();
    this.#received = [];
    this.#chunk = null;
    done(error);
  }

  get maySend(): boolean {
    return this.#chunk !== null && this.#maySend > 0 && !this.#ended;
  }

  /** The next bytes to send, as many as it may. */
  takeChunk(): Buffer | null {
    const chunk = this.#chunk;
    if (!chunk || !this.maySend) return null;
    const size = Math.min(chunk.length, this.#maySend, MAX_DATA);
    this.#maySend -= size;
    this.#chunk = size < chunk.length ? chunk.subarray(size) : null;
    return chunk.subarray(0, size);
  }

  /** What `takeChunk` gave is on its way: the next may come. */
  chunkSent(): void {
    const done = this.#chunkDone;
    if (this.#chunk || !done) return;
    this.#chunkDone = null;
    done();
  }

  credited(bytes: number): void {
    this.#maySend += bytes;
    if (this.#maySend > 0xffff_ffff) throw protocolError('more credit than a number holds');
    if (this.maySend) this.#host.wantsToSend(this);
  }

  receive(payload: Buffer): void {
    this.#mayReceive -= payload.length;
    if (this.#mayReceive < 0 || this.#theyAreDone) throw protocolError('more bytes than it was allowed');
    this.#received.push(payload);
    this.#deliver();
  }

  receiveEnd(): void {
    if (this.#theyAreDone) throw protocolError('two ends of a stream');
    this.#theyAreDone = true;
    this.#deliver();
  }

  /** The other side dropped it, or the relay is gone. Bytes that were here already are dropped, too, as by a reset. */
  fail(error: AppError): void {
    this.#ended = true;
    this.destroy(error);
  }

  #deliver(): void {
    let taken = 0;
    while (this.#wanted) {
      const next = this.#received.shift();
      if (!next) break;
      taken += next.length;
      this.#wanted = this.push(next);
    }
    if (this.#theyAreDone) {
      if (this.#received.length === 0 && this.#wanted) {
        this.#wanted = false;
        this.push(null);
      }
    } else if (taken > 0 && !this.destroyed) {
      this.#account(taken);
    }
  }

  #account(taken: number): void {
    const before = this.#window.size;
    const credit = takeFromWindow(this.#window, taken, this.#host.windows);
    this.#host.windows += this.#window.size - before;
    if (credit === 0) return;
    this.#mayReceive += credit;
    this.#host.credit(this, credit);
  }

  #left = false;
  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#host.windows -= this.#window.size;
    this.#host.gone(this);
  }
}
