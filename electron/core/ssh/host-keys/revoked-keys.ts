import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { systemCode } from '../dial/connect-errors.ts';
import { keyTypeOf } from './known-hosts.ts';

/**
 * Whether a file of RevokedHostKeys holds a key: public keys, one a line, or a key revocation list.
 * Rejects with `known-hosts-unreadable`: what cannot be read cannot rule a key out.
 */
export async function isRevoked(file: string, blob: Buffer): Promise<boolean> {
  const content = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, systemCode(error) || String(error), error);
  });
  const key = blob.toString('base64').replace(/=+$/, '');
  if (content.toString('latin1', 0, 6) === 'SSHKRL') return isInRevocationList(file, blob);
  const lines = content.toString('utf8').split('\n');
  return lines.some(
    (line) => !line.trim().startsWith('#') && line.split(/\s+/).some((word) => word.replace(/=+$/, '') === key),
  );
}

async function isInRevocationList(file: string, blob: Buffer): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'tunel-key-'));
  try {
    const key = join(folder, 'key.pub');
    await writeFile(key, `${keyTypeOf(blob)} ${blob.toString('base64')}\n`);
    return await new Promise<boolean>((resolve, reject) => {
      execFile('ssh-keygen', ['-Q', '-f', file, key], (error, out, err) => {
        if (!error) resolve(false);
        else if (/REVOKED/.test(out)) resolve(true);
        else reject(unreadable(file, err.trim() || error.message, error));
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unreadable(file: string, why: string, cause: unknown): AppError {
  return new AppError(
    'known-hosts-unreadable',
    message`The list of revoked host keys ${{ file }} cannot be read (${{ why }}).`,
    { hint: 'Make it readable for you, or remove it from the settings of this cluster.', cause },
  );
}
