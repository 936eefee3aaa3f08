import { z } from 'zod';
import { routeInfoSchema } from './instances.ts';

/** What a tunnel leads to, seen from `node`; empty: the login node. */
export const tunnelTargetSchema = z.union([
  z.object({ node: z.string().max(255).default(''), socket: z.string().min(1).max(4096) }),
  z.object({ node: z.string().max(255).default(''), port: z.number().int().min(1).max(65_535) }),
]);

/** The longest path that `bind` takes everywhere. */
export const MAX_SOCKET_PATH = 103;

/** Where a tunnel is to be reached on this computer. Left out: a socket in a private folder, any free port. */
export const localEndSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('socket'),
    path: z
      .string()
      .regex(/^(\/|[A-Za-z]:[\\/])[^\0\r\n]*$/, 'The whole path, from its root on, in one line.')
      .refine(
        (path) => new TextEncoder().encode(path).length <= MAX_SOCKET_PATH,
        'A socket path has at most 103 bytes.',
      )
      .optional(),
  }),
  z.object({ kind: z.literal('port'), port: z.number().int().min(0).max(65_535).default(0) }),
]);

const localAddressSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('socket'), path: z.string() }),
  z.object({ kind: z.literal('port'), port: z.number().int() }),
]);
export type LocalAddress = z.infer<typeof localAddressSchema>;

/** An open tunnel: a forward from this computer to an endpoint. */
export const tunnelSchema = z.object({
  id: z.string(),
  clusterId: z.string(),
  target: tunnelTargetSchema,
  local: localAddressSchema,
  /** How bytes travel; found again after its connection was lost. */
  route: routeInfoSchema,
  openedAt: z.number(),
});
export type TunnelState = z.infer<typeof tunnelSchema>;
