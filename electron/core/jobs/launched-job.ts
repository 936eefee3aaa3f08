import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { resourcesSchema } from '../../shared/instances.ts';
import type { Job } from '../../shared/jobs.ts';
import { message } from '../../shared/messages.ts';
import type { JobRecord } from '../storage/job-record.ts';
import type { StoredJob } from '../storage/types.ts';
import { JOBS_FOLDER } from './job-directory-policy.ts';

/** What is kept of a job that was launched as an app is. */
export function launchedRecord(job: Job, script: string | null): JobRecord {
  const { state: _state, native: _native, error: _error, startedAt: _startedAt, endedAt: _endedAt, ...own } = job;
  return {
    ...own,
    resources: resourcesSchema.parse(job.resources),
    script: script ?? '',
    isScriptEdited: false,
    isWritten: true,
    runDirectory: '',
    inputsFrom: null,
    resultsFrom: [],
    key: null,
    inputHash: '',
    hasOwnDirectory: false,
  };
}

/** What another job is made from to run this one again. One that was launched as an app is has no inputs of its own. */
export function rerunSource(
  { record, instance }: StoredJob,
  job: Job,
  { resources = job.resources, name = job.name, results = [] }: ParsedInput<'jobs.rerun'>,
) {
  const { id, clusterId, launcher, modules, values, script, directory } = job;
  const isEdited = record === null || record.values === null || record.isScriptEdited;
  const hasInputs = record?.hasOwnDirectory === true;
  if (results.length > 0 && !hasInputs) {
    throw new AppError(
      'conflict',
      message`${{ name: job.name }} has no directory of its own, so its results stay there.`,
    );
  }
  return {
    clusterId,
    name,
    launcher,
    resources,
    modules,
    values,
    rerunOf: id,
    script: values === null || (record !== null && isEdited) ? (script ?? '') : null,
    workDirectory: hasInputs
      ? directory.slice(0, directory.lastIndexOf(`/${JOBS_FOLDER}/`))
      : (instance?.input?.workDirectory ?? ''),
    runDirectory: record?.runDirectory ?? '',
    inputsFrom: hasInputs ? directory : null,
    resultsFrom: results,
  };
}
