import type { ClusterInput } from '../../electron/shared/clusters.ts';
import type { RequestInput } from '../../electron/shared/contract/index.ts';
import type { SerializedError } from '../../electron/shared/errors.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import { asUser, type ClusterInfo } from './clusters.ts';
import type { TestCore } from './core.ts';
import { GatewayClient } from './gateway-client.ts';
import { eventually } from './instance.ts';

/** How ada saves a test cluster: by key, with the host keys known. */
export function clusterOf(info: ClusterInfo, more: Record<string, unknown> = {}): ClusterInput {
  const bastion = info.hosts.bastion?.address;
  return {
    name: info.name,
    host: bastion ? info.entry : (info.hosts[info.entry]?.address ?? ''),
    user: 'ada',
    jumps: bastion ? [{ host: bastion, port: 22, user: 'ada' }] : [],
    methods: ['key'],
    keyFiles: [info.keys.ada ?? ''],
    knownHostsFile: info.known_hosts,
    ...more,
  } as ClusterInput;
}

export async function saveCluster(open: TestCore, info: ClusterInfo, more?: Record<string, unknown>): Promise<string> {
  return (await open.request('clusters.save', { input: clusterOf(info, more) })).id;
}

type Launch = RequestInput<'instances.launch'>;

/** Launches and waits until it is ready; throws with the app's own error and log when it fails. */
export async function launchReady(open: TestCore, input: Launch): Promise<Instance> {
  const { id } = await open.request('instances.launch', input);
  return untilReady(open, id);
}

export async function untilReady(open: TestCore, id: string): Promise<Instance> {
  const instance = await untilSettled(open, id);
  if (instance.state === 'ready') return instance;
  const { logTail } = await open.request('history.get', { id });
  throw new Error(`${instance.recipe} is ${instance.state}: ${JSON.stringify(instance.error)}\n${logTail}`);
}

/** Waits for the end of a launch, for each of its steps as long as for any condition: on a busy machine all take their time. */
async function untilSettled(open: TestCore, id: string): Promise<Instance> {
  const progressOf = ({ state, steps, job }: Instance) =>
    [state, job?.state ?? '', ...steps.map((step) => step.state)].join(' ');
  for (let seen = ''; ; ) {
    const instance = await open.until(`${id} after “${seen}”`, ({ instances }) =>
      instances.find((app) => app.id === id && progressOf(app) !== seen),
    );
    if (['ready', 'failed', 'ended'].includes(instance.state)) return instance;
    seen = progressOf(instance);
  }
}

/** Launches and waits for its failure; with the end of its log. */
export async function launchFails(open: TestCore, input: Launch): Promise<Instance & { error: SerializedError }> {
  const { id } = await open.request('instances.launch', input);
  const instance = await untilSettled(open, id);
  const { error } = instance;
  if (instance.state !== 'failed' || error === null) throw new Error(`it is ${instance.state}, not failed`);
  const { logTail } = await open.request('history.get', { id });
  return { ...instance, error, logTail };
}

export async function stopApp(open: TestCore, id: string): Promise<Instance> {
  await open.request('instances.stop', { id });
  return open.until(`${id} over`, ({ instances }) =>
    instances.find((app) => app.id === id && (app.state === 'ended' || app.state === 'failed')),
  );
}

/** Ends what a failed test may have left running of the apps that this core launched. */
export async function endOwn(open: TestCore): Promise<void> {
  const left = () => open.state().instances.filter(({ input, endedAt }) => input !== null && endedAt === null);
  for (const { id } of left()) await open.request('instances.end', { id });
  await open.until('own apps over', () => left().length === 0);
}

export const viewOf = (open: TestCore, id: string): GatewayClient => new GatewayClient(open.core.viewAccess(id));

/** Slurm's numbers of the jobs of one app that are in the queue. */
export async function queuedJobs(slurm: ClusterInfo, id: string): Promise<string[]> {
  const { stdout } = await asUser('ada', slurm, 'slogin', ['squeue', '-h', '-o', '%i', '-n', `tunel-${id}`]);
  return stdout.split('\n').filter(Boolean);
}

/** How many jobs of one app Slurm has ever seen. */
export async function jobsEver(slurm: ClusterInfo, id: string): Promise<number> {
  const args = ['sacct', '-X', '-n', '-P', '-o', 'jobid', '--name', `tunel-${id}`, '-S', 'now-1days'];
  const { stdout } = await asUser('ada', slurm, 'slogin', args);
  return stdout.split('\n').filter(Boolean).length;
}

/** Waits until no process of this app and no job of it is left on the cluster. */
export async function untilGone(info: ClusterInfo, nodes: readonly string[], id: string): Promise<void> {
  await eventually(
    async () => {
      const left = await Promise.all(nodes.map((node) => processesOf(info, node, id)));
      const jobs = info.hosts.slogin ? await queuedJobs(info, id) : [];
      return [...left.flat(), ...jobs];
    },
    (left) => left.length === 0,
  );
}

/** Command lines of ada's processes on a node that belong to an app, by the directory in their environment. */
export async function processesOf(info: ClusterInfo, node: string, id: string): Promise<string[]> {
  const { stdout } = await asUser(
    'ada',
    info,
    node,
    `for p in /proc/[0-9]*; do
       if [ -O "$p" ] && tr '\\0' '\\n' <"$p/environ" 2>/dev/null | grep -qx 'TUNEL_ID=${id}'; then
         tr '\\0' ' ' <"$p/cmdline"; echo
       fi
     done; true`,
  );
  return stdout.split('\n').filter(Boolean);
}
