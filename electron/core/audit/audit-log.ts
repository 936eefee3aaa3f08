import type { AuditEntry } from '../../shared/audit.ts';
import type { ParsedInput } from '../../shared/contract/index.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { oneLine } from '../../shared/one-line.ts';
import type { Clock } from '../deps.ts';
import type { HistoryCondition, Storage } from '../storage/types.ts';

/** How long entries are kept, ms. */
const RETENTION = 90 * 24 * 60 * 60_000;
/** Old ones are removed at most this often, ms. */
const REMOVAL_INTERVAL = 60 * 60_000;
const DETAIL_LIMIT = 500;
const PATH_LIMIT = 200;
/** Refusals that are written in a minute: everybody on this computer can cause them where the engine listens on a port. */
const MOST_REFUSALS = 60;
const REFUSAL_INTERVAL = 60_000;

interface AuditLogDeps {
  storage: Pick<Storage, 'addAuditEntry' | 'removeAuditEntriesBefore' | 'pageOfAudit' | 'countAudit'>;
  clock: Clock;
  /** An entry that could not be written must not fail the call that it is about. */
  onSaveFailed: (error: unknown) => void;
}

/** What clients called, kept for 90 days. */
export class AuditLog {
  readonly #deps: AuditLogDeps;
  #removedAt = 0;
  #refusals = { since: 0, count: 0 };

  constructor(deps: AuditLogDeps) {
    this.#deps = deps;
  }

  /** Never throws. */
  add(entry: Omit<AuditEntry, 'id' | 'at'>): void {
    const { storage, clock, onSaveFailed } = this.#deps;
    const at = clock.now();
    try {
      storage.addAuditEntry({ ...entry, detail: oneLine(entry.detail.slice(0, DETAIL_LIMIT)), at });
      if (at - this.#removedAt < REMOVAL_INTERVAL) return;
      storage.removeAuditEntriesBefore(at - RETENTION);
      this.#removedAt = at;
    } catch (error) {
      onSaveFailed(error);
    }
  }

  /** A call at `path` by somebody whose token was not accepted; of many in a minute only the first. Never throws. */
  addRefusal(path: string, code: ErrorCode): void {
    const now = this.#deps.clock.now();
    if (Math.abs(now - this.#refusals.since) >= REFUSAL_INTERVAL) this.#refusals = { since: now, count: 0 };
    this.#refusals.count += 1;
    if (this.#refusals.count > MOST_REFUSALS) return;
    this.add({
      client: 'unknown',
      tokenId: null,
      tokenName: '',
      call: oneLine(path.slice(0, PATH_LIMIT)),
      detail: '',
      clusterId: null,
      clusterName: '',
      result: code,
      duration: 0,
    });
  }

  /** One page, newest first, with the number of all that meet the conditions. */
  query({ cursor, limit, ...filter }: ParsedInput<'audit.query'>): {
    entries: AuditEntry[];
    next: number | null;
    total: number;
  } {
    const { storage } = this.#deps;
    const condition = conditionOf(filter);
    const found = storage.pageOfAudit(withCursor(condition, cursor), limit + 1);
    const entries = found.slice(0, limit);
    return {
      entries,
      next: found.length > limit ? (entries.at(-1)?.id ?? null) : null,
      total: storage.countAudit(condition),
    };
  }
}

/** The filter as SQL. Only constant text becomes SQL; what the user gave is a parameter. */
function conditionOf(filter: Omit<ParsedInput<'audit.query'>, 'cursor' | 'limit'>): HistoryCondition {
  const parts: [sql: string, ...parameters: (string | number)[]][] = [];
  if (filter.client !== undefined) parts.push(['client = ?', filter.client]);
  if (filter.tokenId !== undefined) parts.push(['token_id = ?', filter.tokenId]);
  if (filter.clusterId !== undefined) parts.push(['cluster_id = ?', filter.clusterId]);
  if (filter.failed) parts.push(["result <> 'ok'"]);
  if (filter.from !== undefined) parts.push(['at >= ?', filter.from]);
  if (filter.to !== undefined) parts.push(['at < ?', filter.to]);
  return { where: parts.map(([sql]) => sql), parameters: parts.flatMap(([, ...parameters]) => parameters) };
}

const withCursor = ({ where, parameters }: HistoryCondition, cursor: number | undefined): HistoryCondition =>
  cursor === undefined
    ? { where, parameters }
    : { where: [...where, 'number < ?'], parameters: [...parameters, cursor] };
