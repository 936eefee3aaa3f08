import type { RequestInput } from '../../electron/shared/contract/index.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import { type EngineSession, withEngine } from '../engine-session.ts';
import { type HistoryFilterOptions, readHistoryFilter, readLimit } from '../history-filter.ts';
import type { JsonOption } from '../json-option.ts';
import { formatDateTime, printJson, printProgress, printTable } from '../output.ts';

export interface HistoryOptions extends HistoryFilterOptions, JsonOption {
  limit: string;
}

/** As many as the engine gives in one answer. */
const PAGE = 200;

export function showHistory(options: HistoryOptions): Promise<void> {
  const limit = readLimit(options.limit);
  return withEngine(async (session) => {
    const { state } = await session.request('app.state', undefined);
    const filter = readHistoryFilter(options, state, Date.now());
    const { instances, isMore } = await readPages(session, filter, limit);
    if (options.json) return printJson(instances);
    printTable(
      ['ID', 'APP', 'CLUSTER', 'STATE', 'JOB', 'NODE', 'LAUNCHED'],
      instances.map((app) => [
        ...[app.id, app.title, app.clusterName, app.state, app.job?.id ?? '', app.job?.node ?? ''],
        formatDateTime(app.createdAt),
      ]),
    );
    if (isMore) printProgress(`There are older ones; see more with: --limit ${limit * 2}`);
  });
}

async function readPages(
  { request }: EngineSession,
  filter: RequestInput<'history.query'>,
  limit: number,
): Promise<{ instances: Instance[]; isMore: boolean }> {
  const instances: Instance[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await request('history.query', { ...filter, cursor, limit: Math.min(PAGE, limit - instances.length) });
    instances.push(...page.instances);
    if (page.next === null || instances.length >= limit) return { instances, isMore: page.next !== null };
    cursor = page.next;
  }
}
