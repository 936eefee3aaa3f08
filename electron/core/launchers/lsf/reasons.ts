import type { JobReason, JobStatus } from '../../../shared/instances.ts';

/** Why LSF ended a job (`exit_reason`, lsb.acct(5)). */
export const terminations: readonly (readonly [RegExp, JobStatus['state'], string])[] = [
  [/TERM_RUNLIMIT|TERM_DEADLINE|TERM_CPULIMIT|TERM_PROCESSLIMIT_TIME/, 'timeout', 'ended by LSF: its time was over'],
  [/TERM_MEMLIMIT|TERM_SWAP|TERM_OTHER_MEMORY/, 'out-of-memory', 'ended by LSF: it used more memory than it asked for'],
  [/TERM_PREEMPT/, 'preempted', ''],
  [/TERM_OWNER|TERM_FORCE_OWNER|TERM_BUCKET_KILL/, 'cancelled', ''],
  [/TERM_ADMIN|TERM_FORCE_ADMIN/, 'cancelled', 'cancelled by an administrator'],
  [/TERM_ZOMBIE|TERM_RC_RECLAIM|TERM_RMS/, 'node-fail', 'its node was lost'],
];

const known: readonly (readonly [RegExp, string])[] = [
  [/new job is waiting/i, 'the scheduler has not looked at it yet'],
  [/limit.{0,200}(reached|exceed)|quota/i, 'you or your group use as much as you may at once'],
  [
    /requirements? (for|not)|not satisf|load information|job slot limit|not enough|resource .{0,200} not/i,
    'waiting for enough free resources',
  ],
  [/queue.{0,200}(closed|inactiv)|dispatch window/i, 'this queue is closed for now'],
  [/dependency/i, 'waiting for another job to end'],
  [/closed by|unavailable|down|unreachable/i, 'a node it could use is not available now'],
];

export function readWaitingReason(text: string): JobReason {
  if (text === '' || text === '-') return { reason: 'the scheduler has not said why it waits', nativeReason: '' };
  return { reason: known.find(([pattern]) => pattern.test(text))?.[1] ?? '', nativeReason: text };
}

export function readHeldReason(native: string, text: string): JobReason & Pick<JobStatus, 'heldBy'> {
  const isByUser = !/administrator|LSF|system/i.test(text);
  return {
    heldBy: isByUser ? 'user' : 'system',
    reason: isByUser ? 'held: you asked for it to wait' : 'held by an administrator',
    nativeReason: native,
  };
}

export function readRunningReason(native: string): JobReason {
  if (native === 'UNKWN') return { reason: 'its node does not answer', nativeReason: native };
  const isPaused = /SUSP$/.test(native);
  return { reason: isPaused ? 'paused by the scheduler' : '', nativeReason: isPaused ? native : '' };
}
