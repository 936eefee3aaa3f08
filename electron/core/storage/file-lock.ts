import { closeSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { storageError } from '../../client/storage-error.ts';

/** How long another process may hold the lock, ms. A write takes a few milliseconds. */
const waitLimit = 10_000;

/**
 * Runs `work` while no other process runs some for a file of the same folder. SQLite's exclusive lock is released by the
 * operating system when a process dies, so a crash leaves nothing behind. Not reentrant.
 */
export function withFolderLock<T>(file: string, work: () => T): T {
  const path = join(dirname(file), 'write.lock');
  let lock: Database.Database | null = null;
  try {
    closeSync(openSync(path, 'a', 0o600));
    lock = new Database(path);
    lock.exec(`pragma busy_timeout = ${waitLimit}; begin exclusive;`);
  } catch (cause) {
    lock?.close();
    throw storageError(dirname(file), cause);
  }
  try {
    return work();
  } finally {
    lock.close();
  }
}
