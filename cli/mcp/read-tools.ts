import { z } from 'zod';
import { instanceStateSchema } from '../../electron/shared/instances.ts';
import { choiceSourceSchema } from '../../electron/shared/recipes.ts';
import { asData, listAsText, MAX_TEXT, valueAsText } from './bounded-text.ts';
import { clusterName, defineTool, findCluster, id, type Tool } from './tool.ts';

const LOG_BYTES = 16_000;

export const clusterTools: readonly Tool[] = [
  defineTool({
    name: 'list_clusters',
    title: 'List clusters',
    description: 'The clusters that this token may use, and whether each is connected.',
    scope: 'read',
    input: z.strictObject({}),
    async run(_input, { request }) {
      const clusters = await request('clusters.list', undefined);
      return listAsText(clusters, { hint: 'More are not given.' });
    },
  }),
  defineTool({
    name: 'describe_cluster',
    title: 'Describe a cluster',
    description:
      'Login node, home directory, schedulers with their queues and accounts, container runtimes, number of modules, and what the connection has cost the login node. Connects if need be.',
    scope: 'read',
    input: z.strictObject({ cluster: clusterName }),
    async run({ cluster }, session) {
      const found = await findCluster(session, cluster);
      const {
        loginVariables: _variables,
        modules,
        ...facts
      } = await session.request('clusters.facts', { id: found.id });
      const usage = await session.request('clusters.usage', { id: found.id });
      return valueAsText({ ...found, ...facts, modules: modules.length, usage });
    },
  }),
  defineTool({
    name: 'list_choices',
    title: 'List queues, accounts and the like',
    description:
      'What a launch or job can name on a cluster: queues, accounts, gpus, modules, environments (virtual ones of the user) or containers (image files).',
    scope: 'read',
    input: z.strictObject({ cluster: clusterName, kind: choiceSourceSchema, text: z.string().max(200).default('') }),
    async run({ cluster, kind, text }, session) {
      const { id: clusterId } = await findCluster(session, cluster);
      const all = await session.request('clusters.choices', { clusterId, from: kind });
      const found = all.filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(text.toLowerCase()));
      return listAsText(found, { hint: 'Give “text” to narrow the list.' });
    },
  }),
  defineTool({
    name: 'disk_usage',
    title: 'Disk usage of a folder',
    description:
      'The disk space that a file or folder takes on a cluster, and each folder directly in it. May take minutes.',
    scope: 'read',
    input: z.strictObject({ cluster: clusterName, path: z.string().max(4096).default('') }),
    async run({ cluster, path }, session) {
      const { id: clusterId } = await findCluster(session, cluster);
      const { bytes, folders, complete } = await session.request('files.usage', { clusterId, path });
      const list = listAsText(folders, { hint: 'Ask for a folder in it.' });
      return `${bytes} bytes${complete ? '' : ', without what could not be read'}. Folders: ${list}`;
    },
  }),
];

export const appTools: readonly Tool[] = [
  defineTool({
    name: 'list_apps',
    title: 'List recipes',
    description: 'The recipes of apps and batch jobs that can be launched, with their arguments.',
    scope: 'read',
    input: z.strictObject({ text: z.string().max(200).default('').describe('Words that the name or title contains') }),
    async run({ text }, { request }) {
      const all = await request('recipes.list', undefined);
      const found = all.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(text.toLowerCase()));
      return listAsText(
        found.map(({ name, title, description, launchers, serves, args }) => ({
          ...{ name, title, description, launchers, kind: serves ? 'app' : 'job' },
          args: args.map((arg) => ({
            ...{ name: arg.name, description: arg.description, required: arg.required, default: arg.default },
            choices: arg.choices,
          })),
        })),
        { hint: 'Give “text” to narrow the list.' },
      );
    },
  }),
  defineTool({
    name: 'list_runs',
    title: 'List running and ended apps and jobs',
    description: 'What was launched, newest first: id, recipe, cluster, state, job number.',
    scope: 'read',
    input: z.strictObject({
      cluster: clusterName.optional(),
      text: z.string().max(200).default('').describe('Words of the title, recipe, cluster or id'),
      states: z.array(instanceStateSchema).min(1).optional(),
      limit: z.int().min(1).max(200).default(50),
      cursor: z.string().max(200).optional().describe('“next” of the page before'),
    }),
    async run({ cluster, ...filter }, session) {
      const clusterId = cluster === undefined ? undefined : (await findCluster(session, cluster)).id;
      const { instances, next } = await session.request('history.query', { ...filter, clusterId });
      const runs = instances.map(
        ({ id: runId, title, recipe, kind, clusterName: on, launcher, state, job, ...rest }) => ({
          ...{ id: runId, title, recipe, kind, cluster: on, launcher, state },
          ...{ job: job?.id, node: job?.node, queue: job?.queue, createdAt: rest.createdAt, endedAt: rest.endedAt },
        }),
      );
      const hint = next === null ? 'Give a smaller “limit”.' : `Go on with cursor ${JSON.stringify(next)}.`;
      return listAsText(runs, { hint, isMore: next !== null });
    },
  }),
  defineTool({
    name: 'show_run',
    title: 'Show an app or job',
    description: 'The steps, state, job, error and directory of one app or job.',
    scope: 'read',
    input: z.strictObject({ id }),
    async run({ id: runId }, { request }) {
      // Its log is data of another kind: read_log gives that.
      const { logTail: _log, logSpan: _span, notes: _notes, ...run } = await request('history.get', { id: runId });
      return valueAsText(run);
    },
  }),
  defineTool({
    name: 'read_log',
    title: 'Read the log of an app or job',
    description: `What an app or job printed: its end, or the bytes from “offset” on. At most ${LOG_BYTES} bytes.`,
    scope: 'read',
    input: z.strictObject({
      id,
      offset: z.int().optional().describe('Bytes from the beginning; negative: from the end'),
    }),
    async run({ id: runId, offset = -LOG_BYTES }, { request }) {
      const from = Math.max(offset, offset < 0 ? -LOG_BYTES : 0);
      const piece = await request('instances.log', { id: runId, offset: from });
      const text = piece.text.slice(0, LOG_BYTES);
      const next = text.length < piece.text.length ? piece.offset + Buffer.byteLength(text) : piece.next;
      const where = [
        `Log of ${runId}: bytes ${piece.offset} to ${next} of ${piece.size}.`,
        ...(piece.offset > 0 && offset < 0 ? [`Truncated: what is before byte ${piece.offset} is not shown.`] : []),
        ...(next < piece.size ? [`Truncated: go on with offset ${next}.`] : []),
      ];
      return asData(where.join(' '), text);
    },
  }),
];

/** What a text of an answer may have at most. */
export const FILE_BYTES = Math.floor(MAX_TEXT * 0.8);
