import { type JobReason, type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { joinTasks, type Row } from '../common/arrays.ts';
import { readExitFile } from '../common/exit-file.ts';
import { absent, type JobAnswers, known, unreadable } from '../common/job-answer.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { accountingHint } from '../common/site-facts.ts';
import { endOf, readAccounting } from './ends.ts';
import { readWaitingReason } from './reasons.ts';
import { gridEngineSeconds } from './site.ts';
import { elements, textOf } from './xml.ts';

/** UTC without its zone, as qstat writes it under TZ=UTC. */
function time(text: string): number | null {
  const value = Date.parse(`${text.replace(/\.\d+$/, '')}Z`);
  return Number.isNaN(value) ? null : value;
}

/** What the letters of a state mean: `qw`, `hqw`, `Eqw`, `Rq`, `r`, `t`, `hr`, `dr`, `s`, `S`, `T` and mixtures. */
export function stateOf(native: string): JobStatus['state'] {
  if (native.includes('E')) return 'held';
  if (/[rtsST]/.test(native)) return 'running';
  return /[qwh]/.test(native) ? 'pending' : 'unknown';
}

function readRunningReason(native: string): JobReason {
  const is = (reason: string): JobReason => ({ reason, nativeReason: native });
  if (native.includes('d')) return is('being ended; if it stays so, its node does not answer');
  if (native.includes('s')) return is('paused: somebody suspended it');
  if (/[ST]/.test(native)) return is('paused: its queue is suspended');
  return native.includes('t') ? is('being sent to its node') : { reason: '', nativeReason: '' };
}

/** `qstat -xml -r`: a row for each job, each running task of an array, and all tasks that wait together. */
export function readQueue(xml: string): Row[] {
  return elements(xml, 'job_list').flatMap((job): Row[] => {
    const id = textOf(job, 'JB_job_number');
    if (!/^\d+$/.test(id)) return [];
    const native = textOf(job, 'state');
    const state = stateOf(native);
    const tasks = textOf(job, 'tasks');
    const instance = textOf(job, 'queue_name');
    const started = state === 'running' ? time(textOf(job, 'JAT_start_time')) : null;
    const limit = gridEngineSeconds(textOf(job, 'hard_request', 'h_rt'));
    const status: JobStatus = {
      ...unknownJob(id),
      state,
      nativeState: native,
      ...(state === 'running' ? readRunningReason(native) : {}),
      heldBy: state === 'held' ? 'system' : '',
      node: instance.split('@')[1] ?? '',
      queue: instance.split('@')[0] ?? '',
      submittedAt: time(textOf(job, 'JB_submission_time')),
      startsAt: started,
      startedAt: started,
      endsAt: started !== null && limit !== null ? started + limit * 1000 : null,
    };
    return [{ id, task: state === 'running' || tasks === '' ? tasks : `[${tasks}]`, status }];
  });
}

interface Detail {
  errors: string[];
  scheduler: string[];
}

/** Of `qstat -j`: what stopped a job, and what the scheduler says of one that waits. */
export function readDetails(text: string): Map<string, Detail> {
  const details = new Map<string, Detail>();
  let current: Detail | null = null;
  let inScheduler = false;
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^(\S.*?):\s*(.*)$/s.exec(line) ?? [];
    if (name === 'job_number') {
      current = { errors: [], scheduler: [] };
      details.set(value.trim(), current);
    }
    inScheduler = name === 'scheduling info' || (inScheduler && /^\s/.test(line));
    if (inScheduler) current?.scheduler.push(name === 'scheduling info' ? value : line);
    else if (name.startsWith('error reason')) {
      current?.errors.push(value.replace(/^\S+ \S+ \[\d+:\d+\]: /, '').replace(/^error: /, ''));
    }
  }
  return details;
}

interface Holds {
  user: ReadonlySet<string>;
  system: ReadonlySet<string>;
  job: ReadonlySet<string>;
}

const idsOf = (sections: readonly Section[], name: string): Set<string> =>
  new Set(findSection(sections, name)?.text.split(/\s+/) ?? []);

/** Why a job does not run, and whether somebody has to do something about it. */
function waiting(status: JobStatus, detail: Detail | undefined, poke: string | undefined, holds: Holds): JobStatus {
  const { id, nativeState } = status;
  if (status.state === 'held') {
    return { ...status, reason: 'it could not be started', nativeReason: detail?.errors[0] ?? nativeState };
  }
  if (status.state !== 'pending') return status;
  const held: JobStatus = { ...status, state: 'held', nativeReason: nativeState };
  if (holds.user.has(id)) {
    return { ...held, heldBy: 'user', reason: 'held: you asked for it to wait' };
  }
  if (holds.system.has(id)) {
    return { ...held, heldBy: 'system', reason: 'held by an administrator' };
  }
  if (holds.job.has(id) || nativeState.includes('h')) {
    return { ...status, reason: 'waiting for another job to end', nativeReason: nativeState };
  }
  const lines = detail?.scheduler.filter((line) => !/turned off/.test(line)) ?? [];
  return { ...status, ...readWaitingReason(lines.length > 0 ? lines : (poke?.split('\n') ?? [])) };
}

/**
 * Everything that the output of one poll says. A job neither queued nor in accounting is absent, since accounting lags (15 s by
 * default): callers wait before they take it for ended. Where accounting cannot be read nothing follows, unless its own
 * files show the end.
 */
export function readPoll(sections: readonly Section[], ids: readonly string[]): JobAnswers {
  const queue = readQueue(findSection(sections, 'queue')?.text ?? '');
  const details = readDetails(findSection(sections, 'details')?.text ?? '');
  const holds = {
    user: idsOf(sections, 'hold-user'),
    system: idsOf(sections, 'hold-system'),
    job: idsOf(sections, 'hold-job'),
  };
  const history = findSection(sections, 'history');
  const records = readAccounting(history?.exitCode === 0 ? history.text : '');
  const result: JobAnswers = new Map();
  for (const id of ids) {
    const poke = findSection(sections, `poke-${id}`)?.text;
    const rows = queue
      .filter((row) => row.id === id)
      .map((row) => ({ ...row, status: waiting(row.status, details.get(id), poke, holds) }));
    const asked = findSection(sections, `asked-${id}`)?.text ?? '';
    const exit = findSection(sections, `exit-${id}`)?.text ?? '';
    const ends = records.filter((record) => record.id === id);
    const tasks = ends.some((record) => record.task !== '') || rows.some((row) => row.task !== '');
    const recorded = ends.map((record) => ({ id, task: record.task, status: endOf(record, asked !== '') }));
    // A task that began again has several records; the last is its end.
    const all = [...rows, ...recorded.toReversed()];
    const status = tasks ? joinTasks(id, all) : (rows[0]?.status ?? recorded.at(-1)?.status);
    const gone = asked !== '' ? { ...unknownJob(id), state: 'cancelled' as const, nativeState: 'qdel' } : null;
    const own = readExitFile(id, exit);
    const ended = status ?? own ?? gone;
    // Grid Engine gets another code than 99 and 100 (job.sh); the app's own file has the true one.
    const isOwn = ended !== null && ended.exitCode !== null && own !== null && !tasks;
    if (ended) result.set(id, known(isOwn ? { ...ended, exitCode: own.exitCode } : ended, all));
    else if (history === undefined || history.exitCode === 0) result.set(id, absent());
    else result.set(id, unreadable('accounting could not be read', history.text, accountingHint));
  }
  return result;
}
