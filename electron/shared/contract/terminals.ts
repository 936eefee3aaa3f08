import { z } from 'zod';
import { keptTerminalIdSchema, keptTerminalSchema } from '../terminals.ts';
import { idOf, nothing, onCluster } from './common.ts';
import { commandErrors, request } from './define.ts';

export const requests = {
  'terminals.list': request({
    doc: 'The terminals of a cluster that keep running while nobody is connected, oldest first.',
    scope: 'shell',
    subject: onCluster,
    writes: false,
    http: 'GET /clusters/{clusterId}/terminals',
    input: z.object({ clusterId: idOf }),
    output: z.array(keptTerminalSchema),
    errors: commandErrors,
  }),
  'terminals.close': request({
    doc: 'Ends such a terminal and what runs in it. Nothing of it is left on its node.',
    scope: 'shell',
    subject: onCluster,
    audit: ({ id }) => id,
    http: 'DELETE /clusters/{clusterId}/terminals/{id}',
    input: z.object({ clusterId: idOf, id: keptTerminalIdSchema }),
    output: nothing,
    errors: commandErrors,
  }),
};
