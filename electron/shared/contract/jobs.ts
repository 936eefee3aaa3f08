import { z } from 'zod';
import { fileListSchema, filePartShape, ifVersionSchema, openedFileSchema } from '../files.ts';
import { launchInputSchema, resourcesSchema } from '../instances.ts';
import {
  jobCheckSchema,
  jobNameSchema,
  jobPathSchema,
  jobSchema,
  jobScriptSchema,
  jobStateSchema,
  jobTaskSchema,
} from '../jobs.ts';
import { byJobId, idOf, idempotencyKey as key, logPieceSchema, noCluster, nothing, onCluster } from './common.ts';
import { commandErrors, launchErrors, request, stream } from './define.ts';

const { launcher, modules, args, workDirectory } = launchInputSchema.shape;
const byId = z.object({ id: idOf });

const files = [...commandErrors, 'conflict', 'not-permitted'] as const;

export const requests = {
  'jobs.create': request({
    doc: 'Makes a job and its directory on the cluster, from a script or from a recipe and its values. Nothing is submitted.',
    scope: 'jobs',
    subject: onCluster,
    audit: ({ name }) => name,
    http: 'POST /clusters/{clusterId}/jobs',
    example: {
      clusterId: 'hpc',
      name: 'fit',
      script: '#!/bin/sh\npython3 fit.py\n',
      resources: { cpus: 8, time: 60 },
      key: 'fit-7',
    },
    input: z.object({
      clusterId: idOf,
      name: jobNameSchema,
      /** Either this or a recipe. */
      script: jobScriptSchema.optional(),
      recipe: z.string().min(1).max(500).optional(),
      args,
      launcher,
      resources: resourcesSchema.prefault({}),
      modules,
      /** Where its directory is made; empty: the cluster's default, else the home directory. */
      workDirectory,
      /** Where its script runs; empty: in its own directory. */
      runDirectory: workDirectory,
      key,
    }),
    output: jobSchema,
    errors: [...new Set([...files, ...launchErrors, 'key-reused'] as const)],
  }),
  'jobs.update': request({
    doc: 'Changes a job that is not submitted yet; what is left out stays.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'PATCH /clusters/{clusterId}/jobs/{id}',
    example: { id: '3f2a9c1e', resources: { time: 120 } },
    input: z.object({
      id: idOf,
      name: jobNameSchema.optional(),
      script: jobScriptSchema.optional(),
      launcher: launcher.unwrap().optional(),
      resources: resourcesSchema.optional(),
      modules: modules.unwrap().optional(),
    }),
    output: jobSchema,
    errors: [...new Set([...files, ...launchErrors] as const)],
  }),
  'jobs.check': request({
    doc: "Whether the cluster's scheduler would take a job with this script, and when it would begin; nothing is made or submitted.",
    scope: 'jobs',
    writes: false,
    subject: onCluster,
    http: 'POST /clusters/{clusterId}/jobs/check',
    example: { clusterId: 'hpc', script: '#!/bin/sh\n#SBATCH --time=60\npython3 fit.py\n' },
    input: z.strictObject({
      clusterId: idOf,
      script: jobScriptSchema,
      launcher,
      resources: resourcesSchema.prefault({}),
      modules,
    }),
    /** `answer`: as the scheduler prints it; null: it cannot be asked. What it refuses is an error. */
    output: jobCheckSchema,
    errors: [...new Set([...files, ...launchErrors, 'account-invalid', 'submit-failed'] as const)],
  }),
  'jobs.submit': request({
    doc: 'Submits a job once, however often it is called; answers with the job as it is.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/jobs/{id}/submit',
    input: byId,
    output: jobSchema,
    errors: [...new Set([...files, ...launchErrors] as const)],
  }),
  'jobs.cancel': request({
    doc: 'Ends a job that was submitted; one that is over stays as it is.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/jobs/{id}/cancel',
    input: byId,
    output: nothing,
    errors: ['not-found', 'conflict'],
  }),
  'jobs.hold': request({
    doc: 'Keeps a job that waits in a queue from beginning, until it is released.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/jobs/{id}/hold',
    input: byId,
    output: nothing,
    errors: files,
  }),
  'jobs.release': request({
    doc: 'Releases a job that its user holds.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/jobs/{id}/release',
    input: byId,
    output: nothing,
    errors: files,
  }),
  'jobs.rerun': request({
    doc: 'Makes a new job with the inputs, script and values of another one: the files that were in its directory when it was submitted. Nothing is submitted.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/jobs/{id}/rerun',
    example: { id: '3f2a9c1e', tasks: 'failed' },
    input: z.object({
      id: idOf,
      key,
      /** Instead of those of the other job. */
      resources: resourcesSchema.optional(),
      name: jobNameSchema.optional(),
      /** Of its results those that the new one begins with as well. */
      results: z.array(jobPathSchema).min(1).max(100).optional(),
      /** Only these tasks of an array; `failed`: those that are over and did not complete. */
      tasks: z.union([z.literal('failed'), z.array(z.number().int().min(0)).min(1).max(10_000)]).optional(),
    }),
    output: jobSchema,
    errors: [...new Set([...files, ...launchErrors, 'key-reused'] as const)],
  }),
  'jobs.archive': request({
    doc: 'Hides a job from lists, or shows it again; its directory stays.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'PUT /clusters/{clusterId}/jobs/{id}/archived',
    example: { id: '3f2a9c1e', archived: true },
    input: z.object({ id: idOf, archived: z.boolean() }),
    output: jobSchema,
    errors: ['not-found'],
  }),
  'jobs.remove': request({
    doc: 'Removes a job that is new or over, with its directory on the cluster.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'DELETE /clusters/{clusterId}/jobs/{id}',
    input: byId,
    output: nothing,
    errors: files,
  }),
  'jobs.get': request({
    doc: 'One job with its script.',
    scope: 'read',
    subject: byJobId,
    http: ['GET /clusters/{clusterId}/jobs/{id}', 'GET /jobs/{id}'],
    input: byId,
    output: jobSchema,
    errors: ['not-found'],
  }),
  'jobs.query': request({
    doc: 'Jobs that meet all conditions given, newest first, a page at a time, without their scripts.',
    scope: 'read',
    subject: noCluster,
    http: ['GET /clusters/{clusterId}/jobs', 'GET /jobs'],
    input: z.object({
      clusterId: idOf.optional(),
      states: z.array(jobStateSchema).min(1).max(20).optional(),
      /** Words that occur in the name, recipe, cluster name or id. */
      text: z.string().max(200).default(''),
      /** Absent: only those that are not archived. */
      archived: z.boolean().optional(),
      /** Created at this time or later, epoch ms. */
      from: z.number().optional(),
      /** Created before this time, epoch ms. */
      to: z.number().optional(),
      /** `next` of the page before; absent: the first page. */
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    /** `next`: the cursor of the next page; null: this is the last one. */
    output: z.object({ jobs: z.array(jobSchema), next: z.string().nullable() }),
  }),
  'jobs.tasks': request({
    doc: 'The tasks of a job array by their numbers, a page at a time, as the scheduler reports them; none where it is no array.',
    scope: 'read',
    subject: byJobId,
    http: 'GET /clusters/{clusterId}/jobs/{id}/tasks',
    input: z.object({
      id: idOf,
      /** Only those in one of these. */
      states: z.array(jobStateSchema).min(1).max(20).optional(),
      /** `next` of the page before; absent: the first page. */
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    /** `total`: how many there are on all pages. `next`: the cursor of the next page; null: this is the last one. */
    output: z.object({ tasks: z.array(jobTaskSchema), total: z.number(), next: z.string().nullable() }),
    errors: [...commandErrors, 'limit-exceeded'],
  }),
  'jobs.log': request({
    doc: 'What a job prints, from a byte offset on; negative: that many bytes from the end. At most 256 KiB an answer.',
    scope: 'read',
    subject: byJobId,
    http: 'GET /clusters/{clusterId}/jobs/{id}/log',
    input: z.object({ id: idOf, offset: z.number().int() }),
    output: logPieceSchema.extend({ size: z.number() }),
    errors: commandErrors,
  }),
  'jobs.files': request({
    doc: 'The entries of the directory of a job, or of a folder in it.',
    scope: 'read',
    subject: byJobId,
    audit: ({ id, path }) => `${id} ${path}`,
    http: 'GET /clusters/{clusterId}/jobs/{id}/files',
    input: z.object({ id: idOf, path: z.union([jobPathSchema, z.literal('')]).default('') }),
    output: fileListSchema,
    errors: files,
  }),
  'jobs.removeFile': request({
    doc: 'Removes a file or an empty folder of the directory of a job.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id, path }) => `${id} ${path}`,
    http: 'DELETE /clusters/{clusterId}/jobs/{id}/files/{+path}',
    input: z.object({ id: idOf, path: jobPathSchema }),
    output: nothing,
    errors: files,
  }),
};

const empty = z.object({});
const bytes = z.object({ bytes: z.number().int() });

export const jobStreams = {
  'jobs.upload': stream({
    doc: 'Writes the bytes to a file in the directory of a job, under a temporary name until they are complete. Folders on the way are made.',
    scope: 'jobs',
    subject: byJobId,
    audit: ({ id, path }) => `${id} ${path}`,
    http: 'PUT /clusters/{clusterId}/jobs/{id}/files/{+path}',
    input: z.object({
      id: idOf,
      path: jobPathSchema,
      mode: z.number().int().min(0).max(0o777).default(0o600),
      /** In bytes, where it is known: a large file is then sent faster from its start. */
      size: z.number().int().min(0).optional(),
      ifVersion: ifVersionSchema,
    }),
    opened: empty,
    closed: bytes,
    errors: [...files, 'file-changed', 'limit-exceeded'],
  }),
  'jobs.download': stream({
    doc: 'The bytes of a file in the directory of a job, from an offset on; `length`: at most so many.',
    scope: 'jobs',
    writes: false,
    subject: byJobId,
    audit: ({ id, path }) => `${id} ${path}`,
    http: 'GET /clusters/{clusterId}/jobs/{id}/files/{+path}',
    input: z.object({ id: idOf, path: jobPathSchema, ...filePartShape }),
    opened: openedFileSchema,
    closed: bytes,
    errors: files,
  }),
  'jobs.downloadArchive': stream({
    doc: 'The content of the directory of a job as a tar archive.',
    scope: 'jobs',
    writes: false,
    subject: byJobId,
    audit: ({ id }) => id,
    http: 'GET /clusters/{clusterId}/jobs/{id}/archive',
    media: 'application/x-tar',
    input: byId,
    opened: empty,
    closed: bytes,
    errors: files,
  }),
};
