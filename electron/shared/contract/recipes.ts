import { z } from 'zod';
import { launchInputSchema } from '../instances.ts';
import { recipeSummarySchema } from '../recipes.ts';
import { sourceInputSchema, sourceReviewSchema } from '../sources.ts';
import { byId, noCluster, nothing, onCluster } from './common.ts';
import { commandErrors, launchErrors, request } from './define.ts';

export const requests = {
  'recipes.list': request({
    doc: 'The recipes that a launch can name, by their titles: what each does, needs and accepts.',
    scope: 'read',
    subject: noCluster,
    http: 'GET /recipes',
    input: nothing,
    output: z.array(recipeSummarySchema),
  }),
  'recipes.reload': request({
    doc: 'Reads all recipe folders again.',
    scope: 'owner',
    input: nothing,
    output: nothing,
  }),
  'recipes.preview': request({
    doc: 'The script and the submit command of a launch as they would be sent.',
    scope: 'read',
    subject: onCluster,
    http: 'POST /clusters/{clusterId}/apps/preview',
    example: { clusterId: 'hpc', recipe: 'jupyter' },
    input: launchInputSchema,
    output: z.object({ script: z.string(), submit: z.string(), launcher: z.string() }),
    errors: launchErrors,
  }),
  'recipes.verify': request({
    doc: "Whether the cluster's scheduler would accept a launch, as it prints it; null: it cannot be asked.",
    scope: 'read',
    subject: onCluster,
    http: 'POST /clusters/{clusterId}/apps/verify',
    example: { clusterId: 'hpc', recipe: 'jupyter', launcher: 'slurm' },
    input: launchInputSchema,
    output: z.object({ launcher: z.string(), answer: z.string().nullable() }),
    errors: [...new Set([...commandErrors, ...launchErrors, 'account-invalid', 'submit-failed'] as const)],
  }),
  'sources.review': request({
    doc: "Fetches a repository of recipes, or an accepted one's newest commit, and says what it may do; nothing is used yet.",
    scope: 'owner',
    input: z.union([sourceInputSchema, byId]),
    output: sourceReviewSchema,
    errors: ['not-found', 'conflict', 'command-failed', 'command-missing', 'recipe-invalid', 'timeout'],
  }),
  'sources.accept': request({
    doc: 'Takes over what was reviewed, by the key of its review.',
    scope: 'owner',
    input: z.object({ key: z.string() }),
    output: byId,
    errors: ['not-found', 'conflict'],
  }),
  'sources.discard': request({
    doc: 'Forgets a review.',
    scope: 'owner',
    input: z.object({ key: z.string() }),
    output: nothing,
  }),
  'sources.remove': request({
    doc: 'Removes a repository of recipes from this computer.',
    scope: 'owner',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
};
