import { chmodSync, mkdirSync } from 'node:fs';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';

/** Makes the data directory, for its user alone. @throws AppError `storage` */
export function preparePrivateFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    chmodSync(data, 0o700);
  } catch (cause) {
    throw new AppError('storage', message`The data directory ${{ data }} cannot be used.`, {
      hint: 'Make it yours and writable, or set TUNEL_DATA_DIR to another folder.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
