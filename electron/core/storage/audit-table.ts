import { z } from 'zod';
import { type AuditEntry, auditEntrySchema } from '../../shared/audit.ts';
import type { Database } from './database.ts';
import type { HistoryCondition } from './types.ts';

const rowSchema = z.object({ number: z.number(), value: z.string() });
const storedSchema = auditEntrySchema.omit({ id: true });

/** What clients called, in the order in which it was answered. */
export class AuditTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(entry: Omit<AuditEntry, 'id'>): void {
    const { at, tokenId, clusterId, result } = entry;
    const sql = 'insert into audit (at, token_id, cluster_id, result, value) values (?, ?, ?, ?, ?)';
    this.#database.run(sql, at, tokenId, clusterId, result, JSON.stringify(entry));
  }

  removeBefore(time: number): void {
    this.#database.run('delete from audit where at < ?', time);
  }

  /** Newest first. */
  page({ where, parameters }: HistoryCondition, limit: number): AuditEntry[] {
    const sql = `select number, value from audit${sqlOf(where)} order by number desc limit ?`;
    return this.#database
      .all(rowSchema, sql, ...parameters, limit)
      .map(({ number, value }) => ({ id: number, ...storedSchema.parse(JSON.parse(value)) }));
  }

  count({ where, parameters }: HistoryCondition): number {
    const sql = `select count(*) as count from audit${sqlOf(where)}`;
    return this.#database.get(z.object({ count: z.number() }), sql, ...parameters)?.count ?? 0;
  }
}

const sqlOf = (where: readonly string[]): string => (where.length === 0 ? '' : ` where ${where.join(' and ')}`);
