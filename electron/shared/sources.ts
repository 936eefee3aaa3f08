import { z } from 'zod';

/** Recipes of other people: a git repository at one commit that the user has looked at. */
export const sourceSchema = z.object({
  id: z.string().min(1).max(100),
  url: z.string().max(2000),
  /** A branch or tag that updates follow; empty: the repository's own default. */
  ref: z
    .string()
    .max(200)
    .regex(/^(?![-/])[\w./-]*$/, 'A branch or tag has letters, digits, . _ - and /.'),
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  addedAt: z.number(),
});
export type Source = z.infer<typeof sourceSchema>;

export const sourceInputSchema = sourceSchema.pick({ url: true, ref: true });

/** What one recipe of a source may do, for the user to read before its first use. */
const recipeReviewSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Against the commit that is used now. */
  change: z.enum(['new', 'changed', 'same', 'removed']),
  /** A line each: files sent, commands, resources, ports. */
  may: z.array(z.string()),
  /** What its linting found: a line each with file, line and level, for people. */
  findings: z.array(z.object({ level: z.enum(['error', 'warning']), line: z.string() })),
});
export type RecipeReview = z.infer<typeof recipeReviewSchema>;

export const sourceReviewSchema = z.object({
  /** Names this review until it is accepted or discarded. */
  key: z.string(),
  /** The source this is an update of; null: a new one. */
  id: z.string().nullable(),
  url: z.string(),
  ref: z.string(),
  commit: z.string(),
  /** The commit used now; null: none. */
  before: z.string().nullable(),
  recipes: z.array(recipeReviewSchema),
  /** Recipes that cannot be used, and files that were left out, a line each. */
  problems: z.array(z.string()),
  files: z.number(),
  bytes: z.number(),
  /** What changed since `before`, as a unified diff; cut off at 200 kB. */
  diff: z.string(),
});
export type SourceReview = z.infer<typeof sourceReviewSchema>;
