import type { LauncherInfo } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { type JobStatus, unknownJob } from '../../shared/instances.ts';
import type { Shell } from '../ssh/types.ts';
import type { JobHandle, Launcher, Submission } from './launcher.ts';
import { readPoll, readQueues } from './lsf-jobs.ts';
import { bsubArguments, bsubCommand, cancelScript, detectScript, pollScript, submitScript } from './lsf-script.ts';
import { fileError, findSection, lastLines, preparationError, runLocked, runSections } from './remote-script.ts';

const isJobId = (id: string): boolean => /^[1-9]\d{0,18}$/.test(id);
const unreachable =
  /LSF is down|not responding|cannot connect|timed? ?out|communication|failed in an LSF library call|try later/i;

/** A command of LSF that failed; its daemon being away is told apart. */
export function lsfError(what: string, words: string): AppError {
  const away = unreachable.test(words);
  return new AppError('command-failed', `${what}: LSF ${away ? 'does not answer at the moment' : 'refused'}.`, {
    detail: lastLines(words),
    hint: away
      ? 'It is asked again; jobs that run go on meanwhile.'
      : "Look at LSF's own words; the cluster's support knows them.",
  });
}

const commandMissing = (): AppError =>
  new AppError('command-missing', 'There are no commands of LSF (bsub, bjobs) on this login node.', {
    hint: 'Use the login launcher, or add what makes bsub available (often profile.lsf) to your profile there.',
  });

/** Why bsub refused; its own words are the detail. */
export function submitError(words: string, { resources, directory }: Submission, queues: readonly string[]): AppError {
  const detail = lastLines(words);
  if (unreachable.test(words)) return lsfError('Submitting', words);
  if (/no such queue|cannot use the queue|queue.*(closed|not accept)/i.test(words)) {
    const message =
      resources.queue === ''
        ? 'LSF has no queue here for this job.'
        : `The queue "${resources.queue}" cannot be used here.`;
    const hint =
      queues.length > 0 ? `Queues of this cluster: ${queues.slice(0, 20).join(', ')}.` : 'Choose another queue.';
    return new AppError('queue-unknown', message, { detail, hint });
  }
  if (/project/i.test(words)) {
    return new AppError('account-invalid', 'LSF does not take this project.', {
      detail,
      hint: "Give your project as the account; the cluster's support knows its name.",
    });
  }
  if (/cannot exceed|limit|resource requirement|too many processors|not enough/i.test(words)) {
    const where = resources.queue === '' ? 'LSF' : `the queue "${resources.queue}"`;
    return new AppError('limit-exceeded', `This is more than ${where} gives.`, {
      detail,
      hint: 'Ask for less time, memory, cores or GPUs, or choose another queue.',
    });
  }
  if (/No space left|quota exceeded|Read-only file system/i.test(words)) return fileError(words, directory);
  return new AppError('submit-failed', 'LSF did not take the job.', {
    detail,
    hint: "Look at LSF's own words; the cluster's support knows them.",
  });
}

async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null> {
  const what = 'Asking LSF for its queues';
  const sections = await runSections(shell, what, detectScript, { signal });
  if (findSection(sections, 'absent')) return null;
  const queues = findSection(sections, 'queues');
  if (queues?.exitCode !== 0) throw lsfError(what, queues?.text ?? 'no answer from bqueues');
  const version = /LSF.*?(\d+\.\d+(?:\.\d+)*)/.exec(findSection(sections, 'version')?.text ?? '')?.[1] ?? '';
  const hosts = findSection(sections, 'hosts');
  return {
    name: 'lsf',
    version,
    queues: readQueues(queues.text, hosts?.exitCode === 0 ? hosts.text : ''),
    accounts: [],
    qos: [],
  };
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  // Refuses what never can be, before anything is asked.
  bsubArguments(submission);
  const sections = await runLocked(shell, 'Submitting', submitScript(submission), { signal, timeoutMs: 180_000 });
  const id = findSection(sections, 'jobid')?.text;
  if (id !== undefined && isJobId(id)) return id;
  const problem = preparationError(sections, submission.directory);
  if (problem) throw problem;
  if (findSection(sections, 'absent')) throw commandMissing();
  const lookup = findSection(sections, 'lookup');
  if (lookup) throw lsfError('Looking for a job that was submitted before', lookup.text);
  if (findSection(sections, 'ran')) {
    throw new AppError('conflict', 'This app was started before, and LSF no longer knows its job.', {
      hint: 'Launch it anew.',
    });
  }
  const queues = (findSection(sections, 'queues')?.text ?? '').split('\n').filter((name) => name !== '');
  throw submitError(findSection(sections, 'refused')?.text ?? `Not a job id: ${id ?? ''}`, submission, queues);
};

async function poll(shell: Shell, jobs: readonly JobHandle[], signal?: AbortSignal): Promise<Map<string, JobStatus>> {
  const valid = jobs.filter((job) => isJobId(job.id));
  const result = new Map<string, JobStatus>();
  for (const job of jobs) {
    if (!isJobId(job.id)) result.set(job.id, { ...unknownJob(job.id), reason: 'this is no id of an LSF job' });
  }
  if (valid.length === 0) return result;
  const what = 'Asking LSF about jobs';
  const sections = await runSections(shell, what, pollScript(valid), { signal });
  if (findSection(sections, 'absent')) throw commandMissing();
  const queue = findSection(sections, 'queue');
  if (queue?.exitCode !== 0) throw lsfError(what, queue?.text ?? 'no answer from bjobs');
  const ids = valid.map((job) => job.id);
  for (const [id, status] of readPoll(sections, ids)) result.set(id, status);
  return result;
}

/** Words about a job that has ended already or was told to, and those that say that all went well. */
const fine = /already finished|no matching job|not found|is being (terminated|signaled)/i;

const cancel: Launcher['cancel'] = async (shell, jobs, how, signal) => {
  const valid = jobs.filter((job) => isJobId(job.id));
  if (valid.length === 0) return;
  const what = 'Stopping a job';
  const sections = await runSections(shell, what, cancelScript(valid, how), { signal });
  if (findSection(sections, 'absent')) throw commandMissing();
  const stop = findSection(sections, 'stop');
  if (!stop || stop.exitCode === 0) return;
  const serious = stop.text.split('\n').filter((line) => line.trim() !== '' && !fine.test(line));
  if (serious.length > 0) throw lsfError(what, serious.join('\n'));
};

/**
 * IBM Spectrum LSF 10.1 from its manual; not yet run against a real one. There is no way into a job from the login node: blaunch
 * works from inside it only, and lsrun is no part of a job.
 */
export const lsf: Launcher = {
  name: 'lsf',
  detect,
  submitCommand: bsubCommand,
  submit,
  poll,
  cancel,
  enter: () => null,
};
