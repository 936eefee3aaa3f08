import type { Queue } from '../../../shared/clusters.ts';
import { signalOfExitCode } from '../../../shared/exit-code-policy.ts';
import { type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { ownValue } from '../../../shared/own-value.ts';
import { joinTasks, type Row } from '../common/arrays.ts';
import { readExitFile } from '../common/exit-file.ts';
import { absent, type JobAnswers, known, unreadableAnswer, unreadLines } from '../common/job-answer.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { readHeldReason, readRunningReason, readWaitingReason, terminations } from './reasons.ts';

/** Of `bjobs -o`, in this order; the pending reason last, as only it may hold the separator. */
export const jobFields =
  'jobid jobindex stat queue first_host submit_time start_time finish_time run_time runtimelimit exit_code exit_reason pend_reason';

const states: Record<string, JobStatus['state']> = {
  PEND: 'pending',
  WAIT: 'pending',
  FWD_PEND: 'pending',
  PSUSP: 'held',
  PROV: 'running',
  RUN: 'running',
  USUSP: 'running',
  SSUSP: 'running',
  UNKWN: 'running',
  ZOMBI: 'node-fail',
  DONE: 'completed',
  EXIT: 'failed',
};

const DAY = 86_400_000;

/** `Nov 22 09:13`, `Nov 22 09:13:06 2026`, with a letter behind it; LSF leaves out the year, so it is the latest one possible. */
export function lsfTime(text: string, now: number): number | null {
  const match = /^([A-Z][a-z]{2})\s+(\d+)\s+(\d+:\d+(?::\d+)?)(?:\s+(\d{4}))?/.exec(text.trim());
  if (!match) return null;
  const [, month, day, clock, year] = match;
  const at = (inYear: number) => Date.parse(`${month} ${day} ${inYear} ${clock} UTC`);
  if (year !== undefined) return at(Number(year));
  const thisYear = new Date(now).getUTCFullYear();
  const value = at(thisYear);
  return value > now + 300 * DAY ? at(thisYear - 1) : value;
}

function endOf(exitCode: string, exitReason: string): Partial<JobStatus> {
  const ending = terminations.find(([pattern]) => pattern.test(exitReason));
  if (ending) return { state: ending[1], reason: ending[2] };
  if (!/^\d+$/.test(exitCode)) return { state: 'failed', nativeReason: exitReason === '-' ? '' : exitReason };
  const code = Number(exitCode);
  // More than 128 is a signal plus 128 (bjobs(1)).
  const signal = signalOfExitCode(code);
  return signal === null ? { state: 'failed', exitCode: code } : { state: 'failed', signal };
}

/**
 * `start_time` is exact to the minute, and the run time to the second; it does not count while a job is suspended, so that it
 * says when the job began only where it agrees.
 */
function startOf(start: number | null, seconds: string | undefined, now: number): number | null {
  if (seconds === undefined) return start;
  const bySeconds = now - Number(seconds) * 1000;
  return start === null || Math.abs(bySeconds - start) <= 60_000 ? bySeconds : start;
}

/** Rows of bjobs. `now`: of the login node, epoch ms. Lines that are no rows (warnings) are passed over. */
export function readJobs(text: string, now: number): Row[] {
  return text.split('\n').flatMap((line): Row[] => {
    const [id = '', index = '', native = '', queue = '', host = '', ...rest] = line
      .split('|')
      .map((field) => field.trim());
    const [submitted = '', start = '', finish = '', ran = '', limit = '', exitCode = '', exitReason = '', ...reason] =
      rest;
    if (!/^\d+$/.test(id) || rest.length < 8) return [];
    const state = ownValue(states, native) ?? 'unknown';
    const seconds = /^(\d+)\s*second/.exec(ran)?.[1];
    const started = startOf(lsfTime(start, now), state === 'running' ? seconds : undefined, now);
    const minutes = /^(\d+(?:\.\d+)?)/.exec(limit)?.[1];
    const endsAt =
      state === 'running' && started !== null && minutes !== undefined ? started + Number(minutes) * 60_000 : null;
    const why = reason.join('|');
    const status: JobStatus = {
      ...unknownJob(id),
      state,
      nativeState: native,
      node: host === '-' ? '' : (host.split('*').at(-1) ?? ''),
      queue: queue === '-' ? '' : queue,
      submittedAt: lsfTime(submitted, now),
      startsAt: started,
      startedAt: started,
      endsAt,
    };
    const task = /^[1-9]\d*$/.test(index) ? index : '';
    if (state === 'completed') return [{ id, task, status: { ...status, endedAt: lsfTime(finish, now), exitCode: 0 } }];
    if (state === 'failed')
      return [{ id, task, status: { ...status, endedAt: lsfTime(finish, now), ...endOf(exitCode, exitReason) } }];
    if (state === 'pending') return [{ id, task, status: { ...status, ...readWaitingReason(why) } }];
    if (state === 'held') return [{ id, task, status: { ...status, ...readHeldReason(native, why) } }];
    return [{ id, task, status: { ...status, ...readRunningReason(native) } }];
  });
}

/** Everything that the output of one poll says. */
export function readPoll(sections: readonly Section[], ids: readonly string[]): JobAnswers {
  const now = Number(findSection(sections, 'now')?.text ?? 0) * 1000;
  const text = findSection(sections, 'queue')?.text ?? '';
  const all = readJobs(text, now);
  const unread = unreadLines(
    text.split('\n').filter((line) => readJobs(line, now).length === 0 && !/is not found/i.test(line)),
  );
  const result: JobAnswers = new Map();
  for (const [index, id] of ids.entries()) {
    const rows = all.filter((row) => row.id === id);
    const isArray = rows.some((row) => row.task !== '');
    const status =
      (isArray ? joinTasks(id, rows) : rows[0]?.status) ??
      readExitFile(id, findSection(sections, `exit-${index}`)?.text ?? '');
    result.set(id, status ? known(status, rows) : unread === '' ? absent() : unreadableAnswer('LSF', unread));
  }
  return result;
}

/** `480.0 min of hostA`, `8:00` -> seconds. */
function limitSeconds(section: string | undefined): number | null {
  const minutes = /RUNLIMIT[ \t]*\n\s*(\d+(?:\.\d+)?)\s*min/.exec(section ?? '')?.[1];
  return minutes === undefined ? null : Math.round(Number(minutes) * 60);
}

/** `15.5G`, `64000M` of lshosts -> MiB. */
function memoryOf(text: string | undefined): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text ?? '');
  const scale: Record<string, number> = { K: 1 / 1024, M: 1, '': 1, G: 1024, T: 1024 ** 2 };
  return match ? Math.floor(Number(match[1]) * (scale[match[2] ?? ''] ?? 1)) : 0;
}

/** Queues from `bqueues -l`; the largest host of `lshosts -w` bounds all of them. */
export function readQueues(queueText: string, hostText: string): Queue[] {
  const [header = [], ...rows] = hostText.split('\n').map((line) => line.trim().split(/\s+/));
  const column = (row: readonly string[], name: string): string | undefined => row[header.indexOf(name)];
  const cpus = Math.max(0, ...rows.map((row) => Number(column(row, 'ncpus')) || 0)) || null;
  const memory = Math.max(0, ...rows.map((row) => memoryOf(column(row, 'maxmem')))) || null;
  return queueText
    .split(/^(?=QUEUE: )/m)
    .flatMap((block): Queue[] => {
      const name = /^QUEUE: (\S+)/.exec(block)?.[1];
      if (name === undefined) return [];
      const status = /^PRIO NICE STATUS.*\n\s*\S+\s+\S+\s+(\S+)/m.exec(block)?.[1] ?? '';
      const [, defaults, limits] =
        /(?:DEFAULT LIMITS:([\s\S]*?))?(?:MAXIMUM LIMITS:([\s\S]*))?$/.exec(
          block.slice(Math.max(0, block.search(/DEFAULT LIMITS:|MAXIMUM LIMITS:/))),
        ) ?? [];
      return [
        {
          name,
          isDefault: /This is the default queue/i.test(block),
          state: /^Open:Active/i.test(status) ? 'UP' : 'DOWN',
          maxSeconds: limitSeconds(limits),
          defaultSeconds: limitSeconds(defaults) ?? limitSeconds(limits),
          cpusPerNode: cpus,
          memoryPerNode: memory,
          gpusPerNode: null,
          gpuTypes: [],
          nodes: null,
          cpusTotal: null,
          cpusFree: null,
        },
      ];
    })
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}
