import { z } from 'zod';
import { instanceKindSchema, instanceSchema, instanceStateSchema } from '../instances.ts';
import { transitionSchema } from '../transitions.ts';
import { byId, byInstanceId, noCluster, nothing } from './common.ts';
import { event, request } from './define.ts';

/** Which instances: those that meet all conditions given. */
export const historyFilterSchema = z.object({
  /** Words that occur in the title, recipe, cluster name or id. */
  text: z.string().max(200).default(''),
  /** How the id begins. */
  idPrefix: z.string().min(1).max(100).optional(),
  clusterId: z.string().optional(),
  recipe: z.string().optional(),
  states: z.array(instanceStateSchema).min(1).optional(),
  kind: instanceKindSchema.optional(),
  /** Launched at this time or later, epoch ms. */
  from: z.number().optional(),
  /** Launched before this time, epoch ms. */
  to: z.number().optional(),
});
export type HistoryFilter = z.infer<typeof historyFilterSchema>;

const recipeUseSchema = z.object({
  recipe: z.string(),
  /** Launches from this computer, removed ones included. */
  times: z.number().int(),
  /** The last launch, epoch ms. */
  lastAt: z.number(),
});
export type RecipeUse = z.infer<typeof recipeUseSchema>;

export const requests = {
  'history.query': request({
    doc: 'Instances that this computer knows, live and ended, newest first, a page at a time, without their logs.',
    scope: 'read',
    subject: noCluster,
    http: ['GET /apps?kind=app', 'GET /clusters/{clusterId}/apps?kind=app'],
    input: historyFilterSchema.extend({
      /** `next` of the page before; absent: the first page. */
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    /** `next`: the cursor of the next page; null: this is the last one. */
    output: z.object({ instances: z.array(instanceSchema), next: z.string().nullable() }),
  }),
  'history.get': request({
    doc: 'One instance with the end of its log, also one that the state does not list any more.',
    scope: 'read',
    subject: byInstanceId,
    http: ['GET /apps/{id}', 'GET /clusters/{clusterId}/apps/{id}'],
    input: byId,
    output: instanceSchema,
    errors: ['not-found'],
  }),
  'history.recipeUse': request({
    doc: 'How often each recipe was launched, and when last.',
    scope: 'owner',
    input: nothing,
    output: z.object({ recipes: z.array(recipeUseSchema) }),
  }),
  'history.transitions': request({
    doc: 'Transitions after the one with this id, oldest first; without an id: the newest.',
    scope: 'read',
    subject: noCluster,
    http: 'GET /transitions',
    input: z.object({ after: z.number().int().optional(), limit: z.number().int().min(1).max(500).default(100) }),
    output: z.object({ transitions: z.array(transitionSchema) }),
  }),
};

export const events = {
  transition: event({
    doc: 'Something happened to an instance or a cluster that a user may want to hear of.',
    scope: 'read',
    payload: transitionSchema,
  }),
};
