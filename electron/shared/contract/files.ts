import { z } from 'zod';
import { fileListSchema, filePlaceSchema } from '../files.ts';
import { idOf, onCluster } from './common.ts';
import { commandErrors, request } from './define.ts';

export const requests = {
  'files.list': request({
    doc: 'The entries of a folder on a cluster; `nearest`: of the nearest folder above, where the path is none.',
    scope: 'read',
    subject: onCluster,
    audit: ({ path }) => path,
    input: z.object({ clusterId: idOf, path: z.string().max(4096), nearest: z.boolean().default(false) }),
    output: fileListSchema,
    errors: [...commandErrors, 'not-permitted'],
  }),
  'files.places': request({
    doc: 'Folders of a cluster worth a shortcut: home, work, scratch.',
    scope: 'read',
    subject: onCluster,
    input: z.object({ clusterId: idOf }),
    output: z.array(filePlaceSchema),
    errors: commandErrors,
  }),
};
