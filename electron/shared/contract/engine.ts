import { z } from 'zod';
import { serializedErrorSchema } from '../error-schemas.ts';
import { noCluster, nothing } from './common.ts';
import { event, request } from './define.ts';

/** `app`: the desktop app hosts it; `background`: a command started it; `command`: it lives inside one command. */
export const engineHosts = ['app', 'background', 'command'] as const;

/** The API on 127.0.0.1, where the user turned it on. */
const loopbackStatusSchema = z.object({
  /** Where it listens; null: it does not, or not yet. */
  port: z.number().int().nullable(),
  /** Why not. */
  error: serializedErrorSchema.nullable(),
});
export type LoopbackStatus = z.infer<typeof loopbackStatusSchema>;

export const engineStatusSchema = z.object({
  version: z.string(),
  host: z.enum(engineHosts),
  pid: z.number().int(),
  startedAt: z.number(),
  /** Clients that listen to events now. */
  clients: z.number().int(),
  /** Clusters with a live connection. */
  connections: z.array(z.string()),
  /** Running apps and jobs. */
  liveInstances: z.number().int(),
  /** Open terminals, commands and tunnels. */
  streams: z.number().int(),
  /** null: off. */
  loopback: loopbackStatusSchema.nullable(),
});
export type EngineStatus = z.infer<typeof engineStatusSchema>;

export const requests = {
  'engine.status': request({
    doc: 'Which engine answers, and what is live in it.',
    scope: 'read',
    subject: noCluster,
    http: 'GET /status',
    input: nothing,
    output: engineStatusSchema,
  }),
  'engine.stop': request({
    doc: 'Ends the engine: connections and tunnels close, running apps go on. Refused while something is live, unless forced.',
    scope: 'owner',
    input: z.object({ force: z.boolean().default(false) }),
    output: nothing,
    errors: ['conflict'],
  }),
  'demo.start': request({
    doc: 'Starts the built-in demo cluster, if it does not run, and saves it.',
    scope: 'owner',
    input: nothing,
    output: z.object({ clusterId: z.string() }),
  }),
};

export const events = {
  'engine.stopped': event({
    doc: 'The user ended the engine, and no event follows. A client starts another one only when the user asks for something.',
    scope: 'read',
    payload: serializedErrorSchema,
  }),
};
