import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { lastLines } from './remote-script.ts';

/** What a scheduler prints when it does not release a job. */
export interface ReleaseRefusals {
  /** It has no such job, or that has ended. */
  gone: RegExp;
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

/** Why a scheduler did not release a job; null: for a reason that is not known here. */
export function releaseError(title: string, refusals: ReleaseRefusals, output: string): AppError | null {
  const detail = lastLines(output);
  if (refusals.gone.test(output)) {
    return new AppError('not-found', message`${{ title }} no longer has this job.`, { detail });
  }
  if (refusals.notHeld.test(output)) return notHeldError(detail);
  return refusals.denied.test(output) ? heldByOthersError(detail) : null;
}
