import { z } from 'zod';
import type { Database } from './database.ts';
import { type TransferRecord, transferRecordSchema } from './transfer-record.ts';

const rowSchema = z.object({ id: z.string(), value: z.string() });

/** The transfers that this computer keeps. */
export class TransferTable {
  readonly #database: Database;
  readonly #now: () => number;
  /** Called when rows were moved to the table of unreadable ones. */
  readonly #onUnreadable: () => void;

  constructor(database: Database, now: () => number, onUnreadable: () => void) {
    this.#database = database;
    this.#now = now;
    this.#onUnreadable = onUnreadable;
  }

  save(record: TransferRecord): void {
    const { id, key, clusterId, state, createdAt, endedAt } = record;
    this.#database.run(
      `insert into transfers values (?, ?, ?, ?, ?, ?, ?)
       on conflict (id) do update set state = excluded.state, ended_at = excluded.ended_at, value = excluded.value`,
      id,
      key,
      clusterId,
      state,
      createdAt,
      endedAt,
      JSON.stringify(record),
    );
  }

  find(id: string): TransferRecord | null {
    return this.#records('select id, value from transfers where id = ?', id)[0] ?? null;
  }

  findByKey(key: string): TransferRecord | null {
    return this.#records('select id, value from transfers where key = ?', key)[0] ?? null;
  }

  /** Those that are not over. */
  live(): TransferRecord[] {
    return this.#records('select id, value from transfers where ended_at is null order by created_at');
  }

  /** The last first. */
  ended(limit: number): TransferRecord[] {
    const sql = 'select id, value from transfers where ended_at is not null order by ended_at desc limit ?';
    return this.#records(sql, limit);
  }

  remove(id: string): void {
    this.#database.run('delete from transfers where id = ?', id);
  }

  #records(sql: string, ...parameters: (string | number)[]): TransferRecord[] {
    return this.#database.all(rowSchema, sql, ...parameters).flatMap((row) => this.#parse(row) ?? []);
  }

  #parse({ id, value }: { id: string; value: string }): TransferRecord | null {
    try {
      return transferRecordSchema.parse(JSON.parse(value));
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      const sql = "insert into unreadable_rows select 'transfers', id, value, ?, ? from transfers where id = ?";
      this.#database.run(sql, reason, this.#now(), id);
      this.remove(id);
      this.#onUnreadable();
      return null;
    }
  }
}
