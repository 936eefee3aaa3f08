import { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors.ts';

/** Passes bytes on in both directions at the pace of their readers, and reports how many. */
export class MeteredBytes extends Duplex {
  /** Why `count` ended it. */
  failure: AppError | null = null;
  readonly #inner: Duplex;
  readonly #count: (bytes: number) => void;

  /** @param count throws where no more bytes may pass */
  constructor(inner: Duplex, count: (bytes: number) => void) {
    super({ allowHalfOpen: true });
    this.#inner = inner;
    this.#count = count;
    inner.pause();
    inner.on('data', (chunk: Buffer) => {
      if (this.#passes(chunk) && !this.push(chunk)) inner.pause();
    });
    inner.once('end', () => this.push(null));
    inner.on('error', (error) => this.destroy(error));
    inner.once('close', () => {
      if (!inner.readableEnded) this.destroy();
    });
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#passes(chunk)) this.#inner.write(chunk, (error) => done(error));
    else done(this.failure);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner.destroy(error ?? undefined);
    done(error);
  }

  #passes(chunk: Buffer): boolean {
    try {
      this.#count(chunk.length);
      return true;
    } catch (error) {
      this.failure = AppError.from(error);
      this.destroy(this.failure);
      return false;
    }
  }
}
