import { type Instance, resourcesSchema } from '../../shared/instances.ts';
import type { Job, JobValues } from '../../shared/jobs.ts';
import { scriptRecipeName } from '../../shared/script-recipe-name.ts';
import type { JobRecord } from '../storage/job-record.ts';
import type { StoredJob } from '../storage/types.ts';
import { jobErrorOf, jobStateOf, nativeOf } from './job-state-policy.ts';

/** A job as clients see it, without its script. */
export function describeJob({ record, instance }: StoredJob): Job | null {
  const own = record ? ownPart(record) : instance && launchedPart(instance);
  return own && { ...own, ...progressPart(instance) };
}

type Own = Omit<Job, keyof ReturnType<typeof progressPart>>;

function ownPart(record: JobRecord): Own {
  const { id, clusterId, clusterName, name, launcher, directory, resources, modules, values, createdAt } = record;
  const { archived, rerunOf } = record;
  const kept = { resources, modules, values, createdAt, archived, rerunOf };
  return { id, clusterId, clusterName, name, launcher, directory, script: null, ...kept };
}

/** One that was launched as apps are, here or from another computer. */
function launchedPart(instance: Instance): Own {
  const { id, clusterId, clusterName, title, launcher, workDirectory, createdAt, input } = instance;
  return {
    id,
    clusterId,
    clusterName,
    name: title,
    launcher,
    directory: workDirectory ?? '',
    script: null,
    resources: input?.resources ?? resourcesSchema.parse({}),
    modules: input?.modules ?? [],
    values: valuesOf(instance),
    createdAt,
    archived: false,
    rerunOf: null,
  };
}

function valuesOf({ recipe, input }: Instance): JobValues | null {
  return recipe === scriptRecipeName || !input ? null : { recipe, args: input.args };
}

function progressPart(instance: Instance | null) {
  const state = jobStateOf(instance);
  const isSubmitted = instance !== null && state !== 'new';
  return {
    state,
    submittedAt: isSubmitted ? (instance.job?.submittedAt ?? instance.createdAt) : null,
    startedAt: instance?.job?.startedAt ?? null,
    endedAt: instance?.endedAt ?? null,
    native: nativeOf(instance?.job ?? null),
    error: instance && jobErrorOf(instance),
  };
}
