import { z } from 'zod';
import { streamControlSchema } from '../shared/contract/streams.ts';
import { serializedErrorSchema } from '../shared/error-schemas.ts';

/** RFC 9457, with the fields of our own errors beside its own. */
export const problemSchema = serializedErrorSchema.extend({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
});

/** Text frames of a stream; binary frames are one byte for the channel and then bytes of it. */
const streamMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), value: z.unknown(), hasStderr: z.boolean() }),
  z.object({ kind: z.literal('control'), message: streamControlSchema }),
  /** No more bytes in this direction. */
  z.object({ kind: z.literal('end') }),
  z.object({ kind: z.literal('closed'), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), error: serializedErrorSchema }),
]);
export type StreamMessage = z.infer<typeof streamMessageSchema>;

/** Of a text frame from somebody who may not keep to the contract; null: it is none. */
export function parseStreamMessage(text: string): StreamMessage | null {
  try {
    return streamMessageSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
