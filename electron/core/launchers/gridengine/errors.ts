import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Submission } from '../common/launcher.ts';
import type { ReleaseRefusals } from '../common/release-errors.ts';
import { lastLines } from '../common/remote-script.ts';
import { commandError, limitError, listKnown, unknownRefusal } from '../common/scheduler-errors.ts';
import { siteFactError } from '../common/site-facts.ts';

const names = { title: 'Grid Engine', daemon: "Grid Engine's master" };

const unreachable =
  /unable to (send|receive) message|unable to contact|got (select|read|send|write) error|commlib error|can't (connect|resolve)|cannot connect|not reachable|connection refused|timed? ?out/i;

const isMasterAway = (output: string): boolean => unreachable.test(output);

export const gridEngineError = (what: string, output: string): AppError =>
  commandError(names, what, output, isMasterAway(output));

export const commandMissing = (): AppError =>
  new AppError('command-missing', 'There are no commands of Grid Engine (qsub, qstat, qconf) on this login node.', {
    hint: 'Use the login launcher, or add what makes qsub available (often a module) to your profile there.',
  });

interface Known {
  queues: readonly string[];
  projects: readonly string[];
}

const limits =
  /no suitable queues|parallel environment|unknown resource|exceed|only \d{1,9} .{0,200}allowed|not allowed to|cannot run|is not a valid|maximum/i;

/** By qrls(1); it takes no notice of a hold that is not the user's. */
export const releaseRefusals: ReleaseRefusals = {
  gone: /does not exist/i,
  notHeld: /not (on )?hold/i,
  denied: /must be (manager|operator|.{0,40}owner)/i,
};

/** Why qsub refused, by what it printed. */
export function submitError(output: string, submission: Submission, known: Known): AppError {
  const { queue, account } = submission.resources;
  const detail = lastLines(output);
  if (isMasterAway(output)) return gridEngineError('Submitting', output);
  const siteError = siteFactError(output, submission.site);
  if (siteError) return siteError;
  if (/unknown queue/i.test(output)) {
    const hint = listKnown('Queues of this cluster', known.queues, 'Choose another queue.');
    return new AppError('queue-unknown', message`There is no queue "${{ queue }}" here.`, { detail, hint });
  }
  if (/project/i.test(output)) {
    const sentence =
      account === ''
        ? 'Grid Engine wants a project for this job.'
        : message`The project "${{ account }}" may not be used here.`;
    const projects = listKnown('Projects of this cluster', known.projects, '');
    const hint = projects ? `${projects} Give one as the account.` : "Ask the cluster's support for your project.";
    return new AppError('account-invalid', sentence, { detail, hint });
  }
  if (limits.test(output)) return limitError(names.title, queue, output);
  return unknownRefusal(names, output, submission);
}
