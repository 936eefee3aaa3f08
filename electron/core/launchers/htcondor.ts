import type { LauncherInfo } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { type JobStatus, unknownJob } from '../../shared/instances.ts';
import type { RunOptions, Shell } from '../ssh/types.ts';
import { commandMissing, htcondorError, submitError } from './htcondor-errors.ts';
import { readAds, readPoll } from './htcondor-jobs.ts';
import { readGroups, readPool } from './htcondor-pool.ts';
import {
  cancelScript,
  detectScript,
  enterCommand,
  pollScript,
  submitCommand,
  submitScript,
} from './htcondor-script.ts';
import { transfer } from './htcondor-transfer.ts';
import type { JobHandle, Launcher } from './launcher.ts';
import { findSection, preparationError, runLocked, runSections, type Section } from './remote-script.ts';

const isJobId = (id: string): boolean => /^[1-9]\d{0,9}\.\d{1,9}$/.test(id);

type Run = typeof runSections;

/** HTCondor's commands wait long for a daemon that is away; past that it is the same failure. */
async function ask(run: Run, shell: Shell, what: string, body: string, options: RunOptions): Promise<Section[]> {
  try {
    return await run(shell, what, body, options);
  } catch (error) {
    if (error instanceof AppError && error.code === 'timeout') {
      throw new AppError('command-failed', `${what}: HTCondor does not answer.`, {
        hint: 'It is asked again; jobs that run go on meanwhile.',
        cause: error,
      });
    }
    throw error;
  }
}

async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null> {
  const what = 'Asking HTCondor for its machines';
  const sections = await ask(runSections, shell, what, detectScript, { signal });
  if (findSection(sections, 'absent')) return null;
  const pool = findSection(sections, 'pool');
  if (pool?.exitCode !== 0) throw htcondorError(what, pool?.text ?? '');
  const version = /\d+\.\d+(\.\d+)?/.exec(findSection(sections, 'version')?.text ?? '');
  const groups = findSection(sections, 'groups');
  return {
    name: 'htcondor',
    version: version?.[0] ?? '',
    // A pool has no queues, and its machines come and go: nothing here may refuse a launch.
    queues: [],
    accounts: groups?.exitCode === 0 ? readGroups(groups.text) : [],
    qos: [],
    pool: readPool(pool.text),
  };
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  const body = submitScript(submission);
  const sections = await ask(runLocked, shell, 'Submitting', body, { signal, timeoutMs: 120_000 });
  const id = findSection(sections, 'jobid')?.text;
  if (id !== undefined && isJobId(id)) return id;
  const problem = preparationError(sections, submission.directory);
  if (problem) throw problem;
  if (findSection(sections, 'absent')) throw commandMissing('condor_submit');
  const lookup = findSection(sections, 'lookup');
  if (lookup) throw htcondorError('Looking for a job that was submitted before', lookup.text);
  if (findSection(sections, 'ran')) {
    throw new AppError('conflict', 'This app was started before, and HTCondor no longer knows its job.', {
      hint: 'Launch it anew.',
    });
  }
  throw submitError(findSection(sections, 'refused')?.text ?? `Not a job id: ${id ?? ''}`, submission);
};

async function poll(shell: Shell, jobs: readonly JobHandle[], signal?: AbortSignal): Promise<Map<string, JobStatus>> {
  const valid = jobs.filter((job) => isJobId(job.id));
  const result = new Map<string, JobStatus>();
  for (const { id } of jobs) {
    if (!isJobId(id)) result.set(id, { ...unknownJob(id), reason: 'this is no id of an HTCondor job' });
  }
  if (valid.length === 0) return result;
  const what = 'Asking HTCondor about jobs';
  const sections = await ask(runSections, shell, what, pollScript(valid), { signal });
  if (findSection(sections, 'absent')) throw commandMissing('condor_q');
  const queue = findSection(sections, 'queue');
  if (queue?.exitCode !== 0 || readAds(queue.text) === null) throw htcondorError(what, queue?.text ?? '');
  for (const [id, status] of readPoll(sections, valid)) result.set(id, status);
  return result;
}

/** Words about jobs that are gone, or of which none is left to end. */
const gone = /not found|Couldn't find|There are no jobs|still in the queue|No result|all matching|no such job/i;

const cancel: Launcher['cancel'] = async (shell, jobs, how, signal) => {
  const valid = jobs.filter((job) => isJobId(job.id));
  if (valid.length === 0) return;
  const what = 'Stopping a job';
  const sections = await ask(runSections, shell, what, cancelScript(valid, how), { signal });
  for (const section of sections) {
    if (section.exitCode === 127) throw commandMissing('condor_rm');
    if (section.exitCode !== 0 && !gone.test(section.text)) throw htcondorError(what, section.text);
  }
};

/** Tried with HTCondor 23.9. docs/launchers.md says how a job without the home directory tells of itself. */
export const htcondor: Launcher = {
  name: 'htcondor',
  transfer,
  detect,
  submitCommand,
  submit,
  poll,
  cancel,
  enter: enterCommand,
};
