import { z } from 'zod';
import type { HistoryFilter } from '../../shared/contract/history.ts';
import { AppError } from '../../shared/errors.ts';
import type { Instance } from '../../shared/instances.ts';
import type { HistoryCondition, Storage } from '../storage/types.ts';

type Query = HistoryFilter & { cursor?: string; limit: number };

/**
 * One page of the history, and the cursor of the next one.
 * @param visible ids of the clusters that the caller may know of; null: all
 * @throws AppError `bad-input` for a cursor of something else
 */
export function queryHistory(
  storage: Pick<Storage, 'pageOfInstances'>,
  { cursor, limit, ...filter }: Query,
  visible: readonly string[] | null,
): { instances: Instance[]; next: string | null } {
  const found = storage.pageOfInstances(conditionOf(filter, cursor, visible), limit + 1);
  const instances = found.slice(0, limit);
  const last = instances.at(-1);
  return { instances, next: found.length > limit && last ? encodeCursor(last) : null };
}

/** The filter as SQL. Only constant text becomes SQL; what the user gave is a parameter. */
function conditionOf(
  filter: HistoryFilter,
  cursor: string | undefined,
  visible: readonly string[] | null,
): HistoryCondition {
  const parts: [sql: string, ...parameters: (string | number)[]][] = [];
  for (const word of filter.text.toLowerCase().split(/\s+/).filter(Boolean)) parts.push(['instr(search, ?) > 0', word]);
  if (filter.idPrefix !== undefined) parts.push(['instr(id, ?) = 1', filter.idPrefix]);
  if (filter.clusterId !== undefined) parts.push(['cluster_id = ?', filter.clusterId]);
  if (filter.recipe !== undefined) parts.push(['recipe = ?', filter.recipe]);
  if (filter.kind !== undefined) parts.push(['kind = ?', filter.kind]);
  if (filter.states !== undefined) {
    parts.push([`state in (${filter.states.map(() => '?').join(', ')})`, ...filter.states]);
  }
  if (filter.from !== undefined) parts.push(['created_at >= ?', filter.from]);
  if (filter.to !== undefined) parts.push(['created_at < ?', filter.to]);
  if (visible !== null) parts.push([`cluster_id in (${visible.map(() => '?').join(', ')})`, ...visible]);
  if (cursor !== undefined) parts.push(['(created_at, id) < (?, ?)', ...decodeCursor(cursor)]);
  return { where: parts.map(([sql]) => sql), parameters: parts.flatMap(([, ...parameters]) => parameters) };
}

const encodeCursor = ({ createdAt, id }: Instance): string => `${createdAt}~${id}`;

function decodeCursor(cursor: string): [createdAt: number, id: string] {
  const [time = '', ...id] = cursor.split('~');
  const createdAt = z.coerce.number().safeParse(time).data;
  if (time === '' || createdAt === undefined || id.length === 0) {
    throw new AppError('bad-input', 'This is not a cursor of the history.', { hint: 'Begin with the first page.' });
  }
  return [createdAt, id.join('~')];
}
