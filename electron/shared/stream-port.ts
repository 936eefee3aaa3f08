import { z } from 'zod';
import { streamControlSchema } from './contract/streams.ts';
import type { SerializedError } from './errors.ts';

/** With so many bytes on their way that the other end has not taken, the sender waits. */
export const UNREAD_LIMIT = 256 * 1024;

/** What the page says on the port of a stream. */
export const fromPageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bytes'), bytes: z.instanceof(Uint8Array) }),
  /** The page has used so many of the bytes it got. */
  z.object({ kind: z.literal('read'), count: z.number().int().min(0) }),
  z.object({ kind: z.literal('control'), message: streamControlSchema }),
  /** No more bytes come from the page. */
  z.object({ kind: z.literal('end') }),
]);
export type FromPage = z.infer<typeof fromPageSchema>;

/** What the page hears on the port of a stream: `opened`, then bytes, at last `closed` or `failed`. */
export type ToPage =
  | { kind: 'opened'; value: unknown }
  | { kind: 'bytes'; bytes: Uint8Array }
  /** So many of the page's bytes were taken. */
  | { kind: 'taken'; count: number }
  | { kind: 'closed'; value: unknown }
  | { kind: 'failed'; error: SerializedError };

/** Comes to the page in a `message` event together with the port of the stream that it asked for. */
export interface StreamPortMessage {
  tunelStream: number;
}
