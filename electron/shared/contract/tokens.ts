import { z } from 'zod';
import { auditEntrySchema, auditFilterSchema } from '../audit.ts';
import { consentAnswerSchema } from '../consents.ts';
import {
  changedLimitsSchema,
  tokenLimitsSchema,
  tokenNameSchema,
  tokenSchema,
  tokenScopeSchema,
  usedTokenSchema,
} from '../tokens.ts';
import { byId, idOf, noCluster, nothing } from './common.ts';
import { request } from './define.ts';

export const requests = {
  'tokens.create': request({
    doc: 'Makes a token for another program. Its text is in this answer only.',
    scope: 'owner',
    audit: ({ name }) => name,
    http: 'POST /tokens',
    example: { name: 'nightly', scopes: ['read', 'launch'], clusters: ['hpc'], expiresAt: null },
    input: z.object({
      name: tokenNameSchema,
      scopes: z.array(tokenScopeSchema).min(1, 'Give it at least one scope.'),
      /** Ids; null: every cluster that allows the API. */
      clusters: z.array(idOf).min(1).nullable(),
      /** Epoch ms; null: never. */
      expiresAt: z.number().nullable(),
      /** The first use of each scope waits for the user, who sees it in the state's `consents`. */
      ask: z.boolean().default(false),
      /** Each write waits for the user. */
      confirmsWrites: z.boolean().default(false),
      limits: tokenLimitsSchema.prefault({}),
    }),
    output: z.object({ token: tokenSchema, text: z.string() }),
    errors: ['conflict', 'not-found'],
  }),
  'tokens.list': request({
    doc: 'All tokens with what they used today, newest first, also expired and revoked ones.',
    scope: 'owner',
    http: 'GET /tokens',
    input: nothing,
    output: z.array(usedTokenSchema),
  }),
  'tokens.own': request({
    doc: "The token of the caller, without its text; null: one of the user's own clients asks.",
    scope: 'read',
    subject: noCluster,
    http: 'GET /token',
    input: nothing,
    output: tokenSchema.nullable(),
  }),
  'tokens.update': request({
    doc: 'Changes limits and the end of a token. Its next call keeps to them, and an open transfer soon.',
    scope: 'owner',
    audit: ({ id }) => id,
    http: 'PATCH /tokens/{id}',
    example: { id: '9f27ab51c0de', limits: { jobs: 40 } },
    input: byId.extend({
      limits: changedLimitsSchema.optional(),
      /** Epoch ms; null: never; absent: as before. */
      expiresAt: z.number().nullable().optional(),
    }),
    output: tokenSchema,
    errors: ['not-found', 'conflict'],
  }),
  'tokens.revoke': request({
    doc: 'Makes a token invalid at once: its calls from now on are refused, its open streams and events end.',
    scope: 'owner',
    audit: ({ id }) => id,
    http: 'DELETE /tokens/{id}',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
  'tokens.answerConsent': request({
    doc: "Decides a call of another program that waits in the state's `consents`. The first answer of any client counts.",
    scope: 'owner',
    audit: ({ id, answer }) => `${answer} ${id}`,
    http: 'POST /consents/{id}/answer',
    example: { id: '5f1c6f0e-9d0b-4a57-8a3e-0f6a9f4f2f11', answer: 'once' },
    input: z.object({ id: idOf, answer: consentAnswerSchema }),
    output: nothing,
    errors: ['not-found'],
  }),
  'audit.query': request({
    doc: 'Calls to the engine, newest first, a page at a time: every call of a token, and what the own clients changed.',
    scope: 'owner',
    http: 'GET /audit',
    input: auditFilterSchema.extend({
      /** `next` of the page before. */
      cursor: z.number().int().optional(),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    output: z.object({
      entries: z.array(auditEntrySchema),
      next: z.number().int().nullable(),
      total: z.number().int(),
    }),
  }),
};
