import { z } from 'zod';
import { launcherNameSchema, routeKindSchema, runtimeNameSchema } from './kinds.ts';

// A profile comes from elsewhere and is printed on terminals and cards: nothing in it may move a cursor or turn the writing round.
const unprintable = '\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069';
const oneLine = new RegExp(`^[^${unprintable}]*$`, 'u');
const manyLines = new RegExp(`^(?:[^${unprintable}]|[\\n\\t])*$`, 'u');

const name = z.string().trim().min(1).max(200).regex(oneLine, 'One line of printable text only.');
const text = (max: number) => z.string().trim().max(max).regex(manyLines, 'Printable text only.');

/** One queue as a site describes it; what is left out stays as it was detected. Memory in MiB, time in minutes. */
const siteQueueSchema = z.strictObject({
  name,
  description: text(500).default(''),
  maxTime: z.number().int().positive().optional(),
  maxMemory: z.number().int().positive().optional(),
  maxCpus: z.number().int().positive().optional(),
  maxGpus: z.number().int().min(0).optional(),
});
export type SiteQueue = z.infer<typeof siteQueueSchema>;

/** A directory on the cluster. YAML reads a bare `~` as null. */
const directory = z
  .string()
  .max(4096)
  .regex(oneLine, 'One line of printable text only.')
  .regex(/^(?:~$|~\/|\/|\$USER|\$\{USER\})/, 'Begins with / or ~.')
  .refine((path) => !/\$(?!USER\b|\{USER\})|`/.test(path), 'Of variables only $USER is known.')
  .nullish()
  .transform((path) => path ?? undefined)
  .optional();

/** What a scheduler does not say of itself; docs/sites.md. What is left out is found out by trying, where that is possible. */
const schedulerFactsSchema = z.strictObject({
  /** What a request for memory counts by; `none`: it must not be named at all. */
  memory: z.enum(['per-node', 'per-core', 'per-slot', 'none']).optional(),
  /** PBS: whether chunks (`-l select=`) may be asked for. */
  select: z.boolean().optional(),
  /** The cluster behind the login node, where the scheduler serves several. */
  cluster: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'The name of one cluster: letters, digits, dots, hyphens and underscores.')
    .optional(),
  /** A directory to submit from, where the scheduler refuses the one with the home directories. */
  submitFrom: directory,
  /** Whether the scheduler keeps jobs that have ended: `qstat -x`, condor_history. */
  jobHistory: z.boolean().optional(),
  /** Whether users may read accounting: sacct, the accounting file of Grid Engine. */
  accounting: z.boolean().optional(),
});
export type SchedulerFacts = z.infer<typeof schedulerFactsSchema>;

/** A cluster's facts in one small file, written by who runs it or knows it; docs/sites.md. It holds no commands. */
export const siteProfileSchema = z.strictObject({
  site: name,
  /** Where to read more, and whom to ask. */
  docs: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .regex(oneLine)
    .optional(),
  /** The name of its login node. */
  host: z
    .string()
    .max(255)
    .regex(/^[A-Za-z0-9._:-]+$/, 'Only letters, digits, dots, colons and hyphens.')
    .optional(),
  /** Shown on the cluster's card and in its launch form. */
  message: text(2000).default(''),
  launcher: launcherNameSchema.optional(),
  runtime: runtimeNameSchema.optional(),
  /** Those to offer, the usual one first; empty: all that are detected. */
  queues: z
    .array(siteQueueSchema)
    .max(200)
    .refine((queues) => new Set(queues.map((queue) => queue.name)).size === queues.length, 'Each queue only once.')
    .default([]),
  /** Those to offer, the usual one first; empty: all that are detected. */
  accounts: z.array(name).max(200).default([]),
  /** Loaded in every launch, before the cluster's own. */
  modules: z.array(name).max(50).default([]),
  scheduler: schedulerFactsSchema.optional(),
  /** `~` and `$USER` stand for the home directory and the user's name there. */
  workDirectory: directory,
  /** Container images to offer in forms, and folders of them, on the cluster. */
  images: z
    .array(
      name
        .regex(/^(?:~\/|\/)/, 'Begins with / or ~/.')
        .refine((path) => !/[$`*?[]/.test(path), 'A plain path, without variables and patterns.'),
    )
    .max(100)
    .optional(),
  /** Routes that must not be tried there. */
  forbiddenRoutes: z.array(routeKindSchema).default([]),
  /** Whether an sshd of the user's own may be started on a node, for other tools. It listens nowhere. */
  userSshd: z.enum(['allowed', 'forbidden']).optional(),
  /** Whether programs with a token may use the cluster; without it the user decides. */
  api: z.enum(['allowed', 'forbidden']).optional(),
  /** Why not, or what they have to keep to. */
  apiMessage: text(500).default(''),
  /** Seconds at least between two questions to the scheduler. */
  pollInterval: z.number().min(2).max(3600).optional(),
});
export type SiteProfile = z.infer<typeof siteProfileSchema>;

/** A profile that ships with the app, by the name `sites.read` takes. */
export const shippedSiteSchema = z.object({ name: z.string(), profile: siteProfileSchema });
export type ShippedSite = z.infer<typeof shippedSiteSchema>;

/** A profile as it was read, for the user to look at before it is taken over. */
export const siteReadingSchema = z.object({
  profile: siteProfileSchema,
  /** Where it was read in the end: a path, an address after its redirects, or `shipped: NAME`. */
  source: z.string(),
  /** What it changes, a line each. */
  review: z.array(z.string()),
});
export type SiteReading = z.infer<typeof siteReadingSchema>;
