import { z } from 'zod';
import { fileInfoSchema, fileListSchema, filePlaceSchema, folderUsageSchema, remotePathSchema } from '../files.ts';
import { idOf, nothing, onCluster } from './common.ts';
import { commandErrors, request } from './define.ts';

/** Of something that is there or is to be made, and not the home directory itself. */
const namedPath = remotePathSchema.min(1);

export const requests = {
  'files.list': request({
    doc: 'The entries of a folder on a cluster; `nearest`: of the nearest folder above, where the path is none.',
    scope: 'read',
    subject: onCluster,
    audit: ({ path }) => path,
    http: 'GET /clusters/{clusterId}/files',
    input: z.object({ clusterId: idOf, path: remotePathSchema, nearest: z.boolean().default(false) }),
    output: fileListSchema,
    errors: [...commandErrors, 'not-permitted'],
  }),
  'files.places': request({
    doc: 'Folders of a cluster worth a shortcut: home, work, scratch.',
    scope: 'read',
    subject: onCluster,
    http: 'GET /clusters/{clusterId}/files/places',
    input: z.object({ clusterId: idOf }),
    output: z.array(filePlaceSchema),
    errors: commandErrors,
  }),
  'files.stat': request({
    doc: 'What is at a path of a cluster: kind, size, time, mode.',
    scope: 'read',
    subject: onCluster,
    audit: ({ path }) => path,
    http: 'GET /clusters/{clusterId}/files/stat',
    input: z.object({ clusterId: idOf, path: remotePathSchema }),
    output: fileInfoSchema,
    errors: [...commandErrors, 'not-permitted'],
  }),
  'files.usage': request({
    doc: 'The disk space that a file or folder of a cluster takes, and each folder directly in it.',
    scope: 'read',
    subject: onCluster,
    audit: ({ path }) => path,
    http: 'GET /clusters/{clusterId}/files/usage',
    input: z.object({ clusterId: idOf, path: remotePathSchema }),
    output: folderUsageSchema,
    errors: [...commandErrors, 'not-permitted'],
  }),
  'files.makeDirectory': request({
    doc: 'Makes a folder on a cluster that only its owner can enter; `parents`: also those above it, and it may be there already.',
    scope: 'files',
    subject: onCluster,
    audit: ({ path }) => path,
    http: 'POST /clusters/{clusterId}/files/directories',
    example: { clusterId: 'hpc', path: 'results/run-7', parents: true },
    input: z.object({ clusterId: idOf, path: namedPath, parents: z.boolean().default(false) }),
    output: nothing,
    errors: [...commandErrors, 'conflict', 'not-permitted'],
  }),
  'files.move': request({
    doc: 'Gives a file or folder of a cluster another path; `replace`: also where a file has it, which is then gone.',
    scope: 'files',
    subject: onCluster,
    audit: ({ path, newPath }) => `${path} -> ${newPath}`,
    http: 'POST /clusters/{clusterId}/files/move',
    example: { clusterId: 'hpc', path: 'out.part', newPath: 'results/out.h5' },
    input: z.object({ clusterId: idOf, path: namedPath, newPath: namedPath, replace: z.boolean().default(false) }),
    output: nothing,
    errors: [...commandErrors, 'conflict', 'not-permitted'],
  }),
  'files.remove': request({
    doc: 'Removes a file, a link or an empty folder of a cluster; `recursive`: a folder with all that is in it. It cannot be undone.',
    scope: 'files',
    subject: onCluster,
    audit: ({ path }) => path,
    http: ['DELETE /clusters/{clusterId}/files', 'DELETE /clusters/{clusterId}/files/content'],
    input: z.object({ clusterId: idOf, path: namedPath, recursive: z.boolean().default(false) }),
    output: nothing,
    errors: [...commandErrors, 'conflict', 'not-permitted'],
  }),
};
