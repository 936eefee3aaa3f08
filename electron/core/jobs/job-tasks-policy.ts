import type { ParsedInput } from '../../shared/contract/index.ts';
import { setField } from '../../shared/directives/edit.ts';
import { readFields } from '../../shared/directives/fields.ts';
import { dialects } from '../../shared/directives/index.ts';
import { AppError } from '../../shared/errors.ts';
import { describeReason, type JobStatus, type Resources } from '../../shared/instances.ts';
import { tasksOf, writeJobArray } from '../../shared/job-array-policy.ts';
import { hasTaskFailed, type Job, type JobState, type JobTask } from '../../shared/jobs.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { launcherLabel } from '../../shared/launcher-features.ts';
import { message } from '../../shared/messages.ts';
import type { Row } from '../launchers/common/arrays.ts';
import type { JobTaskPage } from './types.ts';

/** So many tasks of one job are listed at most. */
const MOST = 100_000;

const states: Readonly<Record<JobStatus['state'], JobState>> = {
  pending: 'queued',
  held: 'held',
  running: 'active',
  completed: 'completed',
  cancelled: 'canceled',
  failed: 'failed',
  timeout: 'failed',
  'out-of-memory': 'failed',
  'node-fail': 'failed',
  preempted: 'failed',
  // The scheduler has it and uses a word of its own.
  unknown: 'active',
};

/** One row stands for all tasks that wait together; of a task with two rows, the first counts. */
export function describeTasks(rows: readonly Row[]): JobTask[] {
  const tasks = new Map<number, JobTask>();
  for (const { task, status } of rows) {
    for (const index of tasksOf(task)) {
      if (!tasks.has(index)) tasks.set(index, describeTask(index, status));
      if (tasks.size > MOST) {
        throw new AppError('limit-exceeded', message`An array of more than ${{ most: MOST }} tasks cannot be listed.`);
      }
    }
  }
  return [...tasks.values()].sort((a, b) => a.index - b.index);
}

function describeTask(index: number, status: JobStatus): JobTask {
  const { state, nativeState, exitCode, signal, node, startedAt, endedAt } = status;
  const reason = describeReason(status);
  return { index, state: states[state], nativeState, reason, exitCode, signal, node, startedAt, endedAt };
}

type Wanted = Omit<ParsedInput<'jobs.tasks'>, 'id'>;

/** The cursor is the number of the last task of the page before. @throws AppError `bad-input` for another one */
export function pageOfTasks(tasks: readonly JobTask[], { states: wanted, cursor, limit }: Wanted): JobTaskPage {
  if (cursor !== undefined && !/^\d{1,10}$/.test(cursor)) {
    throw new AppError('bad-input', message`${{ cursor }} is no cursor of a page of tasks.`);
  }
  const matching = wanted ? tasks.filter(({ state }) => wanted.includes(state)) : tasks;
  const rest = cursor === undefined ? matching : matching.filter(({ index }) => index > Number(cursor));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { tasks: page, total: matching.length, next: last && rest.length > limit ? String(last.index) : null };
}

type Chosen = NonNullable<ParsedInput<'jobs.rerun'>['tasks']>;

/** The numbers of the tasks that run again. @throws AppError `conflict` where there are none, `bad-input` for unknown ones */
export function chooseTasks(
  { name }: Pick<Job, 'name'>,
  tasks: readonly JobTask[],
  chosen: Chosen = 'failed',
): number[] {
  if (tasks.length === 0) {
    throw new AppError('conflict', message`${{ name }} is no job array, so that it has no tasks.`, {
      hint: 'Run the whole job again.',
    });
  }
  if (chosen === 'failed') {
    const failed = tasks.filter(hasTaskFailed).map(({ index }) => index);
    if (failed.length > 0) return failed;
    throw new AppError('conflict', message`No task of ${{ name }} has failed.`);
  }
  const known = new Set(tasks.map(({ index }) => index));
  const missing = chosen.filter((index) => !known.has(index));
  if (missing.length === 0) return [...chosen];
  throw new AppError('bad-input', message`${{ name }} has no task ${{ tasks: missing.slice(0, 20).join(', ') }}.`);
}

interface ArrayJob {
  launcher: LauncherName;
  script: string | null;
  resources: Resources;
}

/**
 * What a job of exactly these tasks asks for; a directive that says otherwise is changed with it.
 * @throws AppError `bad-input` where its launcher has no such array
 */
export function arrayOfTasks({ launcher, script, resources }: ArrayJob, tasks: readonly number[]) {
  const dialect = dialects[launcher];
  const asked = script !== null && dialect !== null && dialect.prefix !== '' ? readFields(script, dialect).array : '';
  const atOnce = /%(\d+)$/.exec(resources.array || asked)?.[1] ?? '';
  const array = writeJobArray(tasks, atOnce, launcher);
  if (array === null) throw arrayImpossible(launcher, tasks);
  const changed = { resources: { ...resources, array } };
  if (asked === '' || script === null || dialect === null) return changed;
  return { ...changed, script: setField(script, dialect, 'array', array) };
}

function arrayImpossible(launcher: LauncherName, tasks: readonly number[]): AppError {
  const numbers = tasks.slice(0, 20).join(', ') + (tasks.length > 20 ? ', …' : '');
  const title = launcherLabel(launcher);
  return new AppError('bad-input', message`${{ title }} cannot start the tasks ${{ numbers }} alone as one array.`, {
    hint:
      launcher === 'htcondor'
        ? 'It numbers the tasks of an array from 0. Run all of them again.'
        : 'It takes one range, e.g. 3-9 or 3-9:2. Run tasks again that are such a range, or all of them.',
  });
}
