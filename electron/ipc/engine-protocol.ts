import { z } from 'zod';
import { serializedErrorSchema } from '../shared/error-schemas.ts';

/** What the main process and the engine's process say to each other directly; all else goes by the engine's socket. */

const id = z.number().int();
const failed = z.object({ ok: z.literal(false), error: serializedErrorSchema });

/** From the main process to the engine. */
export const toEngineSchema = z.discriminatedUnion('kind', [
  /** Ends everything that is open, then the process. */
  z.object({ kind: z.literal('dispose') }),
  z.object({
    kind: z.literal('demo-started'),
    id,
    result: z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), port: z.number().int() }), failed]),
  }),
  /** Its process has ended, asked to or by itself. */
  z.object({ kind: z.literal('demo-ended'), id }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

/** From the engine to the main process. */
export const fromEngineSchema = z.discriminatedUnion('kind', [
  /** Its socket can be asked. */
  z.object({ kind: z.literal('ready') }),
  /** It could not be made, or is in an unknown state; the process ends after it. */
  z.object({ kind: z.literal('failed'), error: serializedErrorSchema }),
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
  cli: z.string(),
  version: z.string(),
  versions: z.record(z.string(), z.string()),
});
export type EngineOptions = z.infer<typeof engineOptionsSchema>;
