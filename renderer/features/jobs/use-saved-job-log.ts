import type { Job } from '../../../electron/shared/jobs.ts';
import { useSavedLog } from '../../components/use-saved-log.ts';
import { useStore } from '../../store.ts';

/** The end of a job's log as it was kept here; empty: none was. */
export function useSavedJobLog(job: Job | undefined): string {
  const id = job?.id ?? '';
  const instance = useStore((state) => state.instances.find((entry) => entry.id === id));
  const isOver = job?.state === 'completed' || job?.state === 'failed' || job?.state === 'canceled';
  return useSavedLog(instance ?? { id, state: isOver ? 'ended' : 'starting', logTail: '' });
}
