import type { LauncherInfo } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { type JobStatus, unknownJob } from '../../shared/instances.ts';
import type { RunOptions, Shell } from '../ssh/types.ts';
import type { Launcher } from './launcher.ts';
import { findSection, preparationError, runLocked, runSections, type Section } from './remote-script.ts';
import { commandMissing, slurmError, submitError } from './slurm-errors.ts';
import { readPoll } from './slurm-jobs.ts';
import { readAccounts, readPartitions, readQos, readQueues, readSinfo, readSinfoJson } from './slurm-queues.ts';
import {
  cancelScript,
  detectScript,
  enterCommand,
  pollScript,
  type SlurmJob,
  sbatchCommand,
  submitScript,
} from './slurm-script.ts';

const isJobId = (id: string): boolean => /^[1-9]\d{0,9}$/.test(id);

/** Slurm's commands wait long for a controller that is away; past that it is the same failure. */
async function ask(shell: Shell, what: string, body: string, options: RunOptions, run = runSections) {
  try {
    return await run(shell, what, body, options);
  } catch (error) {
    if (error instanceof AppError && error.code === 'timeout') {
      throw new AppError('command-failed', `${what}: Slurm does not answer.`, {
        hint: 'It is asked again; jobs that run go on meanwhile.',
        cause: error,
      });
    }
    throw error;
  }
}

/** A section that must have gone well. */
function need(sections: readonly Section[], name: string, what: string): string {
  const section = findSection(sections, name);
  if (section?.exitCode === 0) return section.text;
  throw slurmError(what, section?.text ?? `no answer from ${name}`);
}

async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null> {
  const what = 'Asking Slurm for its queues';
  const sections = await ask(shell, what, detectScript, { signal });
  if (findSection(sections, 'absent')) return null;
  const sinfo = need(sections, 'sinfo', what);
  const partitions = need(sections, 'partitions', what);
  const isDefault = [...readPartitions(partitions).values()].find((fields) => fields.get('Default') === 'YES');
  const queues =
    readSinfoJson(findSection(sections, 'json')?.text ?? '', isDefault?.get('PartitionName')) ??
    readQueues(sinfo, partitions);
  const version = /\d+\.\d+(\.\d+)?/.exec(findSection(sections, 'version')?.text ?? '');
  return { name: 'slurm', version: version?.[0] ?? '', queues, accounts: accountsOf(sections), qos: qosOf(sections) };
}

/** The user's default account first. None where the site has no accounting, which is no error. */
function accountsOf(sections: readonly Section[]): string[] {
  const section = findSection(sections, 'accounts');
  if (section?.exitCode !== 0) return [];
  const accounts = readAccounts(section.text);
  const usual = findSection(sections, 'default-account')?.text.trim() ?? '';
  return accounts.includes(usual) ? [usual, ...accounts.filter((name) => name !== usual)] : accounts;
}

function qosOf(sections: readonly Section[]): string[] {
  const section = findSection(sections, 'accounts');
  return section?.exitCode === 0 ? readQos(section.text) : [];
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  const sections = await ask(shell, 'Submitting', submitScript(submission), { signal, timeoutMs: 180_000 }, runLocked);
  const id = findSection(sections, 'jobid')?.text;
  if (id !== undefined && isJobId(id)) return id;
  const problem = preparationError(sections, submission.directory);
  if (problem) throw problem;
  if (findSection(sections, 'absent')) throw commandMissing('sbatch');
  const lookup = findSection(sections, 'lookup');
  if (lookup) throw slurmError('Looking for a job that was submitted before', lookup.text);
  if (findSection(sections, 'ran')) {
    throw new AppError('conflict', 'This app was started before, and Slurm no longer knows its job.', {
      hint: 'Launch it anew.',
    });
  }
  throw submitError(findSection(sections, 'refused')?.text ?? `Not a job id: ${id ?? ''}`, submission, {
    queues: [...new Set(readSinfo(findSection(sections, 'sinfo')?.text ?? '').map((group) => group.queue))],
    accounts: accountsOf(sections),
    qos: qosOf(sections),
  });
};

async function poll(shell: Shell, jobs: readonly SlurmJob[], signal?: AbortSignal): Promise<Map<string, JobStatus>> {
  const valid = jobs.filter((job) => isJobId(job.id));
  const result = new Map<string, JobStatus>();
  for (const job of jobs) {
    if (!isJobId(job.id)) result.set(job.id, { ...unknownJob(job.id), reason: 'this is no id of a Slurm job' });
  }
  if (valid.length === 0) return result;
  const what = 'Asking Slurm about jobs';
  const sections = await ask(shell, what, pollScript(valid), { signal });
  if (findSection(sections, 'absent')) throw commandMissing('squeue');
  need(sections, 'queue', what);
  for (const [id, status] of readPoll(
    sections,
    valid.map((job) => job.id),
  ))
    result.set(id, status);
  return result;
}

/** Words about a job that has ended already, or has no process to signal. */
const goneJob = /Invalid job id|already completing or completed|not running|Job\/step already|Job is pending/i;

const cancel: Launcher['cancel'] = async (shell, jobs, how, signal) => {
  const valid = jobs.filter((job) => isJobId(job.id));
  if (valid.length === 0) return;
  const what = 'Stopping a job';
  const sections = await ask(shell, what, cancelScript(valid, how), { signal });
  for (const section of sections) {
    if (section.exitCode === 127) throw commandMissing('scancel');
    if (section.exitCode === 0) continue;
    const serious = section.text.split('\n').filter((line) => line.trim() !== '' && !goneJob.test(line));
    if (serious.length > 0) throw slurmError(what, serious.join('\n'));
  }
};

/** Tried with Slurm 22.05, 24.11 and 26.05. docs/launchers.md says why polling reads text. */
export const slurm: Launcher = {
  name: 'slurm',
  detect,
  submitCommand: sbatchCommand,
  submit,
  poll,
  cancel,
  enter: ({ id }, command) => (isJobId(id) ? enterCommand(id, command) : null),
};
