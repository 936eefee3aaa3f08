import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';

/**
 * Makes the data directory, readable by this user only, and puts Chromium's own files into a folder of theirs.
 * `TUNEL_DATA_DIR` moves it. Before the single-instance lock, which lies in it. Returns its path.
 * @throws AppError `storage` where it cannot be made or written
 */
export function takeDataDirectory(): string {
  const wanted = process.env.TUNEL_DATA_DIR;
  const data = wanted ? resolve(wanted) : app.getPath('userData');
  const chromium = join(data, 'chromium');
  try {
    mkdirSync(chromium, { recursive: true, mode: 0o700 });
    chmodSync(data, 0o700);
    accessSync(data, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new AppError('storage', message`Tunel cannot use its data directory ${{ data }}.`, {
      hint: 'Make it yours and writable, or set TUNEL_DATA_DIR to another place.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  app.setPath('userData', data);
  app.setPath('sessionData', chromium);
  return data;
}
