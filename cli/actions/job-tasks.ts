import type { RequestInput } from '../../electron/shared/contract/index.ts';
import { tasksOf } from '../../electron/shared/job-array-policy.ts';
import { type JobTask, jobStates } from '../../electron/shared/jobs.ts';
import { withEngineState } from '../engine-session.ts';
import { findJob } from '../find-job.ts';
import type { JsonOption } from '../json-option.ts';
import { readChoice } from '../option-values.ts';
import { formatDateTime, printJson, printTable } from '../output.ts';
import { UsageError } from '../usage-error.ts';

/** As many as the engine gives in one answer. */
const PAGE = 1000;

export interface ListTasksOptions extends JsonOption {
  state?: string;
}

export function listTasks(id: string, { state, json }: ListTasksOptions): Promise<void> {
  const states = state?.split(',').map((each) => readChoice('--state', each.trim(), jobStates));
  return withEngineState({ connects: true, launches: true }, async (session) => {
    const job = await findJob(session, id);
    const tasks: JobTask[] = [];
    let cursor: string | null = null;
    do {
      const page: { tasks: JobTask[]; next: string | null } = await session.request('jobs.tasks', {
        id: job.id,
        limit: PAGE,
        ...(states !== undefined && { states }),
        ...(cursor !== null && { cursor }),
      });
      tasks.push(...page.tasks);
      cursor = page.next;
    } while (cursor !== null);
    if (json) return printJson(tasks);
    const time = (at: number | null) => (at === null ? '' : formatDateTime(at));
    printTable(
      ['TASK', 'STATE', 'REPORTED', 'EXIT', 'NODE', 'STARTED', 'ENDED', 'REASON'],
      tasks.map(({ index, state, nativeState, exitCode, node, startedAt, endedAt, reason }) => [
        ...[String(index), state, nativeState, exitCode === null ? '' : String(exitCode), node],
        ...[time(startedAt), time(endedAt), reason],
      ]),
    );
  });
}

/** `failed`, or numbers and ranges of tasks. */
export function readTasks(text: string): RequestInput<'jobs.rerun'>['tasks'] {
  if (text === 'failed') return text;
  if (!/^\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*$/.test(text)) {
    throw new UsageError(`“${text}” are no tasks.`, {
      hint: 'Give “failed”, or numbers and ranges, e.g. --tasks 3,7,9-12.',
    });
  }
  const tasks: number[] = [];
  for (const task of tasksOf(text)) {
    if (tasks.length === MOST) throw new UsageError('These are too many tasks.', { hint: `Give at most ${MOST}.` });
    tasks.push(task);
  }
  return tasks;
}

/** As many as one request takes. */
const MOST = 10_000;
