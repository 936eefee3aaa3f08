import { create } from 'zustand';
import type { Job } from '../../../electron/shared/jobs.ts';
import { useStore } from '../../store.ts';

/** Jobs that the engine gave in answers, beside those that the state lists; null: removed here. */
export const useKnownJobs = create<{ byId: ReadonlyMap<string, Job | null> }>(() => ({ byId: new Map() }));

export function noteJobs(jobs: readonly Job[]): void {
  useKnownJobs.setState(({ byId }) => {
    const next = new Map(byId);
    for (const job of jobs) if (next.get(job.id) !== null) next.set(job.id, job);
    return { byId: next };
  });
}

export const noteRemovedJob = (id: string): void =>
  useKnownJobs.setState(({ byId }) => ({ byId: new Map(byId).set(id, null) }));

/** A job as it is known now; the state knows it best. Undefined: not known here, or removed. */
export function useJob(id: string): Job | undefined {
  const known = useKnownJobs(({ byId }) => byId.get(id));
  const listed = useStore(({ jobs }) => jobs.find((job) => job.id === id));
  return known === null ? undefined : (listed ?? known);
}
