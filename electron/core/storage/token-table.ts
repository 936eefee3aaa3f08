import { z } from 'zod';
import { type Token, tokenSchema } from '../../shared/tokens.ts';
import type { Database } from './database.ts';
import type { StoredToken } from './types.ts';

const rowSchema = z.object({ hash: z.string(), value: z.string() });

/** The tokens of other programs. Only a hash of each token's text is kept. */
export class TokenTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  save({ token, hash }: StoredToken): void {
    this.#database.run('insert or replace into tokens values (?, ?, ?)', token.id, hash, JSON.stringify(token));
  }

  find(id: string): StoredToken | null {
    const row = this.#database.get(rowSchema, 'select hash, value from tokens where id = ?', id);
    return row && { hash: row.hash, token: parse(row.value) };
  }

  list(): Token[] {
    return this.#database.all(rowSchema, 'select hash, value from tokens').map(({ value }) => parse(value));
  }
}

const parse = (value: string): Token => tokenSchema.parse(JSON.parse(value));
