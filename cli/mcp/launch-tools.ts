import { z } from 'zod';
import { launchInputSchema, resourcesSchema } from '../../electron/shared/instances.ts';
import { clusterName, defineTool, findCluster, id, type Tool } from './tool.ts';

const { args, launcher, modules, workDirectory, title } = launchInputSchema.shape;

export const launchTools: readonly Tool[] = [
  defineTool({
    name: 'launch_app',
    title: 'Launch an app',
    description:
      'Starts an app or batch job of a recipe on a cluster and answers at once with its id; show_run says how it goes on.',
    scope: 'launch',
    writes: 'additive',
    input: z.strictObject({
      ...{ cluster: clusterName, recipe: z.string().min(1).max(500), args, launcher, modules, workDirectory, title },
      resources: resourcesSchema.prefault({}).describe('Memory in MiB, time in minutes'),
    }),
    async run({ cluster, ...input }, session) {
      const { id: clusterId } = await findCluster(session, cluster);
      const launched = await session.request('instances.launch', { ...input, clusterId });
      return `Launched as ${launched.id}. See show_run and read_log.`;
    },
  }),
  defineTool({
    name: 'stop_app',
    title: 'Stop an app',
    description: 'Asks an app to save and end. “now”: ends it at once, what it has not saved is lost.',
    scope: 'launch',
    writes: 'destructive',
    input: z.strictObject({ id, now: z.boolean().default(false) }),
    async run({ id: runId, now }, { request }) {
      await request(now ? 'instances.end' : 'instances.stop', { id: runId });
      return `${runId} was asked to end. See show_run.`;
    },
  }),
];
