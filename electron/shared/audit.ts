import { z } from 'zod';

/** `owner`: one of the user's own clients; `unknown`: it was refused before it was known who asks. */
const auditClientSchema = z.enum(['owner', 'token', 'unknown']);

/** One call to the engine. No secret is in it. */
export const auditEntrySchema = z.object({
  id: z.number().int(),
  /** When it was answered, epoch ms. */
  at: z.number(),
  client: auditClientSchema,
  /** The token's name; empty: none. */
  tokenName: z.string(),
  tokenId: z.string().nullable(),
  /** The request or stream, e.g. `instances.launch`. */
  call: z.string(),
  /** What it was about, e.g. the recipe or the path. */
  detail: z.string(),
  clusterId: z.string().nullable(),
  clusterName: z.string(),
  /** `ok`, or the code of its error. */
  result: z.string(),
  /** ms. */
  duration: z.number(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** Which calls are asked for; what is left out holds for all. */
export const auditFilterSchema = z.object({
  client: auditClientSchema.optional(),
  /** Only of this token. */
  tokenId: z.string().min(1).max(100).optional(),
  clusterId: z.string().min(1).max(100).optional(),
  /** Only those that failed. */
  failed: z.boolean().default(false),
  /** Answered at this time or later, epoch ms. */
  from: z.number().optional(),
  /** Answered before this time, epoch ms. */
  to: z.number().optional(),
});
export type AuditFilter = z.input<typeof auditFilterSchema>;
