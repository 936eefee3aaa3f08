import { AppError } from '../../../shared/errors.ts';
import type { Submission } from '../common/launcher.ts';
import { fileError, lastLines } from '../common/remote-script.ts';

/** The qmaster is away for a moment: trying again is right, giving up is not. */
const unreachable =
  /unable to (send|receive) message|unable to contact|got (select|read|send|write) error|commlib error|can't (connect|resolve)|cannot connect|not reachable|connection refused|timed? ?out/i;

export const isMasterAway = (words: string): boolean => unreachable.test(words);

/** A command of Grid Engine that failed; its qmaster being away is told apart. */
export function gridEngineError(what: string, words: string): AppError {
  const detail = lastLines(words);
  if (isMasterAway(words)) {
    return new AppError('command-failed', `${what}: Grid Engine's master does not answer at the moment.`, {
      detail,
      hint: 'It is asked again; jobs that run go on meanwhile.',
    });
  }
  return new AppError('command-failed', `${what}: Grid Engine refused.`, {
    detail,
    hint: "Look at Grid Engine's own words; the cluster's support knows them.",
  });
}

export const commandMissing = (): AppError =>
  new AppError('command-missing', 'There are no commands of Grid Engine (qsub, qstat, qconf) on this login node.', {
    hint: 'Use the login launcher, or add what makes qsub available (often a module) to your profile there.',
  });

export interface Known {
  queues: readonly string[];
  projects: readonly string[];
}

const list = (names: readonly string[]): string => names.slice(0, 20).join(', ');

/** Why qsub refused; its own words are the detail. */
export function submitError(words: string, { resources, directory }: Submission, known: Known): AppError {
  const detail = lastLines(words);
  if (isMasterAway(words)) return gridEngineError('Submitting', words);
  if (/unknown queue/i.test(words)) {
    const hint = known.queues.length > 0 ? `Queues of this cluster: ${list(known.queues)}.` : 'Choose another queue.';
    return new AppError('queue-unknown', `There is no queue "${resources.queue}" here.`, { detail, hint });
  }
  if (/project/i.test(words)) {
    const message =
      resources.account === ''
        ? 'Grid Engine wants a project for this job.'
        : `The project "${resources.account}" may not be used here.`;
    const hint =
      known.projects.length > 0
        ? `Projects of this cluster: ${list(known.projects)}. Give one as the account.`
        : "Ask the cluster's support for your project.";
    return new AppError('account-invalid', message, { detail, hint });
  }
  if (
    /no suitable queues|parallel environment|unknown resource|exceed|only \d{1,9} .{0,200}allowed|not allowed to|cannot run|is not a valid|maximum/i.test(
      words,
    )
  ) {
    return new AppError('limit-exceeded', `This is more than ${queueWords(resources.queue)} gives.`, {
      detail,
      hint: 'Ask for less time, memory, cores or GPUs, or choose another queue.',
    });
  }
  if (/No space left|quota exceeded|Read-only file system/i.test(words)) return fileError(words, directory);
  return new AppError('submit-failed', 'Grid Engine did not take the job.', {
    detail,
    hint: "Look at Grid Engine's own words; the cluster's support knows them.",
  });
}

const queueWords = (queue: string): string => (queue === '' ? 'Grid Engine' : `the queue "${queue}"`);
