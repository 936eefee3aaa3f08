import { type JobStatus, unknownJob } from '../../shared/instances.ts';
import { findSection, type Section } from './remote-script.ts';
import { pendingReason } from './slurm-reasons.ts';

/** `squeue -o`; the reason last, as a site's own text may hold the separator. */
export const queueFormat = '%i|%T|%P|%B|%V|%S|%e|%r';
/** `sacct --format`, in this order; the reason last again. */
export const historyFields = 'JobIDRaw,State,ExitCode,Partition,NodeList,Submit,Start,End,Reason';

/** Slurm's states -> ours. Those that no version has yet are `unknown` with Slurm's own word beside. */
const states: Record<string, JobStatus['state']> = {
  PENDING: 'pending',
  CONFIGURING: 'pending',
  REQUEUED: 'pending',
  REQUEUE_HOLD: 'pending',
  REQUEUE_FED: 'pending',
  RESV_DEL_HOLD: 'pending',
  SPECIAL_EXIT: 'pending',
  RUNNING: 'running',
  SUSPENDED: 'running',
  STOPPED: 'running',
  SIGNALING: 'running',
  STAGE_OUT: 'running',
  RESIZING: 'running',
  COMPLETING: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  LAUNCH_FAILED: 'failed',
  CANCELLED: 'cancelled',
  REVOKED: 'cancelled',
  TIMEOUT: 'timeout',
  DEADLINE: 'timeout',
  OUT_OF_MEMORY: 'out-of-memory',
  NODE_FAIL: 'node-fail',
  BOOT_FAIL: 'node-fail',
  PREEMPTED: 'preempted',
};

/** `CANCELLED by 1001`, `CANCELLED+` -> its first word's state. */
export function stateOf(native: string): JobStatus['state'] {
  return states[/^[A-Z_]+/.exec(native)?.[0] ?? ''] ?? 'unknown';
}

const active = new Set<JobStatus['state']>(['pending', 'running']);

/** Epoch seconds as SLURM_TIME_FORMAT=%s prints them -> ms; `N/A`, `Unknown`, `None`, `NONE` -> null. */
function time(text: string | undefined): number | null {
  return text && /^\d+$/.test(text) && text !== '0' ? Number(text) * 1000 : null;
}

/** `(null)`, `n/a`, `None assigned` are no node. */
const nodeName = (text: string | undefined): string => (text && /^[^(\s]+$/.test(text) && text !== 'n/a' ? text : '');

/**
 * Slurm's `code:signal`. Only an end by its own code or by a signal has one: what Slurm itself ended (TIMEOUT, CANCELLED,
 * OUT_OF_MEMORY as `0:125`) says nothing about the app.
 */
function exitOf(state: JobStatus['state'], text: string | undefined): Pick<JobStatus, 'exitCode' | 'signal'> {
  const match = /^(\d+):(\d+)$/.exec(text ?? '');
  if (!match || (state !== 'completed' && state !== 'failed')) return { exitCode: null, signal: null };
  const signal = Number(match[2]);
  return signal > 0 ? { exitCode: null, signal } : { exitCode: Number(match[1]), signal: null };
}

/** Rows of squeue, by id. Lines that are no rows (warnings) are passed over. */
export function readQueue(text: string): Map<string, JobStatus> {
  const jobs = new Map<string, JobStatus>();
  for (const line of text.split('\n')) {
    const [id = '', native = '', queue = '', node, submitted, start, end, ...reason] = line.split('|');
    if (!/^\d+$/.test(id) || reason.length === 0) continue;
    const state = stateOf(native);
    const begun = state === 'running' ? time(start) : null;
    jobs.set(id, {
      ...unknownJob(id),
      state,
      nativeState: native,
      reason: state === 'pending' ? pendingReason(native, reason.join('|')) : runningReason(native),
      node: nodeName(node),
      queue,
      submittedAt: time(submitted),
      startsAt: time(start),
      startedAt: begun,
      endsAt: state === 'running' ? time(end) : null,
    });
  }
  return jobs;
}

function runningReason(native: string): string {
  if (native === 'SUSPENDED' || native === 'STOPPED') return `paused by the scheduler (${native})`;
  return native === 'COMPLETING' ? 'ending (COMPLETING)' : '';
}

/** Rows of sacct, by id. */
export function readHistory(text: string, uid: string): Map<string, JobStatus> {
  const jobs = new Map<string, JobStatus>();
  for (const line of text.split('\n')) {
    const [id = '', native = '', exit, queue = '', node, submitted, start, end, ...reason] = line.split('|');
    if (!/^\d+$/.test(id) || reason.length === 0) continue;
    const state = stateOf(native);
    jobs.set(id, {
      ...unknownJob(id),
      state,
      nativeState: native,
      reason: endReason(native, reason.join('|'), uid),
      node: nodeName(node),
      queue,
      submittedAt: time(submitted),
      startsAt: time(start),
      startedAt: nodeName(node) === '' ? null : time(start),
      endedAt: active.has(state) ? null : time(end),
      ...exitOf(state, exit),
    });
  }
  return jobs;
}

function endReason(native: string, reason: string, uid: string): string {
  const by = /^CANCELLED by (\d+)/.exec(native)?.[1];
  if (by !== undefined && by !== uid) return `cancelled by ${by === '0' ? 'an administrator' : `user id ${by}`}`;
  return reason === 'None' ? '' : reason;
}

/** One line of `scontrol show job -o`; null: the controller does not know it. */
export function readControllerJob(text: string): JobStatus | null {
  const field = (name: string): string | undefined => new RegExp(`(?:^|\\s)${name}=(\\S+)`, 'm').exec(text)?.[1];
  const id = field('JobId');
  if (!id) return null;
  const native = field('JobState') ?? '';
  const state = stateOf(native);
  const ended = !active.has(state);
  const reason = field('Reason') ?? '';
  const node = nodeName(field('BatchHost') ?? field('NodeList'));
  return {
    ...unknownJob(id),
    state,
    nativeState: native,
    reason: state === 'pending' ? pendingReason(native, reason) : reason === 'None' ? '' : reason,
    node,
    queue: field('Partition') ?? '',
    submittedAt: time(field('SubmitTime')),
    startsAt: time(field('StartTime')),
    startedAt: state === 'pending' || node === '' ? null : time(field('StartTime')),
    endedAt: ended ? time(field('EndTime')) : null,
    endsAt: state === 'running' ? time(field('EndTime')) : null,
    ...exitOf(state, field('ExitCode')),
  };
}

/** What the app's own `exit` file says, when nothing else is known any more. */
function fromExitFile(id: string, text: string): JobStatus | null {
  if (!/^\d{1,3}$/.test(text)) return null;
  const exitCode = Number(text);
  return { ...unknownJob(id), state: exitCode === 0 ? 'completed' : 'failed', nativeState: 'exit file', exitCode };
}

/** No accounting at this site, as against accounting that does not answer now. */
const accountingAbsent = /accounting storage is disabled|not found|No such file/i;

/**
 * All that one poll's output tells. A job of which nothing is known is `unknown` only when accounting answered, or there
 * is none at this site; while accounting is away it is left out, so that callers keep what they know.
 */
export function readPoll(sections: readonly Section[], ids: readonly string[]): Map<string, JobStatus> {
  const queue = readQueue(findSection(sections, 'queue')?.text ?? '');
  const history = findSection(sections, 'history');
  const past = readHistory(history?.exitCode === 0 ? history.text : '', findSection(sections, 'uid')?.text ?? '');
  const conclusive = history === undefined || history.exitCode === 0 || accountingAbsent.test(history.text);
  const result = new Map<string, JobStatus>();
  for (const id of ids) {
    const told = past.get(id);
    const status =
      queue.get(id) ??
      (told && !active.has(told.state) ? told : null) ??
      readControllerJob(findSection(sections, `job-${id}`)?.text ?? '') ??
      fromExitFile(id, findSection(sections, `exit-${id}`)?.text ?? '');
    if (status) result.set(id, status);
    else if (told) result.set(id, { ...told, state: 'unknown', reason: 'lost: only accounting still has it' });
    else if (conclusive) result.set(id, { ...unknownJob(id), reason: 'the scheduler no longer knows it' });
  }
  return result;
}
