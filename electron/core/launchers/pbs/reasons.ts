import type { JobReason, JobStatus } from '../../../shared/instances.ts';

export type Flavor = 'openpbs' | 'torque';

/** Negative codes: the job was ended or could not be begun. OpenPBS 20 (job.h) and Torque 6 (Administrator's Guide). */
export const endings: Record<Flavor, Record<number, [JobStatus['state'], string]>> = {
  openpbs: {
    [-1]: ['failed', 'PBS could not start it'],
    [-2]: ['failed', 'PBS could not start it after its files were there'],
    [-3]: ['failed', 'PBS could not start it, and would have tried again'],
    [-4]: ['node-fail', 'its node began anew'],
    [-5]: ['node-fail', 'its node began anew'],
    [-6]: ['node-fail', 'its node began anew'],
    [-10]: ['failed', 'its node does not know the user'],
    [-11]: ['node-fail', 'its node was lost'],
    [-12]: ['node-fail', 'one of its nodes could not join it'],
    [-24]: ['failed', 'ended: it used more cores than it asked for'],
    [-25]: ['failed', 'ended: it used more cores than it asked for'],
    [-26]: ['out-of-memory', 'ended: it used more memory than it asked for'],
    [-27]: ['out-of-memory', 'ended: it used more memory than it asked for'],
    [-28]: ['timeout', 'ended: it used more time of its cores than it asked for'],
    [-29]: ['timeout', 'ended: its time was over'],
  },
  torque: {
    [-1]: ['failed', 'PBS could not start it'],
    [-2]: ['failed', 'PBS could not start it after its files were there'],
    [-3]: ['failed', 'PBS could not start it, and would have tried again'],
    [-4]: ['node-fail', 'its node began anew'],
    [-5]: ['node-fail', 'its node began anew'],
    [-6]: ['node-fail', 'its node began anew'],
    [-9]: ['failed', 'its output could not be opened'],
    [-10]: ['out-of-memory', 'ended: it used more memory than it asked for'],
    [-11]: ['timeout', 'ended: its time was over'],
    [-12]: ['timeout', 'ended: it used more time of its cores than it asked for'],
  },
};

const known: readonly (readonly [RegExp, string])[] = [
  [
    /can never run|not enough total|insufficient amount of .{0,200} total/i,
    'no node can ever give what it asks for: stop it and ask for less',
  ],
  [
    /insufficient amount|not enough (free )?(nodes|cpus|processors)|resources? not available/i,
    'waiting for enough free resources',
  ],
  [/limit.{0,200}(reached|exceed)|would exceed|maximum number/i, 'you or your group use as much as you may at once'],
  [/queue.{0,200}not started|draining|not yet started/i, 'this queue is closed for now'],
  [/reservation|dedicated/i, 'waiting until reserved time is over'],
];

export function readWaitingReason(comment: string): JobReason {
  const text = comment.replace(/^Not Running: /, '');
  if (text === '') return { reason: 'the scheduler has not looked at it yet', nativeReason: '' };
  return { reason: known.find(([pattern]) => pattern.test(text))?.[1] ?? '', nativeReason: text };
}

export function readHeldReason(types: string): JobReason & Pick<JobStatus, 'heldBy'> {
  const nativeReason = `Hold_Types = ${types}`;
  if (types.includes('p'))
    return { heldBy: 'system', reason: 'held: your password for its node is not right', nativeReason };
  if (/[os]/.test(types))
    return { heldBy: 'system', reason: 'held by an administrator or after failing to start', nativeReason };
  return { heldBy: 'user', reason: 'held: you asked for it to wait', nativeReason };
}
