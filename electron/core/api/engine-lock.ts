import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { errorCode, storageError } from '../../client/storage-error.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

/**
 * One engine for each data directory: SQLite's exclusive lock on a file of its own, which the operating system releases
 * when the process dies, however it dies. https://www.sqlite.org/lockingv3.html
 * @throws AppError `engine-running` while another process has it
 */
export function takeEngineLock(data: string): { release(): void } {
  const path = join(data, 'engine.lock');
  let database: Database.Database | null = null;
  try {
    closeSync(openSync(path, 'a', 0o600));
    database = new Database(path);
    database.exec('pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive; commit;');
    // In this mode the lock of the first transaction stays until the connection closes.
    database.exec('begin exclusive; create table if not exists owner (pid integer); commit;');
  } catch (cause) {
    database?.close();
    if (isBusy(cause)) throw new AppError('engine-running', message`Another engine has ${{ data }}.`, { cause });
    throw storageError(path, cause);
  }
  const lock = database;
  return { release: () => void lock.close() };
}

const isBusy = (error: unknown): boolean => errorCode(error).startsWith('SQLITE_BUSY');
