import { type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { readTaskRanges } from '../../../shared/job-array-policy.ts';

/** What a scheduler lists: a whole job, one task of an array, or all of its tasks that wait. */
export interface Row {
  /** The job's number, or the array's. */
  id: string;
  /** `3` or `[4-10%2]`; empty: no array. */
  task: string;
  status: JobStatus;
}

/** How many tasks `[1,3-9:2,20-30%4]` stands for. */
export const countTasks = (text: string): number =>
  readTaskRanges(text).reduce((count, { first, last, step }) => count + Math.floor((last - first) / step) + 1, 0);

const failures: readonly JobStatus['state'][] = [
  'out-of-memory',
  'timeout',
  'node-fail',
  'failed',
  'preempted',
  'cancelled',
];

const earliest = (times: (number | null)[]): number | null => extreme(times, Math.min);
const latest = (times: (number | null)[]): number | null => extreme(times, Math.max);
function extreme(times: (number | null)[], pick: (...values: number[]) => number): number | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? pick(...known) : null;
}

/**
 * The whole of an array from what is known of its tasks; of a task with two rows, the first counts.
 * It runs while one task does, waits while one waits, and has failed when one did, in the way of the worst.
 */
export function joinTasks(id: string, rows: readonly Row[]): JobStatus {
  const tasks = new Map<string, JobStatus>();
  for (const { task, status } of rows) if (!tasks.has(task)) tasks.set(task, status);
  const all = [...tasks.values()];
  const count = (test: (status: JobStatus) => boolean): number => {
    let total = 0;
    for (const [task, status] of tasks) if (test(status)) total += task.startsWith('[') ? countTasks(task) : 1;
    return total;
  };
  const waits = ({ state }: JobStatus): boolean => state === 'pending' || state === 'held';
  const hasFailed = ({ state }: JobStatus): boolean => failures.includes(state);
  const running = all.filter(({ state }) => state === 'running');
  const whole: JobStatus = {
    ...unknownJob(id),
    queue: all[0]?.queue ?? '',
    submittedAt: earliest(all.map((task) => task.submittedAt)),
    startsAt: earliest(all.map((task) => task.startsAt)),
    startedAt: earliest(all.map((task) => task.startedAt)),
    tasks: {
      pending: count(waits),
      running: running.length,
      completed: count(({ state }) => state === 'completed'),
      failed: count(hasFailed),
    },
  };
  if (running[0]) {
    const endsAt = latest(running.map((task) => task.endsAt));
    return { ...whole, state: 'running', nativeState: running[0].nativeState, node: running[0].node, endsAt };
  }
  const waiting = all.find(({ state }) => state === 'pending') ?? all.find(waits);
  if (waiting) {
    const { state, nativeState, reason, nativeReason, heldBy } = waiting;
    return { ...whole, state, nativeState, reason, nativeReason, heldBy };
  }
  const nameless = all.find(({ state }) => state === 'unknown');
  if (nameless) return { ...whole, nativeState: nameless.nativeState, reason: nameless.reason };
  const endedAt = latest(all.map((task) => task.endedAt));
  const worst = failures.map((state) => all.find((task) => task.state === state)).find((task) => task !== undefined);
  if (!worst) return { ...whole, state: 'completed', nativeState: 'COMPLETED', endedAt, exitCode: 0 };
  const { state, nativeState, nativeReason, exitCode, signal, node } = worst;
  const why = worst.reason === '' ? '' : `: ${worst.reason}`;
  const reason = `${count(hasFailed)} of ${count(() => true)} tasks did not complete${why}`;
  return { ...whole, state, nativeState, nativeReason, exitCode, signal, node, reason, endedAt };
}
