import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { type JobFilter, jobFilters, jobQuery, matchesJob, mergeJobs, type WantedJobs } from './job-list-model.ts';
import { noteJobs, useKnownJobs } from './known-jobs.ts';

interface Reading {
  isLoading: boolean;
  /** Where the next page begins; null: there is none. */
  next: string | null;
  error: AppError | null;
}

/** Reads older jobs page by page into those that are known. Another query begins anew. */
function useOlderJobs(wanted: WantedJobs): Reading & { readMore: () => void } {
  const [text] = useDebouncedValue(wanted.text, 200);
  const { filter, clusterId, isArchived } = wanted;
  const query = useMemo(() => jobQuery({ filter, text, clusterId, isArchived }), [filter, text, clusterId, isArchived]);
  const [reading, setReading] = useState<Reading>({ isLoading: true, next: null, error: null });
  const current = useRef(new AbortController());
  const read = useCallback(
    (cursor: string | null) => {
      current.current.abort();
      current.current = new AbortController();
      const { signal } = current.current;
      setReading({ isLoading: true, next: cursor, error: null });
      invoke('jobs.query', { ...query, ...(cursor !== null && { cursor }) }, signal).then(
        ({ jobs, next }) => {
          if (signal.aborted) return;
          noteJobs(jobs);
          setReading({ isLoading: false, next, error: null });
        },
        (error: unknown) => {
          if (!signal.aborted) setReading({ isLoading: false, next: cursor, error: AppError.from(error) });
        },
      );
    },
    [query],
  );
  useEffect(() => {
    read(null);
    return () => current.current.abort();
  }, [read]);
  return { ...reading, readMore: () => reading.isLoading || read(reading.next) };
}

/** The jobs that are wanted, newest first; more are read as `readMore` asks. */
export function useJobList(wanted: WantedJobs) {
  const listed = useStore((state) => state.jobs);
  const clusters = useStore((state) => state.clusters);
  const known = useKnownJobs(({ byId }) => byId);
  const older = useOlderJobs(wanted);
  const byId = useMemo(() => new Map(clusters.map((entry) => [entry.cluster.id, entry])), [clusters]);
  const all = useMemo(() => mergeJobs(listed, known), [listed, known]);
  const jobs = useMemo(
    () => all.filter((job) => matchesJob(job, byId.get(job.clusterId), wanted)),
    [all, byId, wanted],
  );
  const counts = useMemo(() => {
    const count = (filter: JobFilter) =>
      listed.filter((job) => matchesJob(job, byId.get(job.clusterId), { ...wanted, filter, text: '' })).length;
    return Object.fromEntries(jobFilters.map((filter) => [filter, count(filter)])) as Record<JobFilter, number>;
  }, [listed, byId, wanted]);
  return { jobs, byId, counts, isEmpty: all.length === 0, ...older };
}
