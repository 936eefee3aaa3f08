import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Submission } from '../common/launcher.ts';
import type { ReleaseRefusals } from '../common/release-errors.ts';
import { fileError, isFileSystemProblem, lastLines } from '../common/remote-script.ts';
import { commandError, unknownRefusal } from '../common/scheduler-errors.ts';
import { siteFactError } from '../common/site-facts.ts';

const names = { title: 'HTCondor', daemon: "HTCondor's scheduler" };

/** The daemon that is asked is away for a moment. */
const unreachable =
  /Failed to connect|Can't connect|connect to (the )?(queue manager|schedd|local queue)|Failed to fetch ads|Can't find address|Unable to locate|Can't locate|communication error|couldn't contact|connection refused|CEDAR:6001|SECMAN:2|timed? ?out|Error: +Collector/i;

const isAway = (output: string): boolean => unreachable.test(output);

export const htcondorError = (what: string, output: string): AppError =>
  commandError(names, what, output, isAway(output));

/** By condor_release(1). */
export const releaseRefusals: ReleaseRefusals = {
  gone: /Job \S{1,40} not found/i,
  notHeld: /not held to be released|already released/i,
  denied: /Permission denied to release/i,
};

/** Why condor_submit refused, by what it printed. */
export function submitError(output: string, submission: Submission): AppError {
  const { account, options } = submission.resources;
  const detail = lastLines(output);
  if (isAway(output)) return htcondorError('Submitting', output);
  if (isFileSystemProblem(output)) {
    return fileError(output, submission.directory);
  }
  const siteError = siteFactError(output, submission.site);
  if (siteError) return siteError;
  if (/accounting.?group|acct.?group|nice.?user/i.test(output)) {
    return new AppError('account-invalid', message`The accounting group "${{ account }}" may not be used here.`, {
      detail,
      hint: "Ask the pool's support for your accounting group.",
    });
  }
  if (/MAX_JOBS|would exceed|SUBMIT_REQUIREMENT|submit requirement/i.test(output)) {
    return new AppError('limit-exceeded', 'This is more than this HTCondor pool takes.', {
      detail,
      hint: 'Look at the message of HTCondor: it names the limit.',
    });
  }
  if (options.length > 0 && /parse|on line \d+|expression|not a valid|invalid/i.test(output)) {
    return new AppError('bad-input', 'HTCondor does not understand an option of this launch.', {
      detail,
      hint: message`The options given are: ${{ options: options.join('; ').slice(0, 500) }}.`,
    });
  }
  return unknownRefusal(names, output, submission);
}
