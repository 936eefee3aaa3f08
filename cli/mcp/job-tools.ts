import { z } from 'zod';
import { launchInputSchema, resourcesSchema } from '../../electron/shared/instances.ts';
import { jobNameSchema, jobPathSchema, jobScriptSchema, jobStateSchema } from '../../electron/shared/jobs.ts';
import { listAsText, valueAsText } from './bounded-text.ts';
import { entriesAsText, fileAsText, fileText, readAtMost, send } from './file-tools.ts';
import { FILE_BYTES } from './read-tools.ts';
import { clusterName, defineTool, findCluster, id, type Tool } from './tool.ts';

const { args, launcher, modules, workDirectory } = launchInputSchema.shape;
const path = jobPathSchema.describe('In the directory of the job');

export const jobReadTools: readonly Tool[] = [
  defineTool({
    name: 'list_jobs',
    title: 'List batch jobs',
    description: 'Batch jobs, newest first: id, name, cluster, state, directory, scheduler number.',
    scope: 'read',
    input: z.strictObject({
      cluster: clusterName.optional(),
      states: z.array(jobStateSchema).min(1).max(20).optional(),
      text: z.string().max(200).default('').describe('Words of the name, recipe, cluster or id'),
      limit: z.int().min(1).max(200).default(50),
      cursor: z.string().max(200).optional().describe('“next” of the page before'),
    }),
    async run({ cluster, ...filter }, session) {
      const clusterId = cluster === undefined ? undefined : (await findCluster(session, cluster)).id;
      const { jobs, next } = await session.request('jobs.query', { ...filter, clusterId });
      const shown = jobs.map(({ script: _script, resources: _resources, modules: _modules, ...job }) => job);
      const hint = next === null ? 'Give a smaller “limit”.' : `Go on with cursor ${JSON.stringify(next)}.`;
      return listAsText(shown, { hint, isMore: next !== null });
    },
  }),
  defineTool({
    name: 'show_job',
    title: 'Show a batch job',
    description: 'One batch job with its script, state and directory. Its log: read_log with its id.',
    scope: 'read',
    input: z.strictObject({ id }),
    run: async ({ id: jobId }, { request }) => valueAsText(await request('jobs.get', { id: jobId })),
  }),
  defineTool({
    name: 'list_job_files',
    title: 'List the files of a job',
    description: 'The entries of the directory of a batch job, or of a folder in it.',
    scope: 'read',
    input: z.strictObject({ id, path: z.union([path, z.literal('')]).default(''), skip: z.int().min(0).default(0) }),
    async run({ id: jobId, path: folder, skip }, { request }) {
      const list = await request('jobs.files', { id: jobId, path: folder });
      return entriesAsText(list.path, list.entries, skip);
    },
  }),
  defineTool({
    name: 'read_job_file',
    title: 'Read a file of a job',
    description: `Text of a file in the directory of a batch job from “offset” on, at most ${FILE_BYTES} bytes.`,
    scope: 'jobs',
    input: z.strictObject({ id, path, offset: z.int().min(0).default(0).describe('Byte to begin at') }),
    async run({ id: jobId, path: file, offset }, { openStream }) {
      const stream = await openStream('jobs.download', { id: jobId, path: file, offset, length: FILE_BYTES });
      return fileAsText(file, await readAtMost(stream, FILE_BYTES), offset, null);
    },
  }),
];

export const jobWriteTools: readonly Tool[] = [
  defineTool({
    name: 'create_job',
    title: 'Create a batch job',
    description:
      'Makes a batch job and its directory on a cluster, from a script or from a recipe and its arguments. Nothing runs yet: put files into it, then call submit_job.',
    scope: 'jobs',
    writes: 'additive',
    input: z.strictObject({
      cluster: clusterName,
      name: jobNameSchema,
      script: jobScriptSchema.optional().describe('A whole script, with its #! line; either this or a recipe'),
      recipe: z.string().min(1).max(500).optional(),
      ...{ args, launcher, modules, workDirectory },
      resources: resourcesSchema.prefault({}).describe('Memory in MiB, time in minutes'),
      key: z.string().min(1).max(200).optional().describe('A repeated call with the same key makes no second job'),
    }),
    async run({ cluster, ...input }, session) {
      const { id: clusterId } = await findCluster(session, cluster);
      const job = await session.request('jobs.create', { ...input, clusterId });
      return `Created job ${job.id} in ${job.directory}. It is not submitted yet.`;
    },
  }),
  defineTool({
    name: 'put_job_file',
    title: 'Write a file of a job',
    description: 'Writes text to a file in the directory of a batch job; one that is there is replaced.',
    scope: 'jobs',
    writes: 'destructive',
    input: z.strictObject({ id, path, text: fileText }),
    async run({ id: jobId, path: file, text }, { openStream }) {
      const stream = await openStream('jobs.upload', { id: jobId, path: file, size: Buffer.byteLength(text) });
      return `${await send(stream, text)} bytes were written to ${file}.`;
    },
  }),
  defineTool({
    name: 'submit_job',
    title: 'Submit a batch job',
    description: 'Submits a batch job that was created; a second call submits nothing more.',
    scope: 'jobs',
    writes: 'additive',
    input: z.strictObject({ id }),
    async run({ id: jobId }, { request }) {
      const { state, native } = await request('jobs.submit', { id: jobId });
      return `Job ${jobId} is ${state}${native?.id ? ` with the number ${native.id}` : ''}. See show_job and read_log.`;
    },
  }),
  defineTool({
    name: 'cancel_job',
    title: 'Cancel a batch job',
    description: 'Ends a batch job that was submitted; one that is over stays as it is.',
    scope: 'jobs',
    writes: 'destructive',
    input: z.strictObject({ id }),
    async run({ id: jobId }, { request }) {
      await request('jobs.cancel', { id: jobId });
      return `Job ${jobId} was asked to end. See show_job.`;
    },
  }),
];
