import { closeSync, existsSync, openSync } from 'node:fs';
import Database from 'libsql';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Notice } from '../../shared/state.ts';
import { setAside } from './versioned-file.ts';

/** Each entry takes the schema from version `index` to `index + 1` (SQLite's `user_version`). */
const migrations = [
  `create table instances (id text primary key, removed integer not null, value text not null);
   create table learnt (kind text not null, key text not null, value text not null, primary key (kind, key));
   create table events (number integer primary key autoincrement, value text not null);`,
];

/** Opens the history, upgrading it as needed. A file that is no database is set aside with a notice. */
export function openDatabase(path: string, now: number): { database: Database.Database; notice: Notice | null } {
  try {
    return { database: openAndMigrate(path), notice: null };
  } catch (error) {
    if (error instanceof AppError || !existsSync(path)) throw error;
    const notice = setAside(path, 'history', now, error);
    return { database: openAndMigrate(path), notice };
  }
}

function openAndMigrate(path: string): Database.Database {
  // SQLite would make it readable for others; its journal files take this file's mode.
  closeSync(openSync(path, 'a', 0o600));
  const database = new Database(path);
  try {
    database.exec('pragma journal_mode = wal; pragma busy_timeout = 3000;');
    const [{ user_version: version }] = z
      .tuple([z.object({ user_version: z.number() })])
      .parse(database.prepare('pragma user_version').all());
    if (version > migrations.length) {
      throw new AppError('storage', `The history ${path} was written by a newer version of Tunel.`, {
        hint: 'Update Tunel, or move the file away to start afresh.',
      });
    }
    for (const [index, sql] of migrations.entries()) {
      if (index < version) continue;
      database.exec(`begin; ${sql} pragma user_version = ${index + 1}; commit;`);
    }
    // A damaged page is found here and not in the middle of the work.
    database.prepare('select count(*) from instances').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
