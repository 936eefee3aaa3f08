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

const limits = {
  /** A day; each task of a job array is one. */
  jobs: z.number().int().min(0).max(1_000_000).nullable(),
  /** Of one job, on all of its nodes. */
  cpus: z.number().int().min(1).max(10_000_000).nullable(),
  gpus: z.number().int().min(0).max(1_000_000).nullable(),
  /** The time limit that one job has to ask for at most. */
  hours: z.number().positive().max(100_000).nullable(),
  /** Sent and received a day. */
  bytes: z.number().int().min(0).nullable(),
};

/** What a token may use at most; null: as much as the user. A job is here whatever it starts, apps too. */
export const tokenLimitsSchema = z.object({
  jobs: limits.jobs.default(null),
  cpus: limits.cpus.default(null),
  gpus: limits.gpus.default(null),
  hours: limits.hours.default(null),
  bytes: limits.bytes.default(null),
});
export type TokenLimits = z.infer<typeof tokenLimitsSchema>;

/** Some of the limits; the others stay as they are. */
export const changedLimitsSchema = z.object(limits).partial();

/** What a token used today, by the day of this computer. */
export const tokenUsageSchema = z.object({
  calls: z.number().int(),
  jobs: z.number().int(),
  bytes: z.number().int(),
});
export type TokenUsage = z.infer<typeof tokenUsageSchema>;

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
  limits: tokenLimitsSchema.prefault({}),
});
export type Token = z.infer<typeof tokenSchema>;

export const usedTokenSchema = tokenSchema.extend({ today: tokenUsageSchema });
export type UsedToken = z.infer<typeof usedTokenSchema>;

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
