import { z } from 'zod';
import { serializedErrorSchema } from '../shared/errors.ts';
import { stateChangeSchema } from '../shared/state-patch.ts';
import { transitionSchema } from '../shared/transitions.ts';

/** Answered by the engine for the main process alone: it holds a view's secret. Not in the contract of the page. */
export const viewAccessRequest = 'engine.viewAccess';

export const viewAccessSchema = z.object({
  origin: z.url({ protocol: /^https$/ }),
  host: z.string().regex(/^[a-z0-9-]+\.apps\.internal$/),
  proxyPort: z.number().int().min(1).max(65535),
  secretHeader: z.object({ name: z.string().min(1), value: z.string().min(1) }),
  certificateFingerprint: z.string().startsWith('sha256/'),
});

const id = z.number().int();
const failed = z.object({ ok: z.literal(false), error: serializedErrorSchema });

/** From the main process to the engine. */
export const toEngineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), id, name: z.string(), input: z.unknown() }),
  z.object({ kind: z.literal('cancel'), id }),
  /** Ends everything that is open, then the process. */
  z.object({ kind: z.literal('dispose') }),
  z.object({
    kind: z.literal('demo-started'),
    id,
    result: z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), port: z.number().int() }), failed]),
  }),
  z.object({ kind: z.literal('demo-stopped'), id }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

/** From the engine to the main process. */
export const fromEngineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** The core could not be made; the process ends after it. */
  z.object({ kind: z.literal('failed'), error: serializedErrorSchema }),
  z.object({
    kind: z.literal('reply'),
    id,
    result: z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), value: z.unknown() }), failed]),
  }),
  stateChangeSchema.extend({ kind: z.literal('changes') }),
  z.object({ kind: z.literal('transition'), transition: transitionSchema }),
  z.object({ kind: z.literal('log'), id: z.string(), offset: z.number(), text: z.string() }),
  /** Only the main process can fork another utility process, and a packaged app has no plain Node. */
  z.object({ kind: z.literal('demo-start'), id, folder: z.string(), lastPort: z.number().int() }),
  z.object({ kind: z.literal('demo-stop'), id }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;

/** Given to the engine as its only argument, JSON. */
export const engineOptionsSchema = z.object({
  data: z.string(),
  recipes: z.string(),
  sites: z.string(),
  pages: z.string(),
  demoCluster: z.string(),
  versions: z.record(z.string(), z.string()),
});
export type EngineOptions = z.infer<typeof engineOptionsSchema>;
