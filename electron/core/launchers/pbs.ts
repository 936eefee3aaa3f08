import type { LauncherInfo } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { type JobStatus, unknownJob } from '../../shared/instances.ts';
import type { Shell } from '../ssh/types.ts';
import type { JobHandle, Launcher } from './launcher.ts';
import { commandMissing, pbsError, submitError } from './pbs-errors.ts';
import { type Flavor, readPoll, readQueues, readRecords } from './pbs-jobs.ts';
import { cancelScript, detectScript, pollScript, qsubArguments, qsubCommand, submitScript } from './pbs-script.ts';
import { findSection, preparationError, runLocked, runSections, type Section } from './remote-script.ts';

/** `12.server`, `12[].server`. */
const isJobId = (id: string): boolean => /^[1-9]\d{0,18}(\[\d*\])?(\.[A-Za-z0-9][A-Za-z0-9._-]*)?$/.test(id);
const flavorOf = (sections: readonly Section[]): Flavor =>
  findSection(sections, 'flavor')?.text === 'torque' ? 'torque' : 'openpbs';

async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null> {
  const what = 'Asking PBS for its queues';
  const sections = await runSections(shell, what, detectScript, { signal });
  if (findSection(sections, 'absent')) return null;
  const queues = findSection(sections, 'queues');
  if (queues?.exitCode !== 0) throw pbsError(what, queues?.text ?? 'no answer from qstat');
  const said = findSection(sections, 'version')?.text ?? '';
  const version = /(?:pbs_version\s*=|Version:)\s*(\S+)/i.exec(said)?.[1] ?? '';
  const nodes = findSection(sections, 'nodes');
  const server = findSection(sections, 'server');
  return {
    name: 'pbs',
    version: `${flavorOf(sections) === 'torque' ? 'Torque' : 'PBS'} ${version}`.trim(),
    queues: readQueues(queues.text, nodes?.exitCode === 0 ? nodes.text : '', server?.exitCode === 0 ? server.text : ''),
    accounts: [],
    qos: [],
  };
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  // Refuses what never can be, before anything is asked.
  qsubArguments(submission, 'openpbs');
  const sections = await runLocked(shell, 'Submitting', submitScript(submission), { signal, timeoutMs: 180_000 });
  const id = findSection(sections, 'jobid')?.text;
  if (id !== undefined && isJobId(id)) return id;
  const problem = preparationError(sections, submission.directory);
  if (problem) throw problem;
  if (findSection(sections, 'absent')) throw commandMissing();
  const lookup = findSection(sections, 'lookup');
  if (lookup) throw pbsError('Looking for a job that was submitted before', lookup.text);
  if (findSection(sections, 'ran')) {
    throw new AppError('conflict', 'This app was started before, and PBS no longer knows its job.', {
      hint: 'Launch it anew.',
    });
  }
  const queues = readRecords(findSection(sections, 'queues')?.text ?? '').map(({ name }) => name);
  throw submitError(findSection(sections, 'refused')?.text ?? `Not a job id: ${id ?? ''}`, submission, queues);
};

async function poll(shell: Shell, jobs: readonly JobHandle[], signal?: AbortSignal): Promise<Map<string, JobStatus>> {
  const valid = jobs.filter((job) => isJobId(job.id));
  const result = new Map<string, JobStatus>();
  for (const job of jobs) {
    if (!isJobId(job.id)) result.set(job.id, { ...unknownJob(job.id), reason: 'this is no id of a PBS job' });
  }
  if (valid.length === 0) return result;
  const what = 'Asking PBS about jobs';
  const sections = await runSections(shell, what, pollScript(valid), { signal });
  if (findSection(sections, 'absent')) throw commandMissing();
  const queue = findSection(sections, 'queue');
  if (queue?.exitCode !== 0) throw pbsError(what, queue?.text ?? 'no answer from qstat');
  const ids = valid.map((job) => job.id);
  for (const [id, status] of readPoll(sections, ids, flavorOf(sections))) result.set(id, status);
  return result;
}

/** Words about a job that has ended already, or is just being ended. */
const goneJob = /unknown job|has finished|invalid state|exiting state|is being deleted/i;

const cancel: Launcher['cancel'] = async (shell, jobs, how, signal) => {
  const valid = jobs.filter((job) => isJobId(job.id));
  if (valid.length === 0) return;
  const what = 'Stopping a job';
  const sections = await runSections(shell, what, cancelScript(valid, how), { signal });
  if (findSection(sections, 'absent')) throw commandMissing();
  for (const section of sections) {
    if (section.exitCode === 0) continue;
    const serious = section.text.split('\n').filter((line) => line.trim() !== '' && !goneJob.test(line));
    if (serious.length > 0) throw pbsError(what, serious.join('\n'));
  }
};

/**
 * OpenPBS, PBS Professional and Torque from their manuals; not yet run against a real one. There is no way into a job from the
 * login node: pbsdsh and pbs_tmrsh work from inside it only.
 */
export const pbs: Launcher = {
  name: 'pbs',
  detect,
  submitCommand: qsubCommand,
  submit,
  poll,
  cancel,
  enter: () => null,
};
