import { z } from 'zod';
import { tokenScopeSchema } from './tokens.ts';

/** A call of another program that waits until the user has decided. It is refused at `expiresAt`, or when the program leaves. */
export const consentSchema = z.object({
  id: z.string(),
  /** `scope`: the first use of a scope that asks; `write`: one write of a token whose writes are all confirmed. */
  kind: z.enum(['scope', 'write']),
  tokenId: z.string(),
  tokenName: z.string(),
  scope: tokenScopeSchema,
  /** The request or stream, e.g. `instances.launch`. */
  call: z.string(),
  /** What it is about, e.g. a recipe or a path; may be empty. */
  detail: z.string(),
  /** null: no cluster, or all that the token may use. */
  clusterId: z.string().nullable(),
  clusterName: z.string(),
  /** Epoch ms. */
  askedAt: z.number(),
  expiresAt: z.number(),
});
export type Consent = z.infer<typeof consentSchema>;

/**
 * `deny`: this call and the token's others that wait for the same; `once`: this call; `allow`: this scope, or these writes of
 * the token, from now on.
 */
export const consentAnswerSchema = z.enum(['deny', 'once', 'allow']);
export type ConsentAnswer = z.infer<typeof consentAnswerSchema>;
