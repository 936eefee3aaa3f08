import type { ClusterState } from '../../../../electron/shared/clusters.ts';
import { setField } from '../../../../electron/shared/directives/edit.ts';
import { readFields } from '../../../../electron/shared/directives/fields.ts';
import { dialects } from '../../../../electron/shared/directives/index.ts';
import { readRequest } from '../../../../electron/shared/directives/request.ts';
import {
  type Dialect,
  type DirectiveFields,
  type Field,
  noFields,
} from '../../../../electron/shared/directives/types.ts';
import { type Resources, resourcesSchema } from '../../../../electron/shared/instances.ts';
import { readJobArray } from '../../../../electron/shared/job-array-policy.ts';
import type { Job } from '../../../../electron/shared/jobs.ts';
import type { LauncherName } from '../../../../electron/shared/kinds.ts';
import { chooseLauncherFor, launchTarget } from '../../../../electron/shared/launch-target.ts';
import { availableLaunchers } from '../../../../electron/shared/launcher-policy.ts';

/** A job that is being composed. What its form shows is read from its text, so that both always say the same. */
export interface Draft {
  clusterId: string;
  /** Empty: the one that the cluster's settings choose. */
  launcher: LauncherName | '';
  name: string;
  script: string;
  /** Lines for HTCondor's submit file; other schedulers find theirs in the script. */
  submitFile: string;
  modules: string[];
  /** Options that no directive gives. */
  options: string[];
}

export type DraftText = 'script' | 'submitFile';

/** Whatever has a scheduler before the login node, as a user's own script may ask for much. */
const anyLauncher = {
  title: 'The script',
  launchers: ['slurm', 'htcondor', 'gridengine', 'pbs', 'lsf', 'login'] satisfies LauncherName[],
};

export const emptyDraft = (clusterId: string): Draft => ({
  clusterId,
  launcher: '',
  name: '',
  script: '#!/bin/bash\n\n',
  submitFile: '',
  modules: [],
  options: [],
});

export function launcherOf(draft: Pick<Draft, 'launcher'>, cluster: ClusterState | undefined): LauncherName {
  if (draft.launcher !== '') return draft.launcher;
  if (!cluster) return 'slurm';
  const choice = chooseLauncherFor(anyLauncher, '', launchTarget(cluster.cluster, cluster.facts, ''));
  return choice.ok ? choice.launcher : 'login';
}

export const launchersOf = (cluster: ClusterState | undefined): LauncherName[] =>
  availableLaunchers(anyLauncher, cluster?.facts?.launchers.map(({ name }) => name) ?? null);

export const textOf = (launcher: LauncherName): DraftText => (launcher === 'htcondor' ? 'submitFile' : 'script');

export function fieldsOf(draft: Draft, launcher: LauncherName): DirectiveFields {
  const dialect = dialects[launcher];
  return dialect ? readFields(draft[textOf(launcher)], dialect) : noFields;
}

export function withField<F extends Field>(
  draft: Draft,
  launcher: LauncherName,
  field: F,
  value: DirectiveFields[F] | null,
): Draft {
  const dialect = dialects[launcher];
  if (!dialect) return draft;
  const text = textOf(launcher);
  return { ...draft, [text]: setField(draft[text], dialect, field, value) };
}

/** Whether a launcher takes this array. What is being typed may become one: some directives cannot hold the beginning of an array. */
export const isArray = (text: string, launcher: LauncherName): boolean => readJobArray(text, launcher).ok;

/** A directive that names the job names it in the form too. */
export function withText(draft: Draft, launcher: LauncherName, text: DraftText, value: string): Draft {
  const after = { ...draft, [text]: value };
  const [before, name] = [fieldsOf(draft, launcher).name, fieldsOf(after, launcher).name];
  return name !== '' && name !== before ? { ...after, name } : after;
}

/** A script that takes the place of the one before. `name`: of a job that neither has a name nor is given one by a directive. */
export function withScript(draft: Draft, launcher: LauncherName, script: string, name: string): Draft {
  const after = withText(draft, launcher, 'script', script);
  return after.name === '' ? { ...after, name } : after;
}

/** A name in the form changes the directive that names the job, where there is one. */
export function withName(draft: Draft, launcher: LauncherName, name: string): Draft {
  const named = { ...draft, name };
  if (name.trim() === '' || fieldsOf(draft, launcher).name === '') return named;
  return withField(named, launcher, 'name', launcher === 'slurm' ? name : name.trim().replace(/\s+/g, '_'));
}

const movable = ['time', 'cpus', 'memory', 'gpus', 'nodes', 'array'] as const;

/** For another scheduler: what is asked for is written in its own directives. Queues and accounts belong to a cluster. */
export function translate(draft: Draft, from: LauncherName, to: LauncherName): Draft {
  if (from === to || !dialects[to]) return draft;
  const asked = fieldsOf(draft, from);
  const has = fieldsOf(draft, to);
  return movable
    .filter((field) => asked[field] && !has[field])
    .reduce((moved, field) => withField(moved, to, field, asked[field]), draft);
}

/** The draft of a job that was made before; what was asked for beside its script is written into it. */
export function draftOf(job: Pick<Job, 'clusterId' | 'launcher' | 'name' | 'script' | 'resources' | 'modules'>): Draft {
  const { clusterId, launcher, name, script, resources, modules } = job;
  const draft: Draft = { ...emptyDraft(clusterId), launcher, name, script: script ?? '', modules };
  const dialect = dialects[launcher];
  if (!dialect) return draft;
  const fields = Object.keys(noFields).filter((field): field is Field & keyof Resources => field in resources);
  const filled = fields
    .filter((field) => resources[field])
    .reduce<Draft>((all, field) => withField(all, launcher, field, resources[field]), draft);
  if (launcher !== 'htcondor') return { ...filled, options: resources.options };
  return { ...filled, submitFile: [filled.submitFile, ...resources.options.map((line) => `${line}\n`)].join('') };
}

/** What is asked for beside the script. */
export function resourcesOf(draft: Draft, launcher: LauncherName): Resources {
  if (launcher !== 'htcondor') return resourcesSchema.parse({ options: draft.options });
  return resourcesSchema.parse(readRequest(draft.submitFile, dialectOf('htcondor')));
}

function dialectOf(launcher: 'htcondor'): Dialect {
  const dialect = dialects[launcher];
  if (!dialect) throw new TypeError('HTCondor has no dialect.');
  return dialect;
}
