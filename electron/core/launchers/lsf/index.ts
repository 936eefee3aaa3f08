import type { LauncherInfo } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Shell } from '../../ssh/types.ts';
import type { Launcher, Submission } from '../common/launcher.ts';
import { fileError, findSection, lastLines, type Section } from '../common/remote-script.ts';
import { createScheduler, linesBesides } from '../common/scheduler.ts';
import { readPoll, readQueues } from './parse.ts';
import { bsubArguments, bsubCommand, cancelScript, detectScript, pollScript, submitScript } from './script.ts';

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
  if (/no such queue|cannot use the queue|queue.{0,200}(closed|not accept)/i.test(words)) {
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

const scheduler = createScheduler({
  title: 'LSF',
  isJobId,
  error: lsfError,
  missing: commandMissing,
  serious: linesBesides(/already finished|no matching job|not found|is being (terminated|signaled)/i),
});

async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null> {
  const what = 'Asking LSF for its queues';
  const sections = await scheduler.ask(shell, what, detectScript, { signal });
  if (findSection(sections, 'absent')) return null;
  const queues = scheduler.need(sections, 'queues', what);
  const version =
    /LSF.{0,100}?(?<!\d)(\d+\.\d+(?:\.\d+)*)/.exec(findSection(sections, 'version')?.text ?? '')?.[1] ?? '';
  const hosts = findSection(sections, 'hosts');
  return {
    name: 'lsf',
    version,
    queues: readQueues(queues, hosts?.exitCode === 0 ? hosts.text : ''),
    accounts: [],
    qos: [],
  };
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  // Refuses what never can be, before anything is asked.
  bsubArguments(submission);
  const refused = (words: string, sections: readonly Section[]) => {
    const queues = (findSection(sections, 'queues')?.text ?? '').split('\n').filter((name) => name !== '');
    return submitError(words, submission, queues);
  };
  return scheduler.submit(shell, submission, submitScript(submission), refused, signal);
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
  poll: scheduler.poll(pollScript, readPoll),
  cancel: scheduler.cancel(cancelScript),
  enter: () => null,
};
