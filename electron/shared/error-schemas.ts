import { z } from 'zod';
import { errorCodes, type SerializedError } from './errors.ts';

// Apart from errors.ts, so that a client that only throws and shows errors loads no zod.

export const messageValuesSchema = z.record(z.string(), z.union([z.string(), z.number()]));

export const errorActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('copy-command'), text: z.string() }),
  z.object({ kind: z.literal('open-terminal') }),
]);

const fieldErrorSchema = z.object({ field: z.string(), code: z.string(), message: z.string() });

export const serializedErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string().optional(),
  detail: z.string().optional(),
  messageId: z.string().optional(),
  hintId: z.string().optional(),
  values: messageValuesSchema.optional(),
  hintValues: messageValuesSchema.optional(),
  action: errorActionSchema.optional(),
  errors: z.array(fieldErrorSchema).optional(),
}) satisfies z.ZodType<SerializedError>;
