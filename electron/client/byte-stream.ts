import type { Duplex, Readable } from 'node:stream';
import { z } from 'zod';
import { terminalSizeSchema } from '../shared/contract/streams.ts';

/** What a client can tell the other end of a stream besides bytes. */
export const streamControlSchema = z.discriminatedUnion('kind', [
  terminalSizeSchema.extend({ kind: z.literal('resize') }),
  /** As Ctrl-C does. */
  z.object({ kind: z.literal('interrupt') }),
]);
export type StreamControl = z.infer<typeof streamControlSchema>;

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
