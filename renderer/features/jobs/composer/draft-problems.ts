import type { ClusterState, Queue } from '../../../../electron/shared/clusters.ts';
import type { DirectiveFields } from '../../../../electron/shared/directives/types.ts';
import { resourcesSchema } from '../../../../electron/shared/instances.ts';
import { jobNameSchema, jobScriptSchema } from '../../../../electron/shared/jobs.ts';
import type { LauncherName } from '../../../../electron/shared/kinds.ts';
import { applicableResources, completeResources } from '../../../../electron/shared/launch-defaults-policy.ts';
import { type FieldError, fieldError } from '../../../../electron/shared/launch-problems.ts';
import { launcherInfo, launchTarget, queueOf } from '../../../../electron/shared/launch-target.ts';
import { limitsOf, resourceProblems } from '../../../../electron/shared/launch-validation-policy.ts';
import { launcherFeatures } from '../../../../electron/shared/launcher-features.ts';
import { parseDuration } from '../../../text/duration.ts';
import { type Draft, isArray } from './draft.ts';

/** A script of the user's own sets no limits and has no values. */
const own = { title: 'The script', args: [], resources: {}, serves: false };

/** The queue that the job would go to, as far as it is known. */
export function queueFor(
  fields: DirectiveFields,
  launcher: LauncherName,
  cluster: ClusterState | undefined,
): Queue | undefined {
  if (!cluster) return undefined;
  const target = launchTarget(cluster.cluster, cluster.facts, fields.queue);
  const requested = resourcesSchema.parse({ queue: fields.queue });
  const { queue } = completeResources({ requested, recipe: {}, launcher, target, script: null });
  return queueOf(launcherInfo(target.facts, launcher), queue);
}

export const limitsFor = (fields: DirectiveFields, launcher: LauncherName, cluster: ClusterState | undefined) =>
  limitsOf(own, {}, queueFor(fields, launcher, cluster));

/** What is typed in fields of the form, where a text may be one that no directive can hold. */
export type Typed = Readonly<Partial<Record<'time' | 'array', string>>>;

export const isDuration = (text: string): boolean => text.trim() === '' || parseDuration(text) !== null;

export const arrayExample = (launcher: LauncherName): string =>
  launcherFeatures[launcher]?.arrays === 'from-zero' ? '0-99' : '0-199%24';

/** Why what is typed is not in the script yet. */
export function typedProblems({ time = '', array = '' }: Typed, launcher: LauncherName): Map<string, FieldError> {
  const problems = new Map<string, FieldError>();
  if (!isDuration(time)) problems.set('time', { message: 'Write it as 8 h, 90 min or 1:30.' });
  if (!isArray(array, launcher)) problems.set('array', { message: `Write it as ${arrayExample(launcher)}.` });
  return problems;
}

/** Mistakes by field, in the order of the form. */
export function draftProblems(
  draft: Draft,
  fields: DirectiveFields,
  launcher: LauncherName,
  cluster: ClusterState | undefined,
  typed: Typed = {},
): Map<string, FieldError> {
  const errors = new Map<string, FieldError>();
  const name = jobNameSchema.safeParse(draft.name);
  const script = jobScriptSchema.safeParse(draft.script);
  if (!name.success) errors.set('name', { message: name.error.issues[0]?.message ?? '' });
  if (!cluster) errors.set('clusterId', { message: 'Choose a cluster.' });
  for (const [field, error] of typedProblems(typed, launcher)) errors.set(field, error);
  for (const problem of cluster ? problemsOf(fields, launcher, cluster) : []) {
    if (!errors.has(problem.field)) errors.set(problem.field, fieldError(problem));
  }
  if (!script.success || draft.script.trim() === '') {
    errors.set('script', { message: script.error?.issues[0]?.message ?? 'The script is empty.' });
  }
  return errors;
}

function problemsOf(fields: DirectiveFields, launcher: LauncherName, cluster: ClusterState) {
  const target = launchTarget(cluster.cluster, cluster.facts, fields.queue);
  const { name: _name, output: _output, dependency: _after, mailType: _when, mailUser: _to, ...asked } = fields;
  const requested = applicableResources({ ...asked, options: [] }, launcher, false);
  const resources = completeResources({ requested, recipe: {}, launcher, target, script: null });
  return resourceProblems({ resources, recipe: own, args: {}, launcher, target });
}
