import { z } from 'zod';
import {
  conflictChoiceSchema,
  transferDirections,
  transferOptionsSchema,
  transferSchema,
  transferStates,
} from '../transfers.ts';
import { idOf, nothing } from './common.ts';
import { request } from './define.ts';

const path = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0]*$/, 'A path has no NUL.');
const byId = z.strictObject({ id: idOf });

// Of the user's own clients only, since the paths are those of this computer: a program with a token streams the bytes itself.

export const requests = {
  'transfers.start': request({
    doc: 'Copies files and folders into a folder, between this computer and a cluster or between clusters; it goes on without its client.',
    scope: 'owner',
    http: 'POST /transfers',
    example: {
      clusterId: 'hpc',
      direction: 'upload',
      sources: ['/home/me/data'],
      destination: 'data-2026',
      conflicts: 'skip',
    },
    audit: ({ direction, sources, destination }) => `${direction} ${sources[0]} -> ${destination}`,
    input: z.strictObject({
      direction: z.enum(transferDirections),
      clusterId: idOf,
      /** Of a copy between clusters: where the files go. */
      toClusterId: idOf.optional(),
      /** Absolute paths of this computer, or paths of the cluster. */
      sources: z.array(path).min(1).max(10_000),
      /** A folder, which is made where it is not there. */
      destination: path,
      ...transferOptionsSchema.shape,
      /** A repeated request with the same key answers with the transfer that the first one made. */
      key: z.string().min(1).max(200).optional(),
    }),
    output: transferSchema,
    errors: ['not-found', 'key-reused'],
  }),
  'transfers.list': request({
    doc: 'Transfers that go on or wait, in the order of the queue, and those that are over, the last first.',
    scope: 'owner',
    http: 'GET /transfers',
    input: z.strictObject({
      clusterId: idOf.optional(),
      states: z.array(z.enum(transferStates)).min(1).optional(),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    output: z.array(transferSchema),
  }),
  'transfers.get': request({
    doc: 'One transfer, with up to a thousand of the files that could not be copied.',
    scope: 'owner',
    http: 'GET /transfers/{id}',
    input: byId,
    output: transferSchema,
    errors: ['not-found'],
  }),
  'transfers.pause': request({
    doc: 'Stops a transfer until it is resumed; what was copied stays.',
    scope: 'owner',
    http: 'POST /transfers/{id}/pause',
    input: byId,
    output: transferSchema,
    errors: ['not-found', 'conflict'],
  }),
  'transfers.resume': request({
    doc: 'Goes on with a transfer that was paused, or that waits for a connection.',
    scope: 'owner',
    http: 'POST /transfers/{id}/resume',
    input: byId,
    output: transferSchema,
    errors: ['not-found', 'conflict'],
  }),
  'transfers.cancel': request({
    doc: 'Ends a transfer; files that are complete stay.',
    scope: 'owner',
    http: 'POST /transfers/{id}/cancel',
    input: byId,
    output: transferSchema,
    errors: ['not-found'],
  }),
  'transfers.retry': request({
    doc: 'Copies once more what a transfer that is over did not copy.',
    scope: 'owner',
    http: 'POST /transfers/{id}/retry',
    input: byId,
    output: transferSchema,
    errors: ['not-found', 'conflict'],
  }),
  'transfers.remove': request({
    doc: 'Takes transfers off the list that are over: one, or all.',
    scope: 'owner',
    http: ['DELETE /transfers/{id}', 'DELETE /transfers'],
    input: z.strictObject({ id: idOf.optional() }),
    output: nothing,
    errors: ['not-found', 'conflict'],
  }),
  'transfers.answerConflict': request({
    doc: 'Says what happens to files that are there already: to those given, or to all that were asked about.',
    scope: 'owner',
    http: 'POST /transfers/{id}/answer',
    example: { id: '9f86d081884c7d65', choice: 'newer' },
    input: z.strictObject({
      id: idOf,
      choice: conflictChoiceSchema,
      /** As in the question; absent: all. */
      paths: z.array(path).min(1).max(10_000).optional(),
    }),
    output: transferSchema,
    errors: ['not-found', 'conflict'],
  }),
  'transfers.move': request({
    doc: 'Gives a transfer that is not over another position in its queue: before another one, or last.',
    scope: 'owner',
    http: 'POST /transfers/{id}/move',
    example: { id: '9f86d081884c7d65', before: null },
    input: z.strictObject({ id: idOf, before: idOf.nullable() }),
    output: nothing,
    errors: ['not-found'],
  }),
  'transfers.setLimit': request({
    doc: 'Limits how fast a transfer goes, in bytes a second, 0: not at all; without an id: all of them together.',
    scope: 'owner',
    http: ['PUT /transfers/{id}/limit', 'PUT /transfers/limit'],
    example: { limit: 10_000_000 },
    input: z.strictObject({ id: idOf.optional(), limit: z.number().int().min(0) }),
    output: nothing,
    errors: ['not-found'],
  }),
};
