import { z } from 'zod';
import { type JobReason, type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { joinTasks, type Row } from '../common/arrays.ts';
import { readExitFile } from '../common/exit-file.ts';
import {
  absent,
  type JobAnswer,
  type JobAnswers,
  known,
  unreadable,
  unreadableAnswer,
  unreadLines,
} from '../common/job-answer.ts';
import type { JobHandle } from '../common/launcher.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { historyHint } from '../common/site-facts.ts';
import { neverMatches } from './reasons.ts';
import { TIME_GRACE } from './submit-file.ts';

const number = z.number().optional().catch(undefined);
const text = z.string().optional().catch(undefined);
const truth = z.boolean().optional().catch(undefined);

/** One job of `condor_q -json` or `condor_history -json`; an attribute the job has not is not there. */
const adSchema = z.object({
  ClusterId: z.number(),
  ProcId: z.number(),
  JobStatus: z.number(),
  Iwd: text,
  Owner: text,
  QDate: number,
  EnteredCurrentStatus: number,
  CompletionDate: number,
  JobCurrentStartDate: number,
  JobCurrentStartExecutingDate: number,
  NumJobStarts: number,
  AllowedJobDuration: number,
  RemoteHost: text,
  LastRemoteHost: text,
  ExitBySignal: truth,
  ExitCode: number,
  ExitSignal: number,
  HoldReason: text,
  HoldReasonCode: number,
  LastHoldReason: text,
  LastHoldReasonCode: number,
  RemoveReason: text,
  VacateReason: text,
  VacateReasonCode: number,
  LastRejMatchReason: text,
  TransferringInput: truth,
  TransferringOutput: truth,
});
type JobAd = z.infer<typeof adSchema>;

/** A JSON list from the beginning of a line to the end of one. */
const lists = /^\[[\s\S]*?\]$/gm;

/**
 * No jobs at all are no text at all. null: this is no answer of theirs. Lines before and after the JSON are passed over where
 * they are remarks, and a query of several schedds answers with a list each.
 */
export function readAds(output: string): JobAd[] | null {
  const rest = output.replace(lists, '');
  if (unreadLines(rest.split('\n')) !== '') return null;
  try {
    return (output.match(lists) ?? []).flatMap((list) =>
      z
        .array(z.unknown())
        .parse(JSON.parse(list))
        .map((ad) => adSchema.parse(ad)),
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** JobStatus 1..7. */
const nativeNames = [
  '',
  'IDLE',
  'RUNNING',
  'REMOVED',
  'COMPLETED',
  'HELD',
  'TRANSFERRING_OUTPUT',
  'SUSPENDED',
] as const;

/** HoldReasonCode: by condor_hold, submitted on hold, input that is spooled. */
const userHolds = new Set([1, 15, 16]);
/** Allowed job duration, allowed execute duration. */
const timeHolds = new Set([46, 47]);
/** 34 is for memory alone; policies of the job, the machine and the pool (3, 21, 26) name it. */
const isMemoryHold = (code: number, reason: string): boolean =>
  code === 34 || ([3, 21, 26].includes(code) && /memory/i.test(reason));

const ms = (seconds: number | undefined): number | null => (seconds ? seconds * 1000 : null);

/** `slot1_2@w2.pool.test` -> `w2.pool.test` */
const machine = (host: string | undefined): string => host?.slice(host.lastIndexOf('@') + 1) ?? '';

type Outcome = Pick<JobStatus, 'state'> & Partial<JobStatus>;

/** A job's ad -> how it is. `history`: it left the queue, so it is over. `analysis`: of one that waits. */
function statusOf(ad: JobAd, history: boolean, analysis = ''): JobStatus {
  const id = `${ad.ClusterId}.${ad.ProcId}`;
  const outcome = history ? ended(ad) : queued(ad, analysis);
  const isOver = !['pending', 'running', 'held'].includes(outcome.state);
  const began = ad.JobCurrentStartExecutingDate ?? ((ad.NumJobStarts ?? 0) > 0 ? ad.JobCurrentStartDate : undefined);
  const startedAt =
    outcome.state === 'running' || isOver ? ms(began ?? (isOver ? undefined : ad.JobCurrentStartDate)) : null;
  const limit = ad.AllowedJobDuration === undefined ? null : Math.max(0, ad.AllowedJobDuration - TIME_GRACE) * 1000;
  const from = ms(ad.JobCurrentStartDate);
  return {
    ...unknownJob(id),
    nativeState: nativeNames[ad.JobStatus] ?? String(ad.JobStatus),
    node: machine(ad.RemoteHost ?? (startedAt === null ? undefined : ad.LastRemoteHost)),
    submittedAt: ms(ad.QDate),
    startsAt: startedAt,
    startedAt,
    endedAt: isOver ? (ms(ad.CompletionDate) ?? ms(ad.EnteredCurrentStatus)) : null,
    endsAt: outcome.state === 'running' && limit !== null && from !== null ? from + limit : null,
    ...outcome,
  };
}

function queued(ad: JobAd, analysis: string): Outcome {
  switch (ad.JobStatus) {
    case 1:
      return (ad.NumJobStarts ?? 0) > 0 ? taken(ad) : { state: 'pending', ...readWaitingReason(ad, analysis) };
    case 2:
    case 6:
      if (ad.TransferringOutput || ad.JobStatus === 6)
        return { state: 'running', reason: 'its results are on the way back' };
      return { state: 'running', reason: ad.TransferringInput ? 'its files are on the way to the machine' : '' };
    case 3:
      return { state: 'running', reason: 'it is being removed' };
    case 4:
      return completed(ad);
    case 5:
      return held(ad, ad.HoldReasonCode ?? 0, ad.HoldReason ?? '');
    case 7:
      return { state: 'running', reason: 'paused by the scheduler' };
    default:
      return { state: 'unknown', reason: `HTCondor's status ${ad.JobStatus}` };
  }
}

function readWaitingReason(ad: JobAd, analysis: string): JobReason {
  const rejected = ad.LastRejMatchReason?.trim();
  if (rejected === undefined) return { reason: 'the scheduler has not looked at it yet', nativeReason: '' };
  const reason = neverMatches(analysis) ?? 'waiting for a free machine';
  return { reason, nativeReason: rejected || 'no match found' };
}

/** What ran already never begins again (see the submit file), so that a hold is its end unless something failed. */
function held(ad: JobAd, code: number, reason: string): Outcome {
  const nativeReason = reason || `HoldReasonCode ${code}`;
  if (timeHolds.has(code)) return { state: 'timeout', nativeReason };
  if (isMemoryHold(code, reason)) return { state: 'out-of-memory', nativeReason };
  if (!userHolds.has(code)) return { state: 'held', heldBy: 'system', nativeReason };
  if ((ad.NumJobStarts ?? 0) > 0) return { state: 'cancelled', reason: 'held while it ran', nativeReason };
  return { state: 'held', heldBy: 'user', nativeReason };
}

/** Back in the queue after it ran: its machine was taken from it, or was lost. */
function taken(ad: JobAd): Outcome {
  const nativeReason = ad.VacateReason || `VacateReasonCode ${ad.VacateReasonCode ?? 'unknown'}`;
  const lost =
    ad.VacateReasonCode === undefined || /lease|disconnect|reconnect|lost|shadow exception/i.test(nativeReason);
  return { state: lost ? 'node-fail' : 'preempted', nativeReason };
}

function completed(ad: JobAd): Outcome {
  if (ad.ExitBySignal) return { state: 'failed', signal: ad.ExitSignal ?? null };
  const exitCode = ad.ExitCode ?? null;
  return { state: exitCode === 0 ? 'completed' : 'failed', exitCode };
}

function ended(ad: JobAd): Outcome {
  if (ad.JobStatus === 4) return completed(ad);
  const removed = ad.RemoveReason ?? '';
  if (!/PeriodicRemove/.test(removed)) {
    const by = /\(by user ([^()]+)\)/.exec(removed)?.[1];
    return { state: 'cancelled', nativeReason: by !== undefined && by === ad.Owner ? '' : removed };
  }
  const code = ad.HoldReasonCode ?? ad.LastHoldReasonCode;
  if (code === undefined) return (ad.NumJobStarts ?? 0) > 0 ? taken(ad) : { state: 'cancelled', nativeReason: removed };
  const hold = held(ad, code, ad.HoldReason ?? ad.LastHoldReason ?? '');
  return hold.state === 'held' ? { state: 'failed', nativeReason: hold.nativeReason } : hold;
}

/**
 * Everything that the output of one poll says. Where the queue or the history could not be read, nothing follows from a job not
 * being there. One of the same number in another directory is another's.
 */
export function readPoll(sections: readonly Section[], jobs: readonly JobHandle[]): JobAnswers {
  const textOf = (name: string): string => findSection(sections, name)?.text ?? '';
  const byId = (ads: readonly JobAd[]) => new Map(ads.map((ad) => [`${ad.ClusterId}.${ad.ProcId}`, ad]));
  const queued = readAds(textOf('queue'));
  const history = findSection(sections, 'history');
  const recorded = history?.exitCode === 0 ? readAds(history.text) : history ? null : [];
  const queue = byId(queued ?? []);
  const past = byId(recorded ?? []);
  const result: JobAnswers = new Map();
  const doubt =
    queued === null
      ? unreadableAnswer('HTCondor', textOf('queue'))
      : recorded === null
        ? unreadable("HTCondor's history could not be read", textOf('history'), historyHint)
        : null;
  for (const { id, directory } of jobs) {
    if (!id.includes('.')) {
      result.set(id, answerForAll({ id, directory }, sections, { queue, past, doubt }));
      continue;
    }
    const ad = queue.get(id) ?? past.get(id);
    const isOurs = ad?.Iwd === undefined || ad.Iwd === directory;
    const status =
      ad && isOurs ? statusOf(ad, !queue.has(id), textOf(`analysis-${id}`)) : readExitFile(id, textOf(`exit-${id}`));
    if (status) result.set(id, known(withProblem(status, textOf(`problem-${id}`))));
    else if (ad) result.set(id, absent('this number is another job on this submit node'));
    else result.set(id, doubt ?? absent());
  }
  return result;
}

interface KnownAds {
  queue: ReadonlyMap<string, JobAd>;
  past: ReadonlyMap<string, JobAd>;
  /** Why nothing follows from a job not being there; null: it is gone. */
  doubt: JobAnswer | null;
}

/** All jobs of one submission, each by its own directory; of one that nobody knows any more its `exit` file tells. */
function answerForAll(
  { id, directory }: JobHandle,
  sections: readonly Section[],
  { queue, past, doubt }: KnownAds,
): JobAnswer {
  const isOurs = ({ ClusterId, Iwd }: JobAd) =>
    String(ClusterId) === id && (Iwd === undefined || Iwd.startsWith(`${directory}/`));
  const rows: Row[] = [];
  const add = (task: string, status: JobStatus) => {
    const problem = findSection(sections, `problem-${id}.${task}`)?.text ?? '';
    rows.push({ id, task, status: withProblem(status, problem) });
  };
  for (const ad of [...queue.values()].filter(isOurs)) add(String(ad.ProcId), statusOf(ad, false));
  for (const ad of [...past.values()].filter(isOurs)) add(String(ad.ProcId), statusOf(ad, true));
  for (const { name, text } of sections) {
    const task = name.startsWith(`exit-${id}.`) ? name.slice(`exit-${id}.`.length) : null;
    const status = task === null ? null : readExitFile(id, text);
    if (task !== null && status) add(task, status);
  }
  if (rows.length === 0) return doubt ?? absent();
  const whole = joinTasks(
    id,
    rows.sort((a, b) => Number(a.task) - Number(b.task)),
  );
  // Those that were not found might still run.
  const isOver = !['running', 'pending', 'held'].includes(whole.state);
  return isOver && doubt ? doubt : known(whole, rows);
}

/** run.sh ends the app at the end of its time, so that HTCondor itself reports a job that ended in order. */
const withProblem = (status: JobStatus, problem: string): JobStatus =>
  problem.startsWith('time-limit') && (status.state === 'failed' || status.state === 'completed')
    ? {
        ...status,
        state: 'timeout',
        nativeReason: '',
        reason: `ended after ${problem.slice('time-limit '.length)} min`,
        exitCode: null,
        signal: null,
      }
    : status;
