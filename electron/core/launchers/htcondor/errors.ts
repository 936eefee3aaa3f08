import { AppError } from '../../../shared/errors.ts';
import type { Submission } from '../common/launcher.ts';
import { fileError, lastLines } from '../common/remote-script.ts';

/** The daemon that is asked is away for a moment: trying again is right, giving up is not. */
const unreachable =
  /Failed to connect|Can't connect|connect to (the )?(queue manager|schedd|local queue)|Failed to fetch ads|Can't find address|Unable to locate|Can't locate|communication error|couldn't contact|connection refused|CEDAR:6001|SECMAN:2|timed? ?out|Error: +Collector/i;

export const isAway = (words: string): boolean => unreachable.test(words);

/** An HTCondor command that failed; a daemon that is away is told apart. */
export function htcondorError(what: string, words: string): AppError {
  const detail = lastLines(words);
  if (isAway(words)) {
    return new AppError('command-failed', `${what}: HTCondor's scheduler does not answer at the moment.`, {
      detail,
      hint: 'It is asked again; jobs that run go on meanwhile.',
    });
  }
  return new AppError('command-failed', `${what}: HTCondor refused.`, {
    detail,
    hint: "Look at HTCondor's own words; the cluster's support knows them.",
  });
}

export const commandMissing = (command: string): AppError =>
  new AppError('command-missing', `There is no ${command} command on this login node.`, {
    hint: `Use the login launcher, or add what makes ${command} available (often a module) to your profile there.`,
  });

/** Why condor_submit refused; its own words are the detail. */
export function submitError(words: string, { resources, directory }: Submission): AppError {
  const detail = lastLines(words);
  if (isAway(words)) return htcondorError('Submitting', words);
  if (/No space left|quota exceeded|Read-only file system/i.test(words)) return fileError(words, directory);
  if (/accounting.?group|acct.?group|nice.?user/i.test(words)) {
    return new AppError('account-invalid', `The accounting group "${resources.account}" may not be used here.`, {
      detail,
      hint: "Ask the pool's support for your accounting group.",
    });
  }
  if (/MAX_JOBS|would exceed|SUBMIT_REQUIREMENT|submit requirement/i.test(words)) {
    return new AppError('limit-exceeded', 'This is more than this HTCondor pool takes.', {
      detail,
      hint: "Look at HTCondor's own words: they name the limit.",
    });
  }
  if (resources.options.length > 0 && /parse|on line \d+|expression|not a valid|invalid/i.test(words)) {
    return new AppError('bad-input', 'HTCondor does not understand an option of this launch.', {
      detail,
      hint: `The options given are: ${resources.options.join('; ').slice(0, 500)}.`,
    });
  }
  return new AppError('submit-failed', 'HTCondor did not take the job.', {
    detail,
    hint: "Look at HTCondor's own words; the cluster's support knows them.",
  });
}
