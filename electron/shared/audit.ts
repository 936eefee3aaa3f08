import { z } from 'zod';

/** One call to the engine. No secret is in it. */
export const auditEntrySchema = z.object({
  id: z.number().int(),
  /** When it was answered, epoch ms. */
  at: z.number(),
  /** `owner`: one of the user's own clients; `unknown`: it was refused before it was known who asks. */
  client: z.enum(['owner', 'token', 'unknown']),
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
