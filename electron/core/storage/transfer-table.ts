import { z } from 'zod';
import type { Database } from './database.ts';
import { type TransferRecord, transferRecordSchema } from './transfer-record.ts';
import type { UnreadableRows } from './unreadable-rows.ts';

const idSchema = z.object({ id: z.string() });
const rowSchema = z.object({ id: z.string(), value: z.string() });

/** The transfers that this computer keeps. */
export class TransferTable {
  readonly #database: Database;
  readonly #unreadable: UnreadableRows;

  constructor(database: Database, unreadable: UnreadableRows) {
    this.#database = database;
    this.#unreadable = unreadable;
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

  /** Ids of those that are over, without so many that ended last. */
  endedBefore(kept: number): string[] {
    const sql = 'select id from transfers where ended_at is not null order by ended_at desc, id limit -1 offset ?';
    return this.#database.all(idSchema, sql, kept).map(({ id }) => id);
  }

  remove(id: string): void {
    this.#database.run('delete from transfers where id = ?', id);
  }

  #records(sql: string, ...parameters: (string | number)[]): TransferRecord[] {
    return this.#database.all(rowSchema, sql, ...parameters).flatMap((row) => this.#parse(row) ?? []);
  }

  #parse({ id, value }: { id: string; value: string }): TransferRecord | null {
    return this.#unreadable.parse('transfers', id, () => transferRecordSchema.parse(JSON.parse(value)));
  }
}
