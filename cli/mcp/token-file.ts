import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataDirectory } from '../../electron/client/data-directory.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import { printProgress } from '../output.ts';
import { UsageError } from '../usage-error.ts';

/** Where the token of an agent is kept that `tunel mcp` made itself. */
export const agentTokenFile = (name: string): string => join(dataDirectory(), 'agents', `${name}.token`);

/** Only its owner can read it, also where others could read the file before. */
export function writeTokenFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  writeFileSync(file, `${text}\n`, { mode: 0o600, flag: 'wx' });
}

/** @throws AppError `not-found`, UsageError for what is no token */
export function readTokenFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new AppError('not-found', message`The token file ${{ path: file }} cannot be read.`, {
      hint: 'Make one with: tunel mcp setup',
      detail: error instanceof Error ? error.message : undefined,
      cause: error,
    });
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    printProgress(`Other users of this computer can read ${file}. Close it: chmod 600 ${file}`);
  }
  return checkToken(text, file);
}

/** @throws UsageError */
export function checkToken(text: string, from: string): string {
  if (/^tnl_\w+_[\w-]+$/.test(text)) return text;
  throw new UsageError(message`${{ from }} holds no token.`, { hint: 'Make one with: tunel mcp setup' });
}
