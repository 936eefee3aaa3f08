import { z } from 'zod';
import { localEndSchema, tunnelSchema, tunnelTargetSchema } from '../tunnels.ts';
import { byId, idOf, nothing, onCluster } from './common.ts';
import { connectionErrors, request } from './define.ts';

export const requests = {
  'tunnels.open': request({
    doc: 'Finds a route to a socket or port and listens for it on this computer, until it is closed or the engine ends.',
    scope: 'shell',
    subject: onCluster,
    audit: ({ local }) => local.kind,
    input: z.object({ clusterId: idOf, target: tunnelTargetSchema, local: localEndSchema }),
    output: tunnelSchema,
    errors: [...connectionErrors, 'conflict', 'no-route', 'forwarding-denied'],
  }),
  'tunnels.close': request({
    doc: 'Closes a tunnel and all connections through it.',
    scope: 'shell',
    subject: ({ id }) => ({ tunnelId: id }),
    audit: ({ id }) => id,
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
};
