import { AppError } from '../../../shared/errors.ts';
import type { Submission } from '../common/launcher.ts';
import { fileError, lastLines } from '../common/remote-script.ts';

/** The controller is away for a moment, by slurm_strerror's words: trying again is right, giving up is not. */
const unreachable =
  /Unable to contact slurm controller|Socket timed out|Connection refused|temporarily unable|Zero Bytes were transmitted|standby mode|Transport endpoint|connect failure|Unable to establish connection|slurm_persist_conn/i;

export function isControllerAway(words: string): boolean {
  return unreachable.test(words);
}

/** A Slurm command that failed; the controller being away is told apart. */
export function slurmError(what: string, words: string): AppError {
  const detail = lastLines(words);
  if (isControllerAway(words)) {
    return new AppError('command-failed', `${what}: Slurm's controller does not answer at the moment.`, {
      detail,
      hint: 'It is asked again; jobs that run go on meanwhile.',
    });
  }
  return new AppError('command-failed', `${what}: Slurm refused.`, {
    detail,
    hint: "Look at Slurm's own words; the cluster's support knows them.",
  });
}

export const commandMissing = (command: string): AppError =>
  new AppError('command-missing', `There is no ${command} command on this login node.`, {
    hint: `Use the login launcher, or add what makes ${command} available (often a module) to your profile there.`,
  });

export interface Known {
  queues: readonly string[];
  accounts: readonly string[];
  qos: readonly string[];
}

const limits =
  /time limit is invalid|node configuration is not available|can not be satisfied|cannot be satisfied|accounting\/QOS policy|QOS\w{0,100}Limit|Assoc\w{0,100}Limit|More processors requested|too many (nodes|tasks|cpus)|exceed|Node count specification invalid|partition configuration not available/i;

const list = (names: readonly string[]): string => names.slice(0, 20).join(', ');

/** Why sbatch refused; its own words are the detail. */
export function submitError(words: string, { resources, directory }: Submission, known: Known): AppError {
  const detail = lastLines(words);
  if (isControllerAway(words)) return slurmError('Submitting', words);
  if (/invalid partition/i.test(words)) {
    const message =
      resources.queue === '' ? 'Slurm has no default queue here.' : `There is no queue "${resources.queue}" here.`;
    const hint = known.queues.length > 0 ? `Queues of this cluster: ${list(known.queues)}.` : 'Choose another queue.';
    return new AppError('queue-unknown', message, { detail, hint });
  }
  if (/invalid account|account is not permitted|User's group not permitted/i.test(words)) {
    const message =
      resources.account === ''
        ? 'Slurm wants an account for this job.'
        : `The account "${resources.account}" may not be used here.`;
    const hint =
      known.accounts.length > 0
        ? `Your accounts: ${list(known.accounts)}.`
        : "Ask the cluster's support for your account.";
    return new AppError('account-invalid', message, { detail, hint });
  }
  if (/invalid qos/i.test(words)) {
    return new AppError('account-invalid', `The quality of service "${resources.qos}" may not be used here.`, {
      detail,
      hint: known.qos.length > 0 ? `Yours: ${list(known.qos)}.` : 'Leave the quality of service empty.',
    });
  }
  if (
    /invalid feature|invalid generic resource|invalid node name|unrecognized option|invalid option|option requires|ambiguous/i.test(
      words,
    )
  ) {
    return new AppError('bad-input', 'Slurm does not know something this launch asks for.', {
      detail,
      hint: 'Look at the kind of GPU and at the scheduler options.',
    });
  }
  if (limits.test(words)) {
    return new AppError('limit-exceeded', `This is more than ${queueWords(resources.queue)} gives.`, {
      detail,
      hint: 'Ask for less time, memory, cores or GPUs, or choose another queue.',
    });
  }
  if (/No space left|quota exceeded|Read-only file system/i.test(words)) return fileError(words, directory);
  return new AppError('submit-failed', 'Slurm did not take the job.', {
    detail,
    hint: "Look at Slurm's own words; the cluster's support knows them.",
  });
}

const queueWords = (queue: string): string => (queue === '' ? 'the default queue' : `the queue "${queue}"`);
