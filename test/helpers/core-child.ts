/**
 * A core in a process of its own, for what only a process can show: a sudden death, a keychain, a second start.
 * The order comes as JSON in the first argument; each line of output is JSON.
 */
import { z } from 'zod';
import { openSecrets } from '../../electron/core/storage/secrets.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { launchInputSchema } from '../../electron/shared/instances.ts';
import { openTestCore, testLogger } from './core.ts';

export const orderSchema = z.object({
  data: z.string(),
  cluster: clusterInputSchema,
  /** Launched there; the process kills itself with SIGKILL when the app begins this step, or is ready. */
  launch: launchInputSchema.omit({ clusterId: true }).optional(),
  /** Made there under a key and submitted; the process kills itself so many ms after it began to. */
  job: z.object({ name: z.string(), script: z.string(), key: z.string(), dieAfter: z.number() }).optional(),
  dieAt: z.enum(['upload', 'submit', 'queue', 'ready']).optional(),
  /** Without a launch: signs in, answering a question for the password with this one. */
  password: z.string().default(''),
});
export type Order = z.input<typeof orderSchema>;

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function main(): Promise<void> {
  const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const open = await openTestCore({ data: order.data, secrets: await openSecrets(testLogger) });
  const known = open.state().clusters.find(({ cluster }) => cluster.name === order.cluster.name);
  const clusterId = known?.cluster.id ?? (await open.request('clusters.save', { input: order.cluster })).id;
  if (order.job) {
    const { dieAfter, ...input } = order.job;
    await open.request('clusters.connect', { id: clusterId });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), dieAfter);
    const { id } = await open.request('jobs.create', { ...input, clusterId });
    await open.request('jobs.submit', { id });
    await new Promise(() => {});
  }
  if (order.launch) {
    const { id } = await open.request('instances.launch', { ...order.launch, clusterId });
    say({ id });
    setInterval(() => {
      const app = open.state().instances.find((candidate) => candidate.id === id);
      const reached =
        order.dieAt === 'ready'
          ? app?.state === 'ready'
          : app?.steps.some(({ name, state }) => name === order.dieAt && state !== 'todo');
      if (reached) process.kill(process.pid, 'SIGKILL');
    }, 1);
    return;
  }
  const answered = new Set<string>();
  const answer = () => {
    for (const { id, kind } of open.state().prompts) {
      if (answered.has(id)) continue;
      answered.add(id);
      const value = order.password;
      const given = kind === 'secret' && value ? { kind, value, remember: true } : { kind: 'cancel' as const };
      void open.request('prompts.answer', { id, answer: given });
    }
  };
  open.core.onChanges(answer);
  const failed = await open.request('clusters.connect', { id: clusterId }).then(
    () => null,
    (error: unknown) => error,
  );
  const { keychain, keychainReason } = open.state().system;
  const words = failed instanceof Error ? failed.message : null;
  const remembered = await open
    .until('secrets counted', ({ clusters }) => clusters.find(({ rememberedSecrets }) => rememberedSecrets > 0), 2000)
    .then(
      (found) => found.rememberedSecrets,
      () => 0,
    );
  say({ asked: answered.size, failed: words, keychain, keychainReason, remembered });
  await open.close({ remove: false });
}

await main();
