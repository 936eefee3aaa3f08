import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { directoryUnusable } from './storage-error.ts';

/**
 * Makes the data directory, for its user alone. One that stays open, since it belongs to somebody else or its disk knows no
 * modes, is reported by the storage. @throws AppError of the storage where it cannot be made or written
 */
export function preparePrivateFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    accessSync(data, constants.W_OK | constants.X_OK);
    closeToOthers(data);
  } catch (cause) {
    throw directoryUnusable(data, cause);
  }
}

function closeToOthers(data: string): void {
  if (process.platform === 'win32' || (statSync(data).mode & 0o777) === 0o700) return;
  try {
    chmodSync(data, 0o700);
  } catch {
    // Reported by `prepareDataDirectory`, which has a place for it.
  }
}
