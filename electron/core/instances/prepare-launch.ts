import { hostname } from 'node:os';
import type { ClusterFacts } from '../../shared/clusters.ts';
import type { Instance, Progress, Resources } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { SchedulerFacts } from '../../shared/sites.ts';
import type { Clock } from '../deps.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import { provideImage } from '../runtimes/image.ts';
import type { ContainerPlan } from '../runtimes/wrap.ts';
import type { Connection } from '../ssh/types.ts';
import { upload } from './directory.ts';
import type { InstanceEvent } from './instance-state.ts';
import { packInputs } from './job-inputs.ts';
import type { Meta } from './meta.ts';
import { type Plan, text } from './plan.ts';
import type { LaunchFiles } from './ports.ts';
import { findSubmittedJob, submitJob } from './submit-job.ts';

interface Launch {
  instance: Pick<Instance, 'id' | 'clusterId' | 'title' | 'icon' | 'createdAt'>;
  /** The app's own secret. */
  token: string;
  /** Made when the launch was requested; null: the facts of the cluster were not known then, or another process made it. */
  plan: Plan | null;
}

export interface LaunchPorts {
  connect(signal: AbortSignal): Promise<Connection>;
  /** Runs what may run twice, again after a reconnect. */
  run<T>(work: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T>;
  readFacts(connection: Connection, signal: AbortSignal): Promise<ClusterFacts>;
  /** @throws AppError as `planLaunch` */
  plan(facts: ClusterFacts): Plan;
  /** What the profile of the cluster's site says of its scheduler. */
  site(): SchedulerFacts | undefined;
  files: LaunchFiles;
  launchers: Readonly<Record<LauncherName, Launcher>>;
  clock: Clock;
  /** `instance.json` as it will be on the cluster. */
  planned(meta: Meta): void;
  report(event: InstanceEvent): void;
}

/**
 * The steps up to the job's number. Each may be done twice with one effect, so a launch that was cut off begins again
 * at the first: what was sent is not sent again, what was submitted is found.
 * @param signal ends it before the submission; @param life only with the process
 */
export async function prepareLaunch(
  launch: Launch,
  ports: LaunchPorts,
  signal: AbortSignal,
  life: AbortSignal,
): Promise<string> {
  const { clock, report } = ports;
  const { id } = launch.instance;
  report({ type: 'step', step: 'connect', at: clock.now() });
  const connection = await ports.connect(signal);
  const facts = await ports.readFacts(connection, signal);
  // One plan for each launch: only where the facts were not known at the request is it made here.
  const plan = launch.plan ?? ports.plan(facts);
  report({ type: 'planned', ...describePlan(plan) });
  const meta = metaOf(launch, plan);
  ports.planned(meta);
  report({ type: 'step', step: 'upload', at: clock.now() });
  await sendFiles(launch, plan, meta, facts.home, ports, signal);
  if (plan.container) await prepareImage(id, plan, plan.container, connection.node, ports, signal);
  signal.throwIfAborted();
  report({ type: 'step', step: 'submit', at: clock.now() });
  const { directory, resources } = plan;
  return submitJob(
    { instanceId: id, directory, jobName: `tunel-${id}`, resources, site: plan.site },
    { run: ports.run, launcher: ports.launchers[plan.launcher], clock, progress: progressTo(ports) },
    signal,
    life,
  );
}

/** As `findSubmittedJob`, of an instance whose launch an earlier process began. */
export function findLaunchedJob(
  { id, directory, launcher }: Instance,
  resources: Resources,
  ports: LaunchPorts,
  signal: AbortSignal,
  life: AbortSignal,
): Promise<string | null> {
  return findSubmittedJob(
    { instanceId: id, directory, jobName: `tunel-${id}`, resources, site: ports.site() },
    { run: ports.run, launcher: ports.launchers[launcher], clock: ports.clock, progress: progressTo(ports) },
    signal,
    life,
  );
}

const progressTo =
  ({ report }: LaunchPorts) =>
  (progress: Progress) =>
    report({ type: 'progress', progress });

/** What an instance shows of its plan. */
export const describePlan = ({ launcher, directory, workDirectory, serve, container }: Plan) => ({
  kind: serve ? ('app' as const) : ('job' as const),
  launcher,
  runtime: container?.runtime ?? ('native' as const),
  directory,
  workDirectory,
  path: serve?.path ?? '',
});

function metaOf({ instance }: Launch, plan: Plan): Meta {
  const { id, title, icon, createdAt } = instance;
  const { launcher, runtime, workDirectory, path } = describePlan(plan);
  return {
    version: 1,
    id,
    recipe: plan.recipe.summary.name,
    title,
    icon,
    launcher,
    runtime,
    createdAt,
    path,
    workDirectory,
    serve: plan.serve,
    tunels: plan.after ?? undefined,
    from: hostname().slice(0, 255),
  };
}

/** The user's own files first: the job must not begin without them. */
async function sendFiles(
  { instance, token }: Launch,
  plan: Plan,
  meta: Meta,
  home: string,
  ports: LaunchPorts,
  signal: AbortSignal,
): Promise<void> {
  const own = (connection: Connection) => ({
    recipe: plan.recipe.summary.name,
    clusterId: instance.clusterId,
    home,
    connection,
    progress: progressTo(ports),
    signal,
  });
  const files = [...plan.files, text('secret', `${token}\n`)];
  await ports.run((connection) => ports.files.prepare(own(connection)), signal);
  await ports.run((connection) => upload(connection, home, meta, files, signal), signal);
  if (!ports.launchers[plan.launcher].transfer) return;
  await ports.run((connection) => ports.files.addToJobDirectory(own(connection), plan.directory), signal);
  const { job } = plan;
  if (job) await ports.run((connection) => packInputs(connection, plan.directory, job.directory, signal), signal);
}

async function prepareImage(
  instanceId: string,
  plan: Plan,
  container: ContainerPlan,
  node: string,
  ports: LaunchPorts,
  signal: AbortSignal,
): Promise<void> {
  const { clock, launchers, report, run } = ports;
  report({ type: 'step', step: 'image', at: clock.now() });
  const isSent = launchers[plan.launcher].transfer !== undefined;
  const isHere = plan.launcher === 'login';
  await provideImage(
    { run, clock, node, isSent, isHere, progress: progressTo(ports) },
    { ...container, instanceId, directory: plan.directory },
    signal,
  );
}
