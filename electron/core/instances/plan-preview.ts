import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { message } from '../../shared/messages.ts';
import { resolveLaunchInput } from '../../shared/recipe-name-policy.ts';
import type { Verdict } from '../launchers/common/launcher.ts';
import { isSecretName } from '../recipes/legacy/launch-policy.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import { type Plan, planLaunch } from './plan.ts';
import type { InstancesDeps, KeptJob } from './types.ts';

type Deps = Pick<InstancesDeps, 'library' | 'render' | 'launchers' | 'clusters' | 'facts' | 'connections'>;

/** With the recipe's own name. @throws AppError `not-found` */
export const resolveInput = ({ library }: Pick<Deps, 'library'>, asked: LaunchInput): LaunchInput =>
  resolveLaunchInput(asked, (name) => library.resolve(name));

/** @throws AppError `not-found` */
export function clusterOf({ clusters }: Pick<Deps, 'clusters'>, id: string): Cluster {
  const cluster = clusters(id);
  if (!cluster) throw new AppError('not-found', 'There is no such cluster.', { hint: 'It may have been removed.' });
  return cluster;
}

/** The arguments that must not be kept. A legacy recipe does not say which they are, so their names do. */
export function secretsOf(plan: Plan, input: LaunchInput): Set<string> {
  const declared = plan.recipe.summary.args.filter((arg) => arg.type === 'secret').map((arg) => arg.name);
  return new Set([...declared, ...(plan.after ? Object.keys(input.args).filter(isSecretName) : [])]);
}

export function previewLaunch(
  deps: Deps,
  input: LaunchInput,
): { script: string; submit: string; launcher: LauncherName } {
  const { plan, submission } = planExample(deps, input, deps.facts.known(input.clusterId));
  const submit = deps.launchers[plan.launcher].submitCommand(submission);
  return { script: plan.rendered.script, submit, launcher: plan.launcher };
}

export async function verifyLaunch(
  deps: Deps,
  input: LaunchInput,
  signal: AbortSignal,
): Promise<{ launcher: LauncherName; verdict: Verdict | null }> {
  const { id } = clusterOf(deps, input.clusterId);
  return withConnection(deps.connections, id, signal, async (connection) => {
    const facts = await deps.facts.read(id, connection, signal);
    const { plan, submission } = planExample(deps, input, facts);
    const { verify } = deps.launchers[plan.launcher];
    const verdict = (await verify?.(connection, submission, plan.rendered.script, signal)) ?? null;
    return { launcher: plan.launcher, verdict };
  });
}

/** A launch as it would be, under a name that none has. */
function planExample(deps: Deps, asked: LaunchInput, facts: ClusterFacts | null) {
  const id = 'preview';
  const plan = planFor(deps, id, resolveInput(deps, asked), facts, null);
  const { directory, resources, site } = plan;
  return { plan, submission: { instanceId: id, directory, jobName: `tunel-${id}`, resources, site } };
}

/** What a job would be submitted with. @throws AppError as `planLaunch`; `bad-input` for an app and for a secret */
export function planJob(
  deps: Deps,
  id: string,
  asked: LaunchInput,
  job: KeptJob,
): { script: string; launcher: LauncherName } {
  const input = resolveInput(deps, asked);
  const plan = planFor(deps, id, input, deps.facts.known(input.clusterId), job);
  const { title } = plan.recipe.summary;
  if (plan.serve) throw new AppError('bad-input', message`${{ title }} is an app, not a batch job.`);
  const secret = [...secretsOf(plan, input)].find((name) => Object.hasOwn(input.args, name));
  if (secret !== undefined) {
    throw new AppError('bad-input', message`A job that is kept cannot hold a secret, such as ${{ name: secret }}.`, {
      hint: message`Launch ${{ title }} at once instead.`,
    });
  }
  return { script: plan.rendered.script, launcher: plan.launcher };
}

function planFor(deps: Deps, id: string, input: LaunchInput, facts: ClusterFacts | null, job: KeptJob | null): Plan {
  const cluster = clusterOf(deps, input.clusterId);
  return planLaunch(deps, { id, input, cluster, facts, home: facts?.home ?? '$HOME', job });
}
