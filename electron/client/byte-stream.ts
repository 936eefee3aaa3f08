import type { Duplex, Readable } from 'node:stream';
import type { StreamControl } from '../shared/contract/streams.ts';

/** One stream of the contract, as both its ends see it. */
export interface ByteStream<Opened = unknown, Closed = unknown> {
  readonly opened: Opened;
  /** Ending it closes the other side's input; destroying it ends the stream. */
  readonly data: Duplex;
  /** A command's error output; null: there is none. */
  readonly stderr: Readable | null;
  /** Resolves at the end; rejects with the AppError that ended it. */
  readonly closed: Promise<Closed>;
  control(message: StreamControl): void;
}
