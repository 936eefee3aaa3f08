import type { StreamControl } from '../electron/shared/contract/streams.ts';
import { AppError } from '../electron/shared/errors.ts';
import { type FromPage, type ToPage, UNREAD_LIMIT } from '../electron/shared/stream-port.ts';

/** Uses some bytes and then calls `done`, so that more may come. */
export type TakeBytes = (bytes: Uint8Array, done: () => void) => void;

/** The page's end of an open stream. */
export class PageStream<Closed, Opened = unknown> {
  /** Resolves at the end; rejects with the AppError that ended it. */
  readonly closed: Promise<Closed>;
  readonly opened: Opened;
  readonly #port: MessagePort;
  #end: (error: AppError) => void = () => undefined;
  /** Bytes on their way that the other end has not taken. */
  #untaken = 0;
  #onTaken: () => void = () => undefined;

  private constructor(port: MessagePort, opened: Opened, take: TakeBytes) {
    this.#port = port;
    this.opened = opened;
    this.closed = new Promise<Closed>((resolve, reject) => {
      this.#end = reject;
      port.onmessage = ({ data }: MessageEvent<ToPage>) => {
        if (data.kind === 'bytes') {
          const { bytes } = data;
          take(bytes, () => this.#send({ kind: 'read', count: bytes.length }));
        } else if (data.kind === 'taken') {
          this.#untaken -= data.count;
          this.#onTaken();
        } else if (data.kind !== 'opened') {
          port.close();
          // The main process passes on what the engine checked against the contract.
          if (data.kind === 'closed') resolve(data.value as Closed);
          else reject(AppError.revive(data.error));
        }
      };
    });
    // Whoever needs the reason of the end awaits it.
    this.closed.catch(() => undefined);
  }

  /** Resolves once the other end says that the stream is open. Aborting before ends it. @throws AppError */
  static open<Closed, Opened = unknown>(
    port: MessagePort,
    take: TakeBytes,
    signal?: AbortSignal,
  ): Promise<PageStream<Closed, Opened>> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        port.close();
        reject(AppError.from(signal?.reason));
      };
      signal?.addEventListener('abort', abort, { once: true });
      port.onmessage = ({ data }: MessageEvent<ToPage>) => {
        signal?.removeEventListener('abort', abort);
        // The main process passes on what the engine checked against the contract.
        if (data.kind === 'opened') resolve(new PageStream<Closed, Opened>(port, data.value as Opened, take));
        else {
          port.close();
          reject(
            data.kind === 'failed'
              ? AppError.revive(data.error)
              : new AppError('internal', 'A stream ended before it was open.'),
          );
        }
      };
      if (signal?.aborted) abort();
    });
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#send({ kind: 'bytes', bytes });
  }

  /** Resolves when more may be sent. @throws AppError that ended the stream */
  async send(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#untaken += bytes.length;
    this.write(bytes);
    while (this.#untaken >= UNREAD_LIMIT) {
      const taken = new Promise<void>((resolve) => {
        this.#onTaken = resolve;
      });
      await Promise.race([taken, this.closed]);
    }
  }

  /** No more bytes come from here. */
  endInput(): void {
    this.#send({ kind: 'end' });
  }

  control(message: StreamControl): void {
    this.#send({ kind: 'control', message });
  }

  /** Ends the stream from here. */
  close(): void {
    this.#port.close();
    this.#end(new AppError('cancelled', 'The stream was closed.'));
  }

  #send(message: FromPage): void {
    this.#port.postMessage(message);
  }
}
