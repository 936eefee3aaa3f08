import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, with the closing NUL. */
const MAX_SOCKET_PATH = 103;

/**
 * Where the engine of a data directory listens: in that directory, or where its path is too long, in a private one among the
 * temporary files. On Windows a named pipe, which Node makes for the user alone; that was not tried on Windows.
 * @throws AppError `storage` where the private directory belongs to somebody else
 */
export function engineSocketPath(data: string): string {
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\tunel-${hash}`;
  const own = join(data, 'engine.sock');
  if (Buffer.byteLength(own) <= MAX_SOCKET_PATH) return own;
  const folder = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `tunel-${process.getuid?.() ?? 0}-${hash}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) {
    throw new AppError('storage', message`${{ folder }} is not a private folder of yours.`, {
      hint: 'Remove it and try again.',
    });
  }
  return join(folder, 'engine.sock');
}
