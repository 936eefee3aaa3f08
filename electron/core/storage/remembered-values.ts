import { z } from 'zod';
import type { Database } from './database.ts';

const rowSchema = z.object({ key: z.string(), value: z.string() });

/** Values of one kind by their keys, which can be found out again: one of an older shape is forgotten. */
export class RememberedValues<S extends z.ZodType> {
  readonly #database: Database;
  readonly #kind: string;
  readonly #schema: S;

  constructor(database: Database, kind: string, schema: S) {
    this.#database = database;
    this.#kind = kind;
    this.#schema = schema;
  }

  get(key: string): z.output<S> | null {
    const sql = 'select key, value from remembered where kind = ? and key = ?';
    const row = this.#database.get(rowSchema, sql, this.#kind, key);
    return row && this.#parse(row.value);
  }

  set(key: string, value: z.output<S>): void {
    this.#database.run('insert or replace into remembered values (?, ?, ?)', this.#kind, key, JSON.stringify(value));
  }

  all(): Record<string, z.output<S>> {
    const rows = this.#database.all(rowSchema, 'select key, value from remembered where kind = ?', this.#kind);
    return Object.fromEntries(
      rows.map(({ key, value }) => [key, this.#parse(value)]).filter(([, value]) => value !== null),
    );
  }

  remove(key: string): void {
    this.#database.run('delete from remembered where kind = ? and key = ?', this.#kind, key);
  }

  #parse(value: string): z.output<S> | null {
    const parsed = this.#schema.safeParse(JSON.parse(value));
    return parsed.success ? parsed.data : null;
  }
}
