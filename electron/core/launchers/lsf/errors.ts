import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Submission } from '../common/launcher.ts';
import type { ReleaseRefusals } from '../common/release-errors.ts';
import { lastLines } from '../common/remote-script.ts';
import { commandError, limitError, listKnown, unknownRefusal } from '../common/scheduler-errors.ts';
import { siteFactError } from '../common/site-facts.ts';

const names = { title: 'LSF', daemon: 'LSF' };

const unreachable =
  /LSF is down|not responding|cannot connect|timed? ?out|communication|failed in an LSF library call|try later/i;

export const lsfError = (what: string, output: string): AppError =>
  commandError(names, what, output, unreachable.test(output));

export const commandMissing = (): AppError =>
  new AppError('command-missing', 'There are no commands of LSF (bsub, bjobs) on this login node.', {
    hint: 'Use the login launcher, or add what makes bsub available (often profile.lsf) to your profile there.',
  });

/** By lsb_perror(3). */
export const releaseRefusals: ReleaseRefusals = {
  gone: /No matching job|already finished/i,
  notHeld: /has (not started yet|already started)/i,
  denied: /permission denied/i,
};

/** Why bsub refused, by what it printed. */
export function submitError(output: string, submission: Submission, queues: readonly string[]): AppError {
  const { queue } = submission.resources;
  const detail = lastLines(output);
  if (unreachable.test(output)) return lsfError('Submitting', output);
  const siteError = siteFactError(output, submission.site);
  if (siteError) return siteError;
  if (/no such queue|cannot use the queue|queue.{0,200}(closed|not accept)/i.test(output)) {
    const sentence =
      queue === '' ? 'LSF has no queue here for this job.' : message`The queue "${{ queue }}" cannot be used here.`;
    const hint = listKnown('Queues of this cluster', queues, 'Choose another queue.');
    return new AppError('queue-unknown', sentence, { detail, hint });
  }
  if (/project/i.test(output)) {
    return new AppError('account-invalid', 'LSF does not take this project.', {
      detail,
      hint: "Give your project as the account; the cluster's support knows its name.",
    });
  }
  if (/cannot exceed|limit|resource requirement|too many processors|not enough/i.test(output)) {
    return limitError(names.title, queue, output);
  }
  return unknownRefusal(names, output, submission);
}
