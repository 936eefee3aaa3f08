import type { AuditEntry } from '../../electron/shared/audit.ts';
import type { RequestInput } from '../../electron/shared/contract/index.ts';
import { type EngineSession, withEngine } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import { readLimit, readSince } from '../history-filter.ts';
import type { JsonOption } from '../json-option.ts';
import { formatDateTime, printJson, printProgress, printTable } from '../output.ts';
import { findToken } from './tokens.ts';

export interface JournalOptions extends JsonOption {
  token?: string;
  cluster?: string;
  failed?: boolean;
  since?: string;
  limit: string;
}

type Query = Omit<RequestInput<'audit.query'>, 'cursor' | 'limit'>;

/** As many as the engine gives in one answer. */
const PAGE = 500;

export function showJournal(options: JournalOptions): Promise<void> {
  const limit = readLimit(options.limit);
  return withEngine(async (session) => {
    const { entries, total } = await readPages(session, await readQuery(session, options), limit);
    if (options.json) return printJson(entries);
    printTable(
      ['TIME', 'CLIENT', 'CALL', 'ABOUT', 'CLUSTER', 'RESULT'],
      entries.map((entry) => [
        ...[formatDateTime(entry.at), describeClient(entry), entry.call, entry.detail.replaceAll(/\s+/g, ' ')],
        ...[entry.clusterName, entry.result],
      ]),
    );
    if (total > entries.length) printProgress(`${entries.length} of ${total}; see more with: --limit ${limit * 2}`);
  });
}

async function readQuery({ request }: EngineSession, options: JournalOptions): Promise<Query> {
  const { token, cluster, failed, since } = options;
  return {
    ...(token !== undefined && { tokenId: findToken(await request('tokens.list', undefined), token).id }),
    ...(cluster !== undefined && { clusterId: findCluster((await request('app.state', undefined)).state, cluster).id }),
    ...(since !== undefined && { from: readSince(since, Date.now()) }),
    failed: failed ?? false,
  };
}

async function readPages(
  { request }: EngineSession,
  query: Query,
  limit: number,
): Promise<{ entries: AuditEntry[]; total: number }> {
  const entries: AuditEntry[] = [];
  let cursor: number | undefined;
  for (;;) {
    const page = await request('audit.query', { ...query, cursor, limit: Math.min(PAGE, limit - entries.length) });
    entries.push(...page.entries);
    if (page.next === null || entries.length >= limit) return { entries, total: page.total };
    cursor = page.next;
  }
}

const describeClient = ({ client, tokenName }: AuditEntry): string => {
  if (client === 'owner') return 'you';
  return client === 'token' ? tokenName : 'unknown';
};
