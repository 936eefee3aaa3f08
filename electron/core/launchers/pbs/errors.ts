import { AppError } from '../../../shared/errors.ts';
import type { Submission } from '../common/launcher.ts';
import { fileError, lastLines } from '../common/remote-script.ts';

const unreachable =
  /cannot connect|connection refused|communication failure|end of file|timed? ?out|no server|pbs_iff/i;

/** A command of PBS that failed; its server being away is told apart. */
export function pbsError(what: string, words: string): AppError {
  const detail = lastLines(words);
  if (unreachable.test(words)) {
    return new AppError('command-failed', `${what}: the PBS server does not answer at the moment.`, {
      detail,
      hint: 'It is asked again; jobs that run go on meanwhile.',
    });
  }
  return new AppError('command-failed', `${what}: PBS refused.`, {
    detail,
    hint: "Look at PBS's own words; the cluster's support knows them.",
  });
}

export const commandMissing = (): AppError =>
  new AppError('command-missing', 'There are no commands of PBS (qsub, qstat) on this login node.', {
    hint: 'Use the login launcher, or add what makes qsub available (often a module) to your profile there.',
  });

/** Why qsub refused; its own words are the detail. */
export function submitError(words: string, { resources, directory }: Submission, queues: readonly string[]): AppError {
  const detail = lastLines(words);
  if (unreachable.test(words)) return pbsError('Submitting', words);
  if (/unknown queue|no default queue|queue is not enabled|access to queue is denied/i.test(words)) {
    const message =
      resources.queue === ''
        ? 'PBS has no queue here for this job.'
        : `The queue "${resources.queue}" cannot be used here.`;
    const hint =
      queues.length > 0 ? `Queues of this cluster: ${queues.slice(0, 20).join(', ')}.` : 'Choose another queue.';
    return new AppError('queue-unknown', message, { detail, hint });
  }
  if (/invalid account|account.{0,200}(required|not)|project/i.test(words)) {
    return new AppError('account-invalid', 'PBS does not take this account.', {
      detail,
      hint: "Ask the cluster's support for your account.",
    });
  }
  if (
    /exceeds|violates|limit|illegal attribute or resource value|unknown resource|node count|cannot be satisfied/i.test(
      words,
    )
  ) {
    const where = resources.queue === '' ? 'PBS' : `the queue "${resources.queue}"`;
    return new AppError('limit-exceeded', `This is more than ${where} gives.`, {
      detail,
      hint: 'Ask for less time, memory, cores or GPUs, or choose another queue.',
    });
  }
  if (/No space left|quota exceeded|Read-only file system/i.test(words)) return fileError(words, directory);
  return new AppError('submit-failed', 'PBS did not take the job.', {
    detail,
    hint: "Look at PBS's own words; the cluster's support knows them.",
  });
}
