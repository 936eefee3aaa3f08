import { z } from 'zod';

/** What a token may allow. `read`: look at clusters, apps and logs; `shell`: run any command, which includes the others. */
export const tokenScopes = ['read', 'files', 'launch', 'jobs', 'shell'] as const;
export const tokenScopeSchema = z.enum(tokenScopes);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

export const tokenNameSchema = z
  .string()
  .trim()
  .min(1, 'Give the token a name.')
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'One line only.');

/** What a program other than the user's own clients proves itself with. Its text is not kept. */
export const tokenSchema = z.object({
  id: z.string(),
  name: tokenNameSchema,
  scopes: z.array(tokenScopeSchema).min(1),
  /** Ids of the clusters it is for; null: every cluster that allows the API. */
  clusters: z.array(z.string()).nullable(),
  /** Epoch ms, as all times here. */
  createdAt: z.number(),
  /** null: never. */
  expiresAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  lastUsedAt: z.number().nullable(),
  /** Scopes of which the first use asks the user. */
  asksFor: z.array(tokenScopeSchema).default([]),
  /** Each write asks the user. */
  confirmsWrites: z.boolean().default(false),
  /** Writes that the user allowed for good, by the names of their calls. */
  allowedCalls: z.array(z.string()).default([]),
});
export type Token = z.infer<typeof tokenSchema>;

/** Who makes a call: one of the user's own clients, or a program with a token. */
export type Caller = { readonly kind: 'owner' } | TokenCaller;

export interface TokenCaller {
  readonly kind: 'token';
  readonly token: Token;
  /** Ids of the clusters that it may use now. */
  readonly clusters: readonly string[];
}

export const owner: Caller = { kind: 'owner' };

/** Ids of the clusters of which a caller may know; null: all of them. */
export const visibleClusters = (caller: Caller): readonly string[] | null =>
  caller.kind === 'owner' ? null : caller.clusters;

export const seesCluster = (caller: Caller, clusterId: string): boolean =>
  visibleClusters(caller)?.includes(clusterId) ?? true;
