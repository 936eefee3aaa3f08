import { Duplex } from 'node:stream';
import { UpstreamAnswer } from './upstream-answer.ts';

/** A channel for one request: what is written goes to the app as it is, what is read is the answer as strict HTTP/1.1. */
export class UpstreamStream extends Duplex {
  readonly #channel: Duplex;
  readonly #answer: UpstreamAnswer;
  #isDetached = false;

  constructor(channel: Duplex, method: string) {
    // With Node's 16 KB it would stop the channel after each packet.
    super({
      readableHighWaterMark: channel.readableHighWaterMark,
      writableHighWaterMark: channel.writableHighWaterMark,
    });
    this.#channel = channel;
    this.#answer = new UpstreamAnswer(method);
    channel.on('data', this.#onData).once('end', this.#onEnd).once('close', this.#onClose).on('error', this.#onError);
  }

  /** Leaves the channel to its owner. @returns whether it can carry another request */
  detach(): boolean {
    if (this.#isDetached) return false;
    this.#release();
    this.destroy();
    return this.#answer.isReusable;
  }

  override _read(): void {
    if (!this.#isDetached) this.#channel.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#channel.destroyed) done(new Error('The channel is closed.'));
    else if (this.#channel.write(chunk, encoding)) done();
    else this.#channel.once('drain', done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#isDetached) {
      this.#release();
      this.#channel.destroy();
    }
    done(error);
  }

  #release(): void {
    this.#isDetached = true;
    this.#channel
      .off('data', this.#onData)
      .off('end', this.#onEnd)
      .off('close', this.#onClose)
      .off('error', this.#onError);
  }

  readonly #onData = (bytes: Buffer): void => {
    const parts: Buffer[] = [];
    try {
      this.#answer.push(bytes, parts);
      this.#pass(parts);
    } catch (error) {
      this.#pass(parts);
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };

  readonly #onEnd = (): void => {
    this.#pass(this.#answer.end());
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (!this.readableEnded && !this.#channel.readableEnded) this.destroy();
  };

  readonly #onError = (error: Error): void => {
    this.destroy(error);
  };

  #pass(parts: readonly Buffer[]): void {
    let hasRoom = true;
    for (const part of parts) hasRoom = this.push(part);
    if (!hasRoom) this.#channel.pause();
  }
}
