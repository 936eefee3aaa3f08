import { z } from 'zod';
import { serializedErrorSchema } from './error-schemas.ts';
import { launcherNameSchema, routeKindSchema, runtimeNameSchema } from './kinds.ts';

/** What a launch asks of a scheduler. Memory in MiB, time in minutes; null: the site's default. */
export const resourcesSchema = z.object({
  cpus: z.number().int().min(1).max(100_000).nullable().default(null),
  memory: z.number().int().min(1).nullable().default(null),
  time: z.number().int().min(1).nullable().default(null),
  gpus: z.number().int().min(0).max(1000).nullable().default(null),
  /** Which kind of GPU, by the scheduler's name of it (`Queue.gpuTypes`); empty: any. */
  gpuType: z.string().max(200).default(''),
  queue: z.string().max(200).default(''),
  account: z.string().max(200).default(''),
  nodes: z.number().int().min(1).max(10_000).nullable().default(null),
  /** Slurm's quality of service. */
  qos: z.string().max(200).default(''),
  /** The scheduler's own options, each a word of its command line or a line of its submit file, e.g. `--constraint=avx2`. */
  options: z.array(z.string().min(1).max(1000)).max(50).default([]),
  /** Batch only: tasks of a job array, e.g. `1-100`, `1-100%5` or `3,7,9-12`; empty: one job. */
  array: z.string().max(10_000).default(''),
});
export type Resources = z.infer<typeof resourcesSchema>;

const argValueSchema = z.union([z.string().max(100_000), z.number(), z.boolean()]);
export const launchInputSchema = z.object({
  clusterId: z.string(),
  recipe: z.string(),
  /** Empty: the cluster's default, else the recipe's own where it is there, else the first that both know. */
  launcher: z.union([launcherNameSchema, z.literal('')]).default(''),
  /** Empty: the cluster's default, else a container where the recipe has one and the cluster can run it, else native. */
  runtime: z.union([runtimeNameSchema, z.literal('')]).default(''),
  /** Instead of the recipe's own: a registry name, or the path of a .sif or .tar there. Empty: the recipe's. */
  image: z
    .string()
    .max(1000)
    .regex(/^[^\0\r\n]*$/, 'One line only.')
    .default(''),
  args: z.record(z.string(), argValueSchema).default({}),
  resources: resourcesSchema.prefault({}),
  modules: z.array(z.string().max(200)).max(50).default([]),
  workDirectory: z
    .string()
    .max(4096)
    .regex(/^[^\0\r\n]*$/, 'A path is one line of text.')
    .default(''),
  /** What the user calls it; empty: the recipe's title. */
  title: z.string().max(100).default(''),
});
export type LaunchInput = z.infer<typeof launchInputSchema>;

/** `ready`: an app that answers; `running`: a batch job that runs; `interrupted`: a launch that waits for the user to continue or forget it. */
const instanceStates = [
  'starting',
  'waiting',
  'ready',
  'running',
  'reconnecting',
  'stopping',
  'interrupted',
  'ended',
  'failed',
] as const;
export const instanceStateSchema = z.enum(instanceStates);
export type InstanceState = z.infer<typeof instanceStateSchema>;

/** A batch job serves nothing, so it has no view, no route and is never ready. */
export const instanceKindSchema = z.enum(['app', 'job']);
export type InstanceKind = z.infer<typeof instanceKindSchema>;

/** `image`: only in a container; `tunnel` and `ready`: only of an app. */
export const stepNames = ['connect', 'upload', 'image', 'submit', 'queue', 'start', 'tunnel', 'ready'] as const;
const stepSchema = z.object({
  name: z.enum(stepNames),
  state: z.enum(['todo', 'now', 'done', 'failed']),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type Step = z.infer<typeof stepSchema>;

export const endpointSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('socket'), node: z.string(), path: z.string() }),
  z.object({ kind: z.literal('port'), node: z.string(), port: z.number().int().min(1).max(65535) }),
]);
export type Endpoint = z.infer<typeof endpointSchema>;

export const routeInfoSchema = z.object({
  kind: routeKindSchema,
  /** e.g. `socket through the node`. */
  text: z.string(),
  /** Routes tried before it, and why they were not used. */
  refused: z.array(z.object({ kind: routeKindSchema, reason: z.string() })),
  warning: z.string().nullable(),
});
export type RouteInfo = z.infer<typeof routeInfoSchema>;

/** A job as its scheduler tells of it; the same shape for every launcher. Times are epoch ms. */
const jobStateSchema = z.enum([
  'pending',
  'running',
  /** It will not begin until somebody releases it; `heldBy` says who held it. */
  'held',
  'completed',
  'failed',
  'cancelled',
  'timeout',
  'out-of-memory',
  'node-fail',
  'preempted',
  'unknown',
]);
export const jobStatusSchema = z.object({
  id: z.string(),
  state: jobStateSchema,
  /** The scheduler's own word, e.g. `OUT_OF_MEMORY`. */
  nativeState: z.string(),
  /** Why it waits, is held or ended, as a phrase of ours; empty: the scheduler's own reason is not known to us. */
  reason: z.string(),
  /** The same as the scheduler says it, e.g. `Resources`. */
  nativeReason: z.string().default(''),
  node: z.string(),
  queue: z.string(),
  submittedAt: z.number().nullable(),
  /** Expected start while pending, real start after. */
  startsAt: z.number().nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  endsAt: z.number().nullable(),
  exitCode: z.number().nullable(),
  signal: z.number().nullable(),
  /** `user`: it can be released and then goes on; `system`: something failed, and the reasons say what. Empty: not held. */
  heldBy: z.enum(['', 'user', 'system']).default(''),
  /** Of a job array: how many of its tasks are in each state. */
  tasks: z
    .object({ pending: z.number(), running: z.number(), completed: z.number(), failed: z.number() })
    .nullable()
    .default(null),
});
export type JobStatus = z.infer<typeof jobStatusSchema>;

export type JobReason = Pick<JobStatus, 'reason' | 'nativeReason'>;

/** Both reasons in one line: `waiting for enough free resources (Resources)`; empty where there is none. */
export function describeReason({ reason, nativeReason }: JobReason): string {
  if (reason === '' || nativeReason === '') return reason + nativeReason;
  return `${reason} (${nativeReason})`;
}

/** A job of which nothing is known but its number. */
export const unknownJob = (id: string): JobStatus => ({
  id,
  state: 'unknown',
  nativeState: '',
  reason: '',
  nativeReason: '',
  node: '',
  queue: '',
  submittedAt: null,
  startsAt: null,
  startedAt: null,
  endedAt: null,
  endsAt: null,
  exitCode: null,
  signal: null,
  heldBy: '',
  tasks: null,
});

/** Who besides the user can reach an endpoint, as found out there; from nobody to whoever reaches the cluster. */
export const exposureSchema = z.object({
  level: z.enum(['only-you', 'group', 'node', 'cluster', 'unknown']),
  /** One line, e.g. `Only you: the folder is closed to others.` */
  text: z.string(),
  /** What was looked at and what it said, a line each. */
  evidence: z.array(z.string()),
  checkedAt: z.number(),
});
export type Exposure = z.infer<typeof exposureSchema>;

/** How far the step that runs now has come. `fraction` 0..1, null: not known. */
export const progressSchema = z.object({ fraction: z.number().nullable(), text: z.string() });
export type Progress = z.infer<typeof progressSchema>;

/** What a user may need of a running app. The value of a secret is asked for by `instances.note`; here it is empty. */
const noteSchema = z.object({ label: z.string(), value: z.string(), secret: z.boolean() });
export type Note = z.infer<typeof noteSchema>;

export const instanceSchema = z.object({
  /** Ten characters, also the name of its directory there and of its origin here. */
  id: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  recipe: z.string(),
  kind: instanceKindSchema,
  title: z.string(),
  icon: z.string(),
  launcher: launcherNameSchema,
  runtime: runtimeNameSchema.default('native'),
  state: instanceStateSchema,
  steps: z.array(stepSchema),
  progress: progressSchema.nullable().default(null),
  createdAt: z.number(),
  /** When the app answered for the first time; null: not yet, or a batch job. */
  readyAt: z.number().nullable().default(null),
  endedAt: z.number().nullable(),
  job: jobStatusSchema.nullable(),
  endpoint: endpointSchema.nullable(),
  route: routeInfoSchema.nullable(),
  exposure: exposureSchema.nullable().default(null),
  /** Of a recipe of Tunel's, when it is ready. */
  notes: z.array(noteSchema).optional(),
  /** Where its view begins, e.g. `/lab`; empty: nothing to open. */
  path: z.string(),
  error: serializedErrorSchema.nullable(),
  /** Last lines of the log, kept after the end as evidence. */
  logTail: z.string(),
  /** The bytes of the log that `logTail` shows; null: not known. Where secrets are hidden the text has another length. */
  logSpan: z.object({ offset: z.number(), next: z.number() }).nullable().default(null),
  directory: z.string(),
  /** Where its script runs, absolute; absent: not known here. */
  workDirectory: z.string().optional(),
  /** It is over because somebody wanted that. */
  stopped: z.boolean().optional(),
  input: launchInputSchema.nullable(),
});
export type Instance = z.infer<typeof instanceSchema>;
