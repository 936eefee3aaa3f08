import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { MOST_EDITED_BYTES } from '../../shared/files.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import type { Connection } from '../ssh/types.ts';
import { fileChanged } from './file-part-policy.ts';
import { FILE_CHANGED, type Replacement, replaceScript } from './replace-script.ts';

const LIMIT_MS = 10 * 60_000;

/**
 * Replaces the content of a file that was read before, and keeps all else of it; resolves with its size.
 * @throws AppError `file-changed` where it has another content by now, `limit-exceeded`, or what a connection ends with
 */
export async function replaceFile(
  connection: Pick<Connection, 'node' | 'run'>,
  expected: Pick<Replacement, 'path' | 'sha256' | 'version'>,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  const content = await collect(source);
  const script = replaceScript({ ...expected, bytes: content.length, unique: randomBytes(6).toString('hex') });
  const { exitCode, stderr } = await connection.run(script, { stdin: content, signal, timeoutMs: LIMIT_MS });
  if (exitCode === FILE_CHANGED) throw fileChanged(expected.path);
  if (exitCode !== 0) throw fileError(stderr, connection.node, expected.path, 'written');
  return content.length;
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    if (size > MOST_EDITED_BYTES) {
      throw new AppError('limit-exceeded', 'A file that is edited is at most 16 MiB large.', {
        hint: 'Upload it as a whole instead.',
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces, size);
}
