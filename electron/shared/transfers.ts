import { z } from 'zod';
import { serializedErrorSchema } from './error-schemas.ts';

/** `upload`: from this computer to a cluster; `download`: the other way; `copy`: between clusters, through this computer. */
export const transferDirections = ['upload', 'download', 'copy'] as const;
export type TransferDirection = (typeof transferDirections)[number];

/** `waiting`: for an answer to `question`, or for a connection, as `error` says. */
export const transferStates = ['queued', 'active', 'waiting', 'paused', 'completed', 'failed', 'canceled'] as const;
export type TransferState = (typeof transferStates)[number];

const over = new Set<TransferState>(['completed', 'failed', 'canceled']);
/** It does not go on by itself. */
export const isTransferOver = ({ state }: { state: TransferState }): boolean => over.has(state);

/** What happens to a file that is there already. `newer`: it is replaced where it is older; `rename`: both are kept. */
export const conflictChoiceSchema = z.enum(['replace', 'newer', 'rename', 'skip']);
export type ConflictChoice = z.infer<typeof conflictChoiceSchema>;

export const transferOptionsSchema = z.strictObject({
  conflicts: z.enum(['ask', ...conflictChoiceSchema.options]).default('ask'),
  /** `follow`: what they lead to is copied. */
  links: z.enum(['keep', 'follow', 'skip']).default('keep'),
  /** Files that are there already are left out where they have the same size and time, or the same size and content. */
  changedOnly: z.enum(['no', 'time', 'hash']).default('no'),
  /** Each copy is read again and compared with its source before it gets its name. */
  verify: z.boolean().default(false),
  /** Bytes a second; 0: as fast as it goes. */
  limit: z.number().int().min(0).default(0),
});
export type TransferOptions = z.infer<typeof transferOptionsSchema>;

const describedFileSchema = z.object({
  /** Bytes; null: no file. */
  size: z.number().nullable(),
  /** Epoch ms. */
  modified: z.number(),
});
export type DescribedFile = z.infer<typeof describedFileSchema>;

/** Files that are there already. The others are copied meanwhile. */
const conflictQuestionSchema = z.object({
  count: z.number().int(),
  /** Some of them. `path`: from the destination on. */
  files: z.array(z.object({ path: z.string(), source: describedFileSchema, target: describedFileSchema })),
});
export type ConflictQuestion = z.infer<typeof conflictQuestionSchema>;

export const fileFailureSchema = z.object({ path: z.string(), error: serializedErrorSchema });
export type FileFailure = z.infer<typeof fileFailureSchema>;

const count = z.number().int().min(0);

/** A copy of files between this computer and a cluster, or between clusters. */
export const transferSchema = z.object({
  id: z.string(),
  direction: z.enum(transferDirections),
  /** Of a copy between clusters: where the files are. */
  clusterId: z.string(),
  /** Of a copy between clusters: where they go; else null. */
  toClusterId: z.string().nullable(),
  /** The first of them. */
  sources: z.array(z.string()),
  sourceCount: count,
  /** The folder into which they are copied. */
  destination: z.string(),
  options: transferOptionsSchema,
  state: z.enum(transferStates),
  /** `total`: 0 until the sources were listed; folders are not counted. `skipped`: left out by choice. */
  files: z.object({ total: count, done: count, failed: count, skipped: count }),
  bytes: z.object({ total: z.number(), done: z.number() }),
  /** Bytes a second, smoothed; 0: nothing moves. */
  speed: z.number(),
  remainingSeconds: z.number().nullable(),
  /** A file that is being copied. */
  current: z.string().nullable(),
  question: conflictQuestionSchema.nullable(),
  /** Why it failed or waits. */
  error: serializedErrorSchema.nullable(),
  /** The first files that could not be copied; `files.failed` counts all. */
  failures: z.array(fileFailureSchema),
  /** Epoch ms, as all times here. */
  createdAt: z.number(),
  endedAt: z.number().nullable(),
});
export type Transfer = z.infer<typeof transferSchema>;
