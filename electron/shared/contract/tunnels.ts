import { z } from 'zod';
import { localEndSchema, tunnelSchema, tunnelTargetSchema } from '../tunnels.ts';
import { byId, idOf, noCluster, nothing, onCluster } from './common.ts';
import { connectionErrors, request } from './define.ts';

export const requests = {
  'tunnels.open': request({
    doc: 'Finds a route to a socket or port and listens for it on this computer, until it is closed or the engine ends.',
    scope: 'shell',
    subject: onCluster,
    audit: ({ local }) => local.kind,
    http: 'POST /clusters/{clusterId}/tunnels',
    example: { clusterId: 'hpc', target: { node: 'node012', port: 8888 }, local: { kind: 'port', port: 8888 } },
    input: z.object({ clusterId: idOf, target: tunnelTargetSchema, local: localEndSchema }),
    output: tunnelSchema,
    errors: [...connectionErrors, 'conflict', 'no-route', 'forwarding-denied'],
  }),
  'tunnels.list': request({
    doc: 'The open tunnels that the caller may know of, oldest first.',
    scope: 'read',
    subject: noCluster,
    http: ['GET /tunnels', 'GET /clusters/{clusterId}/tunnels'],
    input: z.object({ clusterId: idOf.optional() }),
    output: z.array(tunnelSchema),
  }),
  'tunnels.close': request({
    doc: 'Closes a tunnel and all connections through it.',
    scope: 'shell',
    subject: ({ id }) => ({ tunnelId: id }),
    audit: ({ id }) => id,
    http: 'DELETE /clusters/{clusterId}/tunnels/{id}',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
};
