import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Submission } from '../common/launcher.ts';
import type { ReleaseRefusals } from '../common/release-errors.ts';
import { lastLines } from '../common/remote-script.ts';
import { commandError, limitError, listKnown, unknownRefusal } from '../common/scheduler-errors.ts';
import { siteFactError } from '../common/site-facts.ts';

const names = { title: 'PBS', daemon: 'the PBS server' };

const unreachable =
  /cannot connect|connection refused|communication failure|end of file|timed? ?out|no server|pbs_iff/i;
const limits =
  /exceeds|violates|limit|illegal attribute or resource value|unknown resource|node count|cannot be satisfied/i;

export const pbsError = (what: string, output: string): AppError =>
  commandError(names, what, output, unreachable.test(output));

export const commandMissing = (): AppError =>
  new AppError('command-missing', 'There are no commands of PBS (qsub, qstat) on this login node.', {
    hint: 'Use the login launcher, or add what makes qsub available (often a module) to your profile there.',
  });

/** By the errors of the PBS server; qrls takes the user's hold off and leaves the others. */
export const releaseRefusals: ReleaseRefusals = {
  gone: /Unknown Job|has finished/i,
  notHeld: /invalid for state/i,
  denied: /Unauthorized Request/i,
};

/** Why qsub refused, by what it printed. */
export function submitError(output: string, submission: Submission, queues: readonly string[]): AppError {
  const { queue } = submission.resources;
  const detail = lastLines(output);
  if (unreachable.test(output)) return pbsError('Submitting', output);
  const siteError = siteFactError(output, submission.site, ['memory', 'submitFrom', 'select']);
  if (siteError) return siteError;
  if (/unknown queue|no default queue|queue is not enabled|access to queue is denied/i.test(output)) {
    const sentence =
      queue === '' ? 'PBS has no queue here for this job.' : message`The queue "${{ queue }}" cannot be used here.`;
    const hint = listKnown('Queues of this cluster', queues, 'Choose another queue.');
    return new AppError('queue-unknown', sentence, { detail, hint });
  }
  if (/invalid account|account.{0,200}(required|not)|project/i.test(output)) {
    return new AppError('account-invalid', 'PBS does not take this account.', {
      detail,
      hint: "Ask the cluster's support for your account.",
    });
  }
  if (limits.test(output)) return limitError(names.title, queue, output);
  return unknownRefusal(names, output, submission);
}
