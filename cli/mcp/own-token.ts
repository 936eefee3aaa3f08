import { existsSync } from 'node:fs';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { agentTokenFile, readTokenFile, writeTokenFile } from './token-file.ts';

/** Its name in the list of tokens. */
const name = 'tunel mcp';
const LIFE_MS = 30 * 86_400_000;

/**
 * The read-only token of agents that were given none: the one of the last time, or a new one where it has expired. One that the
 * user has revoked is not made again.
 * @throws AppError `token-revoked`
 */
export async function readOwnToken(owner: Pick<CoreClient, 'request'>, now: number): Promise<string> {
  const file = agentTokenFile('read-only');
  const known = (await owner.request('tokens.list', undefined)).find((token) => token.name === name);
  if (known?.revokedAt != null) {
    throw new AppError('token-revoked', 'The read-only token of agents was revoked.', {
      hint: 'Make one for this agent with: tunel mcp setup',
    });
  }
  const isCurrent = known !== undefined && (known.expiresAt ?? Number.POSITIVE_INFINITY) > now;
  if (isCurrent && existsSync(file)) return readTokenFile(file);
  if (known) await owner.request('tokens.revoke', { id: known.id });
  const input = { name, scopes: ['read' as const], clusters: null, expiresAt: now + LIFE_MS };
  const { text } = await owner.request('tokens.create', input);
  writeTokenFile(file, text);
  return text;
}
