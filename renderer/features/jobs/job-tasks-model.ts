import { hasTaskFailed, isJobOver, type JobTask } from '../../../electron/shared/jobs.ts';
import { formatDuration } from '../../text/time.ts';

export const taskFilters = ['all', 'failed', 'active', 'waiting', 'completed'] as const;
export type TaskFilter = (typeof taskFilters)[number];
export const taskFilterLabels: Record<TaskFilter, string> = {
  all: 'All',
  failed: 'Failed',
  active: 'Running',
  waiting: 'Waiting',
  completed: 'Done',
};

export function matchesTask(filter: TaskFilter, task: JobTask): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'failed':
      return hasTaskFailed(task);
    case 'active':
      return task.state === 'active';
    case 'waiting':
      return !isJobOver(task.state) && task.state !== 'active';
    case 'completed':
      return task.state === 'completed';
  }
}

/** How a task ended, in a few words; empty: it has not, or nothing is known. */
export function describeTaskEnd({ exitCode, signal }: Pick<JobTask, 'exitCode' | 'signal'>): string {
  if (exitCode !== null) return String(exitCode);
  return signal === null ? '' : `signal ${signal}`;
}

/** How long a task runs or ran; empty: it did not. */
export function describeTaskTime({ startedAt, endedAt, state }: JobTask, now: number): string {
  if (startedAt === null) return '';
  const end = endedAt ?? (state === 'active' ? now : null);
  return end === null ? '' : formatDuration(Math.max(0, end - startedAt));
}
