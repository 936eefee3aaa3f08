import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Submission } from '../common/launcher.ts';
import type { ReleaseRefusals } from '../common/release-errors.ts';
import { lastLines } from '../common/remote-script.ts';
import { commandError, limitError, listKnown, unknownRefusal } from '../common/scheduler-errors.ts';
import { siteFactError } from '../common/site-facts.ts';

const names = { title: 'Slurm', daemon: "Slurm's controller" };

/** The controller is away for a moment, by the messages of slurm_strerror(3). */
const unreachable =
  /Unable to contact slurm controller|Socket timed out|Connection refused|temporarily unable|Zero Bytes were transmitted|standby mode|Transport endpoint|connect failure|Unable to establish connection|slurm_persist_conn/i;

function isControllerAway(output: string): boolean {
  return unreachable.test(output);
}

export const slurmError = (what: string, output: string): AppError =>
  commandError(names, what, output, isControllerAway(output));

interface Known {
  queues: readonly string[];
  accounts: readonly string[];
  qos: readonly string[];
}

const limits =
  /time limit is invalid|node configuration is not available|can not be satisfied|cannot be satisfied|accounting\/QOS policy|QOS\w{0,100}Limit|Assoc\w{0,100}Limit|More processors requested|too many (nodes|tasks|cpus)|exceed|Node count specification invalid|partition configuration not available/i;
const unknownRequest =
  /invalid feature|invalid generic resource|invalid node name|unrecognized option|invalid option|option requires|ambiguous/i;

/** By slurm_strerror(3). */
export const releaseRefusals: ReleaseRefusals = {
  gone: /Invalid job id|already completing or completed/i,
  notHeld: /no longer pending/i,
  denied: /Access\/permission denied/i,
};

/** Why sbatch refused, by what it printed. */
export function submitError(output: string, submission: Submission, known: Known): AppError {
  const { queue, account, qos } = submission.resources;
  const detail = lastLines(output);
  if (isControllerAway(output)) return slurmError('Submitting', output);
  const siteError = siteFactError(output, submission.site, ['memory', 'submitFrom', 'cluster']);
  if (siteError) return siteError;
  if (/invalid partition/i.test(output)) {
    const sentence =
      queue === '' ? 'Slurm has no default queue here.' : message`There is no queue "${{ queue }}" here.`;
    const hint = listKnown('Queues of this cluster', known.queues, 'Choose another queue.');
    return new AppError('queue-unknown', sentence, { detail, hint });
  }
  if (/invalid account|account is not permitted|User's group not permitted/i.test(output)) {
    const sentence =
      account === ''
        ? 'Slurm wants an account for this job.'
        : message`The account "${{ account }}" may not be used here.`;
    const hint = listKnown('Your accounts', known.accounts, "Ask the cluster's support for your account.");
    return new AppError('account-invalid', sentence, { detail, hint });
  }
  if (/invalid qos/i.test(output)) {
    const hint = listKnown('Yours', known.qos, 'Leave the quality of service empty.');
    return new AppError('account-invalid', message`The quality of service "${{ qos }}" may not be used here.`, {
      detail,
      hint,
    });
  }
  if (unknownRequest.test(output)) {
    return new AppError('bad-input', 'Slurm does not know something this launch asks for.', {
      detail,
      hint: 'Look at the kind of GPU and at the scheduler options.',
    });
  }
  if (limits.test(output)) return limitError('the default queue', queue, output);
  return unknownRefusal(names, output, submission);
}
