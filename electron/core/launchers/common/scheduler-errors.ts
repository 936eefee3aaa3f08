import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Submission } from './launcher.ts';
import { fileError, isFileSystemProblem, lastLines } from './remote-script.ts';

interface SchedulerNames {
  /** As users say it, e.g. `Grid Engine`. */
  title: string;
  /** The part that answers, e.g. `Slurm's controller`. */
  daemon: string;
}

/** A command of the scheduler failed. Where its daemon is away for a moment, trying again is right and giving up is not. */
export function commandError(
  { title, daemon }: SchedulerNames,
  what: string,
  output: string,
  isAway: boolean,
): AppError {
  const detail = lastLines(output);
  if (isAway) {
    return new AppError('command-failed', message`${{ what }}: ${{ daemon }} does not answer at the moment.`, {
      detail,
      hint: 'It is asked again; jobs that run go on meanwhile.',
    });
  }
  return new AppError('command-failed', message`${{ what }}: ${{ scheduler: title }} refused.`, {
    detail,
    hint: message`Look at the message of ${{ scheduler: title }}; the cluster's support knows it.`,
  });
}

export function commandMissingError(command: string): AppError {
  return new AppError('command-missing', message`There is no ${{ command }} command on this login node.`, {
    hint: message`Use the login launcher, or add what makes ${{ command }} available (often a module) to your profile there.`,
  });
}

/** `giver`: what sets the limit where no queue is named. */
export function limitError(giver: string, queue: string, output: string): AppError {
  const sentence =
    queue === ''
      ? message`This is more than ${{ giver }} gives.`
      : message`This is more than the queue "${{ queue }}" gives.`;
  return new AppError('limit-exceeded', sentence, {
    detail: lastLines(output),
    hint: 'Ask for less time, memory, cores or GPUs, or choose another queue.',
  });
}

/** A refusal of which nothing else is known: the directory's file system, or the scheduler for its own reasons. */
export function unknownRefusal({ title }: SchedulerNames, output: string, { directory }: Submission): AppError {
  if (isFileSystemProblem(output)) return fileError(output, directory);
  return new AppError('submit-failed', message`${{ scheduler: title }} did not take the job.`, {
    detail: lastLines(output),
    hint: message`Look at the message of ${{ scheduler: title }}; the cluster's support knows it.`,
  });
}

/** The hint of a refused queue, account or quality of service. `label`: how the known ones are introduced. */
export const listKnown = (label: string, names: readonly string[], otherwise: string): string =>
  names.length > 0 ? `${label}: ${names.slice(0, 20).join(', ')}.` : otherwise;
