import { z } from 'zod';
import type { Database } from './database.ts';

/** A table whose rows have an id and a value as JSON. */
type Table = 'instances' | 'jobs' | 'job_templates' | 'transfers';

/** Where rows of the history go that this version cannot read: nothing is lost, and nothing stumbles over them again. */
export class UnreadableRows {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #onMoved: () => void;

  /** `onMoved`: called after each row that was moved. */
  constructor(database: Database, now: () => number, onMoved: () => void) {
    this.#database = database;
    this.#now = now;
    this.#onMoved = onMoved;
  }

  /** What `parse` makes of a row; null: it cannot be read and was moved. */
  parse<T>(table: Table, id: string, parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      this.#move(table, id, reason);
      return null;
    }
  }

  #move(table: Table, id: string, reason: string): void {
    const sql = `insert into unreadable_rows select '${table}', id, value, ?, ? from ${table} where id = ?`;
    this.#database.run(sql, reason, this.#now(), id);
    this.#database.run(`delete from ${table} where id = ?`, id);
    this.#onMoved();
  }
}
