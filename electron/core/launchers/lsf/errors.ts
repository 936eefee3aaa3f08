import { AppError } from '../../../shared/errors.ts';
import type { Submission } from '../common/launcher.ts';
import { fileError, lastLines } from '../common/remote-script.ts';

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

export const commandMissing = (): AppError =>
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
