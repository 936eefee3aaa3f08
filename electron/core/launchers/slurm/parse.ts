import { type JobReason, type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { joinTasks, type Row } from '../common/arrays.ts';
import { readExitFile } from '../common/exit-file.ts';
import { absent, type JobAnswers, known, unreadable, unreadableAnswer, unreadLines } from '../common/job-answer.ts';
import type { Verdict } from '../common/launcher.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { accountingHint } from '../common/site-facts.ts';
import { heldBy, readEndReason, readPendingReason, readRunningReason } from './reasons.ts';

/** `squeue -o`; the reason last, as a site's own text may hold the separator. */
export const queueFormat = '%i|%T|%P|%B|%V|%S|%e|%r';
/** `sacct --format`, in this order; the reason last again. */
export const historyFields = [
  'JobID',
  'State',
  'ExitCode',
  'Partition',
  'NodeList',
  'Submit',
  'Start',
  'End',
  'Reason',
] as const;
type HistoryField = (typeof historyFields)[number];

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

const active = new Set<JobStatus['state']>(['pending', 'running', 'held']);

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

function readWaiting(native: string, reason: string): JobReason & Pick<JobStatus, 'state' | 'heldBy'> {
  const by = heldBy(native, reason);
  return { state: by === '' ? 'pending' : 'held', ...readPendingReason(native, reason), heldBy: by };
}

/** `12`, `12_3`, `12_[4-10%2]`; null: no job's id (a step, a heterogeneous part, a warning). */
export function readJobId(text: string): Pick<Row, 'id' | 'task'> | null {
  const match = /^(\d+)(?:_(\d+|\[[^\]]*\]))?$/.exec(text);
  return match ? { id: match[1]!, task: match[2] ?? '' } : null;
}

/** Rows of squeue. Lines that are no rows (warnings) are passed over. */
export function readQueue(text: string): Row[] {
  return text.split('\n').flatMap((line): Row[] => {
    const [job = '', native = '', queue = '', node, submitted, start, end, ...reason] = line.split('|');
    const name = readJobId(job);
    if (!name || reason.length === 0) return [];
    const state = stateOf(native);
    const status: JobStatus = {
      ...unknownJob(name.id),
      state,
      nativeState: native,
      ...readRunningReason(native),
      node: nodeName(node),
      queue,
      submittedAt: time(submitted),
      startsAt: time(start),
      startedAt: state === 'running' ? time(start) : null,
      endsAt: state === 'running' ? time(end) : null,
      ...(state === 'pending' ? readWaiting(native, reason.join('|')) : {}),
    };
    return [{ ...name, status }];
  });
}

/** Rows of sacct. `fields`: those that were asked for, as an older version does not have all of `historyFields`. */
export function readHistory(text: string, uid: string, fields: readonly string[] = historyFields): Row[] {
  return text.split('\n').flatMap((line): Row[] => {
    const values = line.split('|');
    const field = (name: HistoryField): string => values[fields.indexOf(name)] ?? '';
    const name = readJobId(field('JobID'));
    if (!name || values.length < fields.length) return [];
    const native = field('State');
    const node = field('NodeList');
    const reason = fields.includes('Reason') ? values.slice(fields.indexOf('Reason')).join('|') : '';
    const state = stateOf(native);
    const status: JobStatus = {
      ...unknownJob(name.id),
      state,
      nativeState: native,
      ...readEndReason(native, reason, uid),
      node: nodeName(node),
      queue: field('Partition'),
      submittedAt: time(field('Submit')),
      startsAt: time(field('Start')),
      startedAt: nodeName(node) === '' ? null : time(field('Start')),
      endedAt: active.has(state) ? null : time(field('End')),
      ...exitOf(state, field('ExitCode')),
    };
    return [{ ...name, status }];
  });
}

/** `scontrol show job -o`: a line for a job, or for each task of an array; none: the controller does not know it. */
export function readController(text: string): Row[] {
  return text.split('\n').flatMap((line) => readControllerLine(line));
}

function readControllerLine(line: string): Row[] {
  const field = (name: string): string | undefined => new RegExp(`(?:^|\\s)${name}=(\\S+)`).exec(line)?.[1];
  const id = field('ArrayJobId') ?? field('JobId');
  if (!id) return [];
  const tasks = field('ArrayTaskId') ?? '';
  const native = field('JobState') ?? '';
  const state = stateOf(native);
  const ended = !active.has(state);
  const reason = field('Reason') ?? '';
  const node = nodeName(field('BatchHost') ?? field('NodeList'));
  const status: JobStatus = {
    ...unknownJob(id),
    state,
    nativeState: native,
    nativeReason: reason === 'None' ? '' : reason,
    node,
    queue: field('Partition') ?? '',
    submittedAt: time(field('SubmitTime')),
    startsAt: time(field('StartTime')),
    startedAt: state === 'pending' || node === '' ? null : time(field('StartTime')),
    endedAt: ended ? time(field('EndTime')) : null,
    endsAt: ended ? null : time(field('EndTime')),
    ...exitOf(state, field('ExitCode')),
    ...(state === 'pending' ? readWaiting(native, reason) : {}),
  };
  return [{ id, task: /^\d*$/.test(tasks) ? tasks : `[${tasks}]`, status }];
}

/** No accounting for this user at this site, as against accounting that does not answer now. */
export const accountingAbsent =
  'accounting storage is disabled|not found|No such file|permission denied|not permitted|access denied|not authorized';

/** What --test-only prints of a job that would be taken. */
export function readVerdict(text: string): Verdict {
  const [, start, nodes = ''] = /to start at (\d+) .*?\bon nodes (\S+)/.exec(text) ?? [];
  return { text, startsAt: time(start), nodes };
}

/** `sbatch: Job 25 to start at 1795338774 using 1 processors on nodes c1 in partition cpu`, as it came at submission. */
function withEstimate(status: JobStatus, answer: string): JobStatus {
  const match = /to start at (\d+) (using .*)/.exec(answer.trim());
  if (!match || status.state !== 'pending' || status.startsAt !== null) return status;
  const expected = `when it was submitted Slurm expected it ${match[2]}`;
  return { ...status, startsAt: time(match[1]), reason: status.reason ? `${status.reason}; ${expected}` : expected };
}

function group(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const known = groups.get(row.id);
    if (known) known.push(row);
    else groups.set(row.id, [row]);
  }
  return groups;
}

/** A state without a name is kept, so that its job is not taken for lost. */
const isEnded = ({ status }: Row): boolean => !active.has(status.state);

interface PollText {
  queue: Map<string, Row[]>;
  past: Map<string, Row[]>;
  /** Why nothing follows from a job not being there; null: it is gone. */
  doubt: ReturnType<typeof unreadable> | null;
}

function readPollText(sections: readonly Section[]): PollText {
  const queueText = findSection(sections, 'queue')?.text ?? '';
  const history = findSection(sections, 'history');
  const historyText = history?.exitCode === 0 ? history.text : '';
  const fields = findSection(sections, 'history-fields')?.text.split(',') ?? historyFields;
  const uid = findSection(sections, 'uid')?.text ?? '';
  const unread = unreadLines([
    ...queueText.split('\n').filter((line) => readQueue(line).length === 0 && !line.startsWith('CLUSTER: ')),
    // The rows of a job's steps are not asked for, and are read by nobody.
    ...historyText.split('\n').filter((line) => readHistory(line, uid, fields).length === 0 && !/^\d+[.+]/.test(line)),
  ]);
  const isAccountingAway =
    history !== undefined && history.exitCode !== 0 && !new RegExp(accountingAbsent, 'i').test(history.text);
  const doubt = isAccountingAway
    ? unreadable('accounting does not answer', history.text, accountingHint)
    : unread === ''
      ? null
      : unreadableAnswer('Slurm', unread);
  return { queue: group(readQueue(queueText)), past: group(readHistory(historyText, uid, fields)), doubt };
}

/** Everything that the output of one poll says. */
export function readPoll(sections: readonly Section[], ids: readonly string[]): JobAnswers {
  const text = new Map(sections.map((section) => [section.name, section.text]));
  const { queue, past, doubt } = readPollText(sections);
  const result: JobAnswers = new Map();
  for (const id of ids) {
    const recorded = past.get(id) ?? [];
    const rows = [
      ...(queue.get(id) ?? []),
      ...recorded.filter(isEnded),
      ...readController(text.get(`job-${id}`) ?? '').filter((row) => row.id === id),
    ];
    const status =
      (rows.some((row) => row.task !== '') ? joinTasks(id, rows) : rows[0]?.status) ??
      readExitFile(id, text.get(`exit-${id}`) ?? '');
    if (status) result.set(id, known(withEstimate(status, text.get(`estimate-${id}`) ?? ''), rows));
    else if (recorded[0]) result.set(id, absent('lost: only accounting still has it'));
    else result.set(id, doubt ?? absent());
  }
  return result;
}
