import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { RequestInput } from '../../../electron/shared/contract/index.ts';
import { isJobOver, type Job, type JobState } from '../../../electron/shared/jobs.ts';
import { jobNeedsYou } from '../../text/batch-job.ts';

export const jobFilters = ['all', 'active', 'waiting', 'you', 'ended'] as const;
export type JobFilter = (typeof jobFilters)[number];
export const jobFilterLabels: Record<JobFilter, string> = {
  all: 'All',
  active: 'Running',
  waiting: 'Waiting',
  you: 'Needs you',
  ended: 'Ended',
};

/** What jobs are looked for; an empty value: any. */
export interface WantedJobs {
  filter: JobFilter;
  text: string;
  clusterId: string;
  isArchived: boolean;
}

export const allJobs: WantedJobs = { filter: 'all', text: '', clusterId: '', isArchived: false };

export const isFiltered = ({ filter, text, clusterId, isArchived }: WantedJobs): boolean =>
  filter !== 'all' || text.trim() !== '' || clusterId !== '' || isArchived;

const waiting: readonly JobState[] = ['submitting', 'queued', 'held'];

/** States to ask the engine for. All that are live are in the state already. */
const statesOf: Partial<Record<JobFilter, JobState[]>> = {
  active: ['active'],
  waiting: [...waiting],
  you: ['new', 'held', 'failed'],
  ended: ['completed', 'failed', 'canceled'],
};

function matchesFilter(filter: JobFilter, job: Job, cluster: ClusterState | undefined): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'active':
      return job.state === 'active';
    case 'waiting':
      return waiting.includes(job.state);
    case 'you':
      return jobNeedsYou(job, cluster);
    case 'ended':
      return isJobOver(job.state);
  }
}

/** As the engine does for a query, and by the scheduler's number too. */
function matchesText(job: Job, text: string): boolean {
  const { name, values, clusterName, id, native } = job;
  const where = `${name} ${values?.recipe ?? ''} ${clusterName} ${id} ${native?.id ?? ''}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}

export const matchesJob = (job: Job, cluster: ClusterState | undefined, wanted: WantedJobs): boolean =>
  job.archived === wanted.isArchived &&
  (wanted.clusterId === '' || job.clusterId === wanted.clusterId) &&
  matchesFilter(wanted.filter, job, cluster) &&
  matchesText(job, wanted.text.trim());

export function jobQuery({ filter, text, clusterId, isArchived }: WantedJobs): RequestInput<'jobs.query'> {
  const states = statesOf[filter];
  return {
    limit: 200,
    ...(states && { states }),
    ...(text.trim() !== '' && { text: text.trim() }),
    ...(clusterId !== '' && { clusterId }),
    ...(isArchived && { archived: true }),
  };
}

/** Jobs of the state and of answers, newest first, each once; the state knows best, and what was removed is left out. */
export function mergeJobs(listed: readonly Job[], known: ReadonlyMap<string, Job | null>): Job[] {
  const all = new Map<string, Job | null>(known);
  for (const job of listed) if (all.get(job.id) !== null) all.set(job.id, job);
  return [...all.values()]
    .filter((job) => job !== null)
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
}

/** Where a key on a row leads: the index of another row, or null where the key is not for the list. */
export function rowForKey(key: string, at: number, count: number): number | null {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  if (count === 0) return null;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  return step === undefined ? null : Math.min(count - 1, Math.max(0, at + step));
}
