import { z } from 'zod';
import type { Database } from './database.ts';
import type { LaunchKey } from './types.ts';

const rowSchema = z.object({ inputHash: z.string(), instanceId: z.string() });
/** How long a key is known, ms. */
const RETENTION = 90 * 24 * 60 * 60_000;

/** Launches that were asked for with a key, so that a repeated one finds the first. */
export class LaunchKeyTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(key: string): LaunchKey | null {
    const sql = 'select input_hash as inputHash, instance_id as instanceId from launch_keys where key = ?';
    return this.#database.get(rowSchema, sql, key);
  }

  save(key: string, { inputHash, instanceId }: LaunchKey, at: number): void {
    this.#database.run('delete from launch_keys where at < ?', at - RETENTION);
    this.#database.run('insert or replace into launch_keys values (?, ?, ?, ?)', key, inputHash, instanceId, at);
  }

  remove(key: string): void {
    this.#database.run('delete from launch_keys where key = ?', key);
  }
}
