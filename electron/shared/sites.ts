import { z } from 'zod';
import { launcherNameSchema, routeKindSchema, runtimeNameSchema } from './kinds.ts';

const name = z.string().trim().min(1).max(200);

/** One queue as a site describes it; what is left out stays as it was detected. Memory in MiB, time in minutes. */
export const siteQueueSchema = z.strictObject({
  name,
  description: z.string().max(500).default(''),
  maxTime: z.number().int().positive().optional(),
  maxMemory: z.number().int().positive().optional(),
  maxCpus: z.number().int().positive().optional(),
  maxGpus: z.number().int().min(0).optional(),
});

/** A cluster's facts in one small file, written by who runs it or knows it; docs/sites.md. */
export const siteProfileSchema = z.strictObject({
  site: name,
  /** Where to read more, and whom to ask. */
  docs: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  host: z.string().max(255).optional(),
  /** Shown on the cluster's card and in its launch form. */
  message: z.string().max(2000).default(''),
  launcher: launcherNameSchema.optional(),
  runtime: runtimeNameSchema.optional(),
  /** Those to offer, the usual one first; empty: all that are detected. */
  queues: z.array(siteQueueSchema).max(200).default([]),
  accounts: z.array(name).max(200).default([]),
  modules: z.array(name).max(50).default([]),
  workDirectory: z.string().max(4096).optional(),
  /** Ways that must not be tried there. */
  forbiddenRoutes: z.array(routeKindSchema).default([]),
  /** Seconds at least between two questions to the scheduler. */
  pollInterval: z.number().min(2).max(3600).optional(),
});
export type SiteProfile = z.infer<typeof siteProfileSchema>;
