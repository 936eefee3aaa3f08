import { useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { isJobOver, type Job, type JobTask } from '../../../electron/shared/jobs.ts';
import { invoke } from '../../bridge.ts';

/** As many as one answer has. */
const PAGE = 1000;

async function readAll(id: string, signal: AbortSignal): Promise<JobTask[]> {
  const all: JobTask[] = [];
  let cursor: string | null = null;
  do {
    const page: { tasks: JobTask[]; next: string | null } = await invoke(
      'jobs.tasks',
      { id, limit: PAGE, ...(cursor !== null && { cursor }) },
      signal,
    );
    all.push(...page.tasks);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

/** The tasks of an array, read again when their numbers in the state change; what was read before stays meanwhile. */
export function useJobTasks(job: Job, isReachable: boolean) {
  const [tasks, setTasks] = useState<readonly JobTask[]>([]);
  const [error, setError] = useState<AppError | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const { id, native, state } = job;
  const progress = JSON.stringify([native?.tasks, isJobOver(state)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again as the job goes on, or as the user asks
  useEffect(() => {
    if (!isReachable) return;
    const shown = new AbortController();
    setLoading(true);
    readAll(id, shown.signal).then(
      (found) => {
        if (shown.signal.aborted) return;
        setTasks(found);
        setError(null);
        setLoading(false);
      },
      (failure) => {
        if (shown.signal.aborted) return;
        setError(AppError.from(failure));
        setLoading(false);
      },
    );
    return () => shown.abort(new AppError('cancelled', 'Another job is shown.'));
  }, [id, progress, isReachable, round]);
  return { tasks, error, isLoading: isLoading && isReachable, reload: () => setRound((last) => last + 1) };
}
