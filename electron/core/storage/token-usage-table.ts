import { z } from 'zod';
import type { Database } from './database.ts';
import type { UsedToday } from './types.ts';

const rowSchema = z.object({ jobs: z.number(), bytes: z.number() });

/** What each token used on a day. */
export class TokenUsageTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(tokenId: string, day: string, { jobs, bytes }: UsedToday): void {
    const sql = `insert into token_usage values (?, ?, ?, ?)
      on conflict (token_id, day) do update set jobs = jobs + excluded.jobs, bytes = bytes + excluded.bytes`;
    this.#database.run(sql, tokenId, day, jobs, bytes);
  }

  get(tokenId: string, day: string): UsedToday {
    const sql = 'select jobs, bytes from token_usage where token_id = ? and day = ?';
    return this.#database.get(rowSchema, sql, tokenId, day) ?? { jobs: 0, bytes: 0 };
  }
}
