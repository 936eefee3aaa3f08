import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { preparePrivateFolder } from '../client/private-folder.ts';
import { storageError } from '../client/storage-error.ts';

/**
 * Makes the data directory, readable by this user only, and puts Chromium's own files into a folder of theirs.
 * `TUNEL_DATA_DIR` moves it. Before the single-instance lock, which lies in it. Returns its path.
 * @throws AppError of the storage where it cannot be made or written
 */
export function takeDataDirectory(): string {
  const wanted = process.env.TUNEL_DATA_DIR;
  const data = wanted ? resolve(wanted) : app.getPath('userData');
  const chromium = join(data, 'chromium');
  preparePrivateFolder(data);
  try {
    mkdirSync(chromium, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw storageError(chromium, cause);
  }
  app.setPath('userData', data);
  app.setPath('sessionData', chromium);
  return data;
}
