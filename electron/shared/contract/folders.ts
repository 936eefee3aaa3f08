import { z } from 'zod';
import { folderInputSchema, folderSourceSchema, inspectionSchema, syncReportSchema } from '../folders.ts';
import { byId, nothing } from './common.ts';
import { commandErrors, request } from './define.ts';

const onCluster = z.object({ id: z.string().max(100), clusterId: z.string().max(100) });

export const requests = {
  'folders.inspect': request({
    doc: 'What a folder, zip or git repository is and what would be uploaded; `clusterId`: who clones a git address.',
    scope: 'owner',
    input: z.object({ source: folderSourceSchema, clusterId: z.string().max(100).optional() }),
    output: inspectionSchema,
    errors: [...commandErrors, 'recipe-invalid'],
  }),
  'folders.save': request({
    doc: "Makes or changes a recipe of the user's own that runs a folder.",
    scope: 'owner',
    input: z.object({ id: z.string().max(100).optional(), input: folderInputSchema }),
    output: z.object({ id: z.string(), recipe: z.string() }),
    errors: ['not-found', 'conflict', 'recipe-invalid'],
  }),
  'folders.remove': request({
    doc: 'Removes such a recipe; the folder itself stays.',
    scope: 'owner',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
  'folders.sync': request({
    doc: 'Uploads what changed, without a launch.',
    scope: 'owner',
    input: onCluster,
    output: syncReportSchema,
    errors: [...commandErrors, 'conflict'],
  }),
  'folders.clean': request({
    doc: "Removes a folder's files and environments from a cluster.",
    scope: 'owner',
    input: onCluster,
    output: nothing,
    errors: [...commandErrors, 'conflict'],
  }),
  'folders.watch': request({
    doc: 'Uploads the folder of a running app at each save and restarts the app.',
    scope: 'owner',
    input: z.object({ instanceId: z.string().max(100), on: z.boolean() }),
    output: nothing,
    errors: ['not-found', 'conflict'],
  }),
};
