import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Every token begins with it, so that scanners of published files find a lost one. */
const prefix = 'tnl';

/** A new token: `tnl_ID_SECRET`, of which the secret has 256 random bits. */
export function createTokenText(): { id: string; text: string; hash: string } {
  const id = randomBytes(6).toString('hex');
  const text = `${prefix}_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, text, hash: hashToken(text) };
}

/** The id that a token names; null: this is not a token of ours. */
export const tokenIdOf = (text: string): string | null => /^tnl_([0-9a-f]{12})_[\w-]{43}$/.exec(text)?.[1] ?? null;

/** SHA-256, hex. A slow hash would protect no more: the secret cannot be guessed. */
export const hashToken = (text: string): string => createHash('sha256').update(text).digest('hex');

/** In constant time. */
export function isSameToken(text: string, hash: string): boolean {
  const given = Buffer.from(hashToken(text), 'hex');
  const kept = Buffer.from(hash, 'hex');
  return given.length === kept.length && timingSafeEqual(given, kept);
}
