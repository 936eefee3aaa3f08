import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { lastLines } from './remote-script.ts';

/** What a scheduler prints when it does not hold or release a job. */
export interface ReleaseRefusals {
  /** It has no such job, or that has ended. */
  gone: RegExp;
  /** It does not wait: a job that runs can be neither held nor released. */
  notHeld: RegExp;
  /** Somebody with more rights holds it. */
  denied: RegExp;
}

export const notHeldError = (detail?: string): AppError =>
  new AppError('conflict', 'This job is not on hold.', { detail: detail || undefined });

export const heldByOthersError = (detail?: string): AppError =>
  new AppError('conflict', 'An administrator or the scheduler holds this job, so that you cannot release it.', {
    detail: detail || undefined,
    hint: "Ask the cluster's support, or cancel it and launch again.",
  });

export const notWaitingError = (detail?: string): AppError =>
  new AppError('conflict', 'This job does not wait in a queue, so that it cannot be held.', {
    detail: detail || undefined,
    hint: 'A job that runs can be cancelled.',
  });

const goneError = (title: string, detail: string): AppError =>
  new AppError('not-found', message`${{ title }} no longer has this job.`, { detail });

/** Why a scheduler did not hold a job; null: for a reason that is not known here. */
export function holdError(title: string, refusals: ReleaseRefusals, output: string): AppError | null {
  const detail = lastLines(output);
  if (refusals.gone.test(output)) return goneError(title, detail);
  return refusals.notHeld.test(output) ? notWaitingError(detail) : null;
}

/** Why a scheduler did not release a job; null: for a reason that is not known here. */
export function releaseError(title: string, refusals: ReleaseRefusals, output: string): AppError | null {
  const detail = lastLines(output);
  if (refusals.gone.test(output)) return goneError(title, detail);
  if (refusals.notHeld.test(output)) return notHeldError(detail);
  return refusals.denied.test(output) ? heldByOthersError(detail) : null;
}
