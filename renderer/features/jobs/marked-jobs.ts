import { create } from 'zustand';

/** The jobs that are marked in the list, oldest mark first: at most the two that can be compared. */
export const useMarkedJobs = create<{ ids: readonly string[] }>(() => ({ ids: [] }));

/** Marks a job, or takes its mark away; of two that are marked, the older mark goes. */
export const toggleMark = (id: string): void =>
  useMarkedJobs.setState(({ ids }) => ({
    ids: ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id].slice(-2),
  }));

export const clearMarks = (): void => useMarkedJobs.setState({ ids: [] });
