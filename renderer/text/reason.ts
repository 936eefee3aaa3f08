import type { JobReason } from '../../electron/shared/instances.ts';

/** Why a job waits as a sentence, and the scheduler's own reason beside it. Either may be empty. */
export function waitingReason(job: JobReason | null): { ours: string; given: string } {
  return { ours: sentence(job?.reason ?? ''), given: job?.nativeReason ?? '' };
}

function sentence(phrase: string): string {
  if (phrase === '') return '';
  const start = phrase.charAt(0).toUpperCase() + phrase.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
