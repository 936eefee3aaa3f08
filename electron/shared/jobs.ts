import { z } from 'zod';
import { serializedErrorSchema } from './error-schemas.ts';
import { jobStatusSchema, launchInputSchema, resourcesSchema } from './instances.ts';
import { launcherNameSchema } from './kinds.ts';

/**
 * PSI/J's states, in lower case, and `submitting`: submitted here, and the scheduler has given no number yet. `new`: not
 * submitted.
 */
export const jobStates = ['new', 'submitting', 'queued', 'held', 'active', 'completed', 'failed', 'canceled'] as const;
export const jobStateSchema = z.enum(jobStates);
export type JobState = z.infer<typeof jobStateSchema>;

/** What the scheduler itself reports. */
const nativeJobSchema = z.object({
  /** Its own word, e.g. `PENDING`. */
  state: z.string(),
  /** Why it waits, is held or ended, with the scheduler's own word for it; empty: not known. */
  reason: z.string(),
  /** Its number there. */
  id: z.string(),
  node: z.string(),
  queue: z.string(),
  /** Epoch ms, only while it waits; null: not known. */
  expectedStart: z.number().nullable(),
  exitCode: z.number().nullable(),
  /** Which limit of its own it ended at; null: none. */
  limit: z.enum(['memory', 'time']).nullable(),
  /** Of a job array: how many of its tasks are in each state. */
  tasks: jobStatusSchema.shape.tasks.unwrap(),
  /** It waits for a job that did not end as required, so that it never begins. Absent: not so. */
  isDependencyLost: z.boolean().optional(),
});

/** The recipe that a job was created from, and the values of its form. */
const jobValuesSchema = z.object({ recipe: z.string(), args: launchInputSchema.shape.args.unwrap() });
export type JobValues = z.infer<typeof jobValuesSchema>;

/** One line, which also begins the name of its directory. */
export const jobNameSchema = z
  .string()
  .trim()
  .min(1, 'Give the job a name.')
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'One line only.');

export const jobScriptSchema = z.string().min(1, 'The script is empty.').max(100_000);

/** What one part of a path in a job's directory may be: no name that leads elsewhere, and one line. */
const part = '(?!\\.{1,2}(?:/|$))[^/\\0\\r\\n]+';

/** A file or folder in a job's directory. */
export const jobPathSchema = z
  .string()
  .max(4096)
  .regex(
    new RegExp(`^${part}(?:/${part})*$`),
    'Give a path in the directory of the job: without a leading slash, “.”, “..”, empty parts, NUL or line breaks.',
  );

/** A batch job: a directory on a cluster with inputs, a script and results, and a state. */
export const jobSchema = z.object({
  /** Ten characters. */
  id: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  name: z.string(),
  launcher: launcherNameSchema,
  /** Absolute, on the cluster; empty: not known here. */
  directory: z.string(),
  /** Its text; null: not read with a list of jobs, or not known here. */
  script: z.string().nullable(),
  resources: resourcesSchema,
  modules: z.array(z.string()),
  /** null: it was created from a script. */
  values: jobValuesSchema.nullable(),
  /** Epoch ms, as all times here. */
  createdAt: z.number(),
  submittedAt: z.number().nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  state: jobStateSchema,
  /** null: the scheduler knows nothing of it yet. */
  native: nativeJobSchema.nullable(),
  error: serializedErrorSchema.nullable(),
  archived: z.boolean(),
  /** The id of the job whose inputs, script and values it was created with. */
  rerunOf: z.string().nullable(),
});
export type Job = z.infer<typeof jobSchema>;

/** One task of a job array. */
export const jobTaskSchema = z.object({
  index: z.number().int(),
  state: jobStateSchema,
  /** The scheduler's own word for its state. */
  nativeState: z.string(),
  /** Why it waits, is held or ended; empty: not known. */
  reason: z.string(),
  exitCode: z.number().nullable(),
  /** What ended it, where it did not exit by itself. */
  signal: z.number().nullable(),
  node: z.string(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type JobTask = z.infer<typeof jobTaskSchema>;

/** A task that is over without having completed. */
export const hasTaskFailed = ({ state }: Pick<JobTask, 'state'>): boolean => state === 'failed' || state === 'canceled';

/** What a scheduler says of a job that it would take. */
export const jobCheckSchema = z.object({
  launcher: launcherNameSchema,
  /** As it prints it; null: this scheduler cannot be asked, or there is none. */
  answer: z.string().nullable(),
  /** When the job would begin, epoch ms; null: it does not say. */
  expectedStart: z.number().nullable(),
  /** Where it would run; empty: it does not say. */
  nodes: z.string(),
});
export type JobCheck = z.infer<typeof jobCheckSchema>;

export const isJobOver = (state: JobState): boolean =>
  state === 'completed' || state === 'failed' || state === 'canceled';
