import { z } from 'zod';
import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Instance, InstanceState } from '../../shared/instances.ts';
import type { Job, JobState } from '../../shared/jobs.ts';
import type { HistoryCondition, JobStorage } from '../storage/types.ts';
import { describeJob } from './describe-job.ts';

type Query = ParsedInput<'jobs.query'>;
type Part = [sql: string, ...parameters: (string | number)[]];

/** The states of instances whose jobs may be in a state; null: it has no instance. */
const live: readonly InstanceState[] = ['starting', 'waiting', 'ready', 'running', 'reconnecting', 'stopping'];
const candidates: Record<JobState, readonly (InstanceState | null)[]> = {
  new: [null, 'interrupted', 'starting'],
  submitting: live,
  queued: live,
  held: live,
  active: live,
  completed: ['ended'],
  failed: ['failed'],
  canceled: ['ended', 'failed'],
};

/**
 * One page of the jobs, and the cursor of the next one.
 * @param current an instance as it is known now, since what is saved of a live one may be of another process
 * @param visible ids of the clusters that the caller may know of; null: all
 * @throws AppError `bad-input` for a cursor of something else
 */
export function queryJobs(
  storage: Pick<JobStorage, 'pageOfJobs'>,
  query: Query,
  current: (instance: Instance) => Instance,
  visible: readonly string[] | null,
): { jobs: Job[]; next: string | null } {
  const { limit, states } = query;
  const wanted = states && new Set(states);
  const jobs: Job[] = [];
  let cursor = query.cursor;
  for (;;) {
    const rows = storage.pageOfJobs(conditionOf({ ...query, cursor }, visible), limit + 1);
    for (const { record, instance } of rows) {
      const job = describeJob({ record, instance: instance && current(instance) });
      if (job && (!wanted || wanted.has(job.state))) jobs.push(job);
      if (job) cursor = encodeCursor(job);
      if (jobs.length > limit) return { jobs: jobs.slice(0, limit), next: nextOf(jobs[limit - 1]) };
    }
    // The state follows from more than the columns say, so that a page of rows may give fewer jobs.
    if (rows.length <= limit) return { jobs, next: null };
  }
}

const nextOf = (last: Job | undefined): string | null => (last ? encodeCursor(last) : null);

/** The filter as SQL. Only constant text becomes SQL; what the user gave is a parameter. */
function conditionOf(query: Query, visible: readonly string[] | null): HistoryCondition {
  const { text, clusterId, states, archived = false, from, to, cursor } = query;
  const parts: Part[] = [['archived = ?', archived ? 1 : 0]];
  for (const word of text.toLowerCase().split(/\s+/).filter(Boolean)) parts.push(['instr(search, ?) > 0', word]);
  if (clusterId !== undefined) parts.push(['cluster_id = ?', clusterId]);
  if (states !== undefined) parts.push(statePart(states));
  if (from !== undefined) parts.push(['created_at >= ?', from]);
  if (to !== undefined) parts.push(['created_at < ?', to]);
  if (visible !== null) parts.push([`cluster_id in (${visible.map(() => '?').join(', ')})`, ...visible]);
  if (cursor !== undefined) parts.push(['(created_at, id) < (?, ?)', ...decodeCursor(cursor)]);
  return { where: parts.map(([sql]) => sql), parameters: parts.flatMap(([, ...parameters]) => parameters) };
}

function statePart(states: readonly JobState[]): Part {
  const possible = new Set(states.flatMap((state) => candidates[state]));
  const named = [...possible].filter((state) => state !== null);
  const sql = `state in (${named.map(() => '?').join(', ')})`;
  return [possible.has(null) ? `(state is null or ${sql})` : sql, ...named];
}

const encodeCursor = ({ createdAt, id }: Job): string => `${createdAt}~${id}`;

function decodeCursor(cursor: string): [createdAt: number, id: string] {
  const [time = '', ...id] = cursor.split('~');
  const createdAt = z.coerce.number().safeParse(time).data;
  if (time === '' || createdAt === undefined || id.length === 0) {
    throw new AppError('bad-input', 'This is not a cursor of the jobs.', { hint: 'Begin with the first page.' });
  }
  return [createdAt, id.join('~')];
}
