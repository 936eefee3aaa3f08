import { hostname } from 'node:os';
import { AppError } from '../../shared/errors.ts';
import type { LaunchInput, Progress } from '../../shared/instances.ts';
import { type ImageHost, provideImage } from '../runtimes/image.ts';
import type { ContainerPlan } from '../runtimes/wrap.ts';
import type { Connection } from '../ssh/types.ts';
import { upload } from './directory.ts';
import type { Member, MemberHost } from './member.ts';
import { newSecret } from './meta.ts';
import { type Plan, planLaunch, text } from './plan.ts';
import { submitPatiently } from './submit.ts';

/**
 * The steps up to the job's number. Each may be done twice with one effect, so a launch that was cut off begins again
 * at the first: what was sent is not sent again, what was submitted is found.
 * @param signal ends it before the submission; @param life only with the process
 */
export async function prepareAndSubmit(
  member: Member,
  host: MemberHost,
  input: LaunchInput,
  signal: AbortSignal,
  life: AbortSignal,
): Promise<string> {
  const { deps } = host;
  member.dispatch({ type: 'step', step: 'connect', at: deps.clock.now() });
  const connection = await member.worker.connect(signal);
  const facts = await deps.facts.read(member.clusterId, connection, signal);
  const cluster = deps.clusters(member.clusterId);
  if (!cluster) throw new AppError('not-found', 'The cluster was removed.');
  const plan = planLaunch(deps, { id: member.id, input, cluster, facts, home: facts.home });
  const runtime = plan.container?.runtime ?? 'native';
  const { launcher, directory, serve } = plan;
  const kind = serve ? 'app' : 'job';
  member.dispatch({ type: 'planned', kind, launcher, directory, runtime, path: serve?.path ?? '' });
  member.meta = {
    version: 1,
    id: member.id,
    recipe: plan.recipe.summary.name,
    title: member.instance.title,
    icon: member.instance.icon,
    launcher: plan.launcher,
    runtime,
    createdAt: member.instance.createdAt,
    path: member.instance.path,
    serve: plan.serve,
    tunels: plan.after ?? undefined,
    from: hostname().slice(0, 255),
  };
  const meta = member.meta;
  member.token ??= newSecret();
  const { token } = member;
  member.dispatch({ type: 'step', step: 'upload', at: deps.clock.now() });
  const { launchFiles } = deps;
  const files = (live: Connection) => ({
    recipe: plan.recipe.summary.name,
    clusterId: member.clusterId,
    home: facts.home,
    connection: live,
    progress: (progress: Progress) => member.dispatch({ type: 'progress', progress }),
    signal,
  });
  await member.worker.run((live) => launchFiles.prepare(files(live)), signal);
  await member.worker.run(
    (live) => upload(live, facts.home, meta, [...plan.files, text('secret', `${token}\n`)], signal),
    signal,
  );
  if (deps.launchers[plan.launcher].transfer) {
    await member.worker.run((live) => launchFiles.addToJobDirectory(files(live), plan.directory), signal);
  }
  if (plan.container) await bringImage(member, host, plan, plan.container, signal);
  signal.throwIfAborted();
  member.dispatch({ type: 'step', step: 'submit', at: deps.clock.now() });
  return submitPatiently(member, host, plan, signal, life);
}

async function bringImage(
  member: Member,
  host: MemberHost,
  plan: Plan,
  container: ContainerPlan,
  signal: AbortSignal,
): Promise<void> {
  const { clock, launchers } = host.deps;
  member.dispatch({ type: 'step', step: 'image', at: clock.now() });
  const made: ImageHost = {
    run: (work, limit) => member.worker.run(work, limit),
    clock,
    node: member.worker.connection?.node ?? 'the login node',
    isSent: launchers[plan.launcher].transfer !== undefined,
    isHere: plan.launcher === 'login',
    progress: (progress) => member.dispatch({ type: 'progress', progress }),
  };
  await provideImage(made, { ...container, instanceId: member.id, directory: plan.directory }, signal);
}
