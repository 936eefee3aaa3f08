import type { JobReason, JobStatus } from '../../../shared/instances.ts';
import { ownValue } from '../../../shared/own-value.ts';

/** Slurm's reasons for waiting (squeue(1), "JOB REASON CODES") as a user would say them. */
const known: Record<string, string> = {
  Resources: 'waiting for enough free resources',
  Priority: 'other jobs are ahead in this queue',
  Dependency: 'waiting for another job to end',
  JobArrayTaskLimit: 'enough tasks of this array run already',
  BeginTime: 'not before its begin time',
  Licenses: 'waiting for a software licence',
  ReqNodeNotAvail: 'a node it needs is not available now',
  Reservation: 'waiting for its reservation',
  DependencyNeverSatisfied: 'the job it waits for failed, so it will never start: stop it',
  JobHeldUser: 'held: you asked for it to wait',
  JobHeldAdmin: 'held by an administrator',
  JobHoldMaxRequeue: 'held by Slurm: it was started too often without success',
  NodeDown: 'a node it needs is down',
  PartitionDown: 'this queue is closed for now',
  PartitionInactive: 'this queue is closed for now',
  PartitionTimeLimit: 'it asks for more time than this queue allows, so it will never start: stop it and ask for less',
  PartitionNodeLimit: 'it asks for more than this queue allows, so it will never start: stop it and ask for less',
  BadConstraints: 'no node can ever give what it asks for: stop it and ask for less',
  AccountNotAllowed: 'this account may not use this queue',
  InvalidAccount: 'this account is not valid',
  InvalidQOS: 'this quality of service is not valid',
  AssociationJobLimit: 'your account runs as many jobs as it may',
  AssociationTimeLimit: 'your account has used up its time',
  Prolog: 'its node is being made ready',
  Cleaning: 'its last run is being cleaned up',
};

/** Longest first match: sites meet many forms of these limits, as `QOSMaxCpuPerUserLimit` or `AssocGrpGRES`. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [
    /^(QOS|Assoc)\w{0,100}Max\w{0,100}(Wall|PerJob|PerNode)/,
    'it asks for more than one job of yours may have: stop it and ask for less',
  ],
  [/^(QOS|Assoc)\w*(Minutes|RunMin)/, 'your account has used up its time for now'],
  [/^(QOS|Assoc)\w*Grp/, 'your group uses as much as it may at once'],
  [/^(QOS|Assoc|MaxCpuPerAccount|MaxJobs)/, 'you use as much as you may at once'],
  [/launch failed requeued held/i, 'held by Slurm: its node could not start it'],
  [/requeued.{0,200}held/i, 'held by Slurm after it was started again'],
  [/UnavailableNodes|Nodes_required_for_job_are_DOWN/i, 'a node it needs is not available now'],
];

/** sacct keeps the reason for which a job once waited; of one that has ended it says nothing. */
const isWaitingReason = (reason: string): boolean =>
  reason === 'None' || reason in known || patterns.some(([pattern]) => pattern.test(reason));

/** Who holds a job, by squeue's state and reason; empty: nobody, it waits its turn. */
export function heldBy(native: string, reason: string): JobStatus['heldBy'] {
  if (/^\(?JobHeldUser/.test(reason)) return 'user';
  if (/^(REQUEUE_HOLD|SPECIAL_EXIT|RESV_DEL_HOLD)/.test(native)) return 'system';
  return /^\(?(JobHeldAdmin|JobHoldMaxRequeue)|requeued.{0,200}held/i.test(reason) ? 'system' : '';
}

/** Why a job waits, by squeue's state and reason. */
export function readPendingReason(native: string, reason: string): JobReason {
  if (native === 'CONFIGURING') return { reason: 'its node is being made ready', nativeReason: native };
  const text = reason.replace(/^\((.*)\)$/, '$1').trim();
  if (text === '' || text === 'None') return { reason: 'the scheduler has not looked at it yet', nativeReason: '' };
  const word = /^\w+/.exec(text)?.[0] ?? '';
  const phrase = ownValue(known, word) ?? patterns.find(([pattern]) => pattern.test(text))?.[1];
  return { reason: phrase ?? '', nativeReason: text };
}

export function readRunningReason(native: string): JobReason {
  if (native === 'SUSPENDED' || native === 'STOPPED')
    return { reason: 'paused by the scheduler', nativeReason: native };
  return native === 'COMPLETING' ? { reason: 'ending', nativeReason: native } : { reason: '', nativeReason: '' };
}

/** Why a job ended, by sacct; `uid`: of the user, whose own cancelling needs no reason. */
export function readEndReason(native: string, reason: string, uid: string): JobReason {
  const by = /^CANCELLED by (\d+)/.exec(native)?.[1];
  if (by !== undefined && by !== uid) {
    return { reason: `cancelled by ${by === '0' ? 'an administrator' : `user id ${by}`}`, nativeReason: '' };
  }
  return { reason: '', nativeReason: isWaitingReason(reason) && !/NodeDown/.test(reason) ? '' : reason };
}
