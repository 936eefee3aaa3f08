import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { z } from 'zod';
import { errorCode, storageError } from '../../client/storage-error.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Notice } from '../../shared/state.ts';
import { migrations } from './migrations.ts';
import { keepUnreadable } from './versioned-file.ts';

type Parameter = string | number | null;

/** The SQLite file of the history. Every failure is an AppError `storage`, and every row is checked by a schema. */
export class Database {
  readonly #path: string;
  readonly #database: Libsql.Database;
  readonly #inode: number;
  readonly #statements = new Map<string, Libsql.Statement>();

  constructor(path: string, database: Libsql.Database) {
    this.#path = path;
    this.#database = database;
    this.#inode = statSync(path).ino;
  }

  run(sql: string, ...parameters: Parameter[]): void {
    this.#guard(() => {
      // SQLite would go on writing to a file that nobody finds any more.
      if (statSync(this.#path).ino !== this.#inode)
        throw Object.assign(new Error(`${dirname(this.#path)} was replaced.`), { code: 'ENOENT' });
      this.#statement(sql).run(...parameters);
    });
  }

  all<S extends z.ZodType>(row: S, sql: string, ...parameters: Parameter[]): z.output<S>[] {
    return this.#guard(() => z.array(row).parse(this.#statement(sql).all(...parameters)));
  }

  get<S extends z.ZodType>(row: S, sql: string, ...parameters: Parameter[]): z.output<S> | null {
    return this.all(row, sql, ...parameters)[0] ?? null;
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): Libsql.Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw storageError(this.#path, cause);
    }
  }
}

/** Opens the history, upgrading it as needed. A file that is not a database is renamed, and a notice names it. */
export function openDatabase(path: string, now: number): { database: Database; notice: Notice | null } {
  try {
    return { database: openAndMigrate(path, now), notice: null };
  } catch (error) {
    if (!isDamaged(error) || !existsSync(path)) throw storageError(path, error);
    const notice = keepUnreadable(path, 'history', now, error instanceof Error ? error.message : String(error));
    return { database: openAndMigrate(path, now), notice };
  }
}

const isDamaged = (error: unknown): boolean =>
  error instanceof z.ZodError || ['SQLITE_NOTADB', 'SQLITE_CORRUPT'].some((code) => errorCode(error).startsWith(code));

function openAndMigrate(path: string, now: number): Database {
  // SQLite would make it readable for others; its journal files take this file's mode.
  closeSync(openSync(path, 'a', 0o600));
  const database = new Libsql(path);
  try {
    database.exec('pragma busy_timeout = 3000; pragma journal_mode = wal;');
    migrate(database, path, now);
    // A damaged page is found here and not in the middle of the work.
    database.prepare('select id from instances limit 1').get();
    return new Database(path, database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: Libsql.Database, path: string, now: number): void {
  if (versionOf(database) === migrations.length) return;
  // Another process may be upgrading it, so the version is read again once nobody else can write.
  database.exec('begin immediate');
  try {
    const version = versionOf(database);
    if (version > migrations.length) throw newerVersion(path);
    for (const change of migrations.slice(version)) change(database, now);
    database.exec(`pragma user_version = ${migrations.length}; commit;`);
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}

function versionOf(database: Libsql.Database): number {
  const rows = database.prepare('pragma user_version').all();
  const [{ user_version: version }] = z.tuple([z.object({ user_version: z.number() })]).parse(rows);
  return version;
}

const newerVersion = (path: string): AppError =>
  new AppError('storage', message`The history ${{ path }} was written by a newer version of Tunel.`, {
    hint: 'Update Tunel, or move the file away to start afresh.',
  });
