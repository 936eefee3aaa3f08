import type { HostKeyCheck } from '../host-keys/host-keys.ts';
import { type KnownHost, keyTypeOf } from '../host-keys/known-hosts.ts';

/** What ssh gives its KnownHostsCommand: %I, %H and %K of ssh_config(5). */
export interface HostKeyRequest {
  /** `ORDER`: which types of key are known, before the host shows one. */
  reason: string;
  /** The name that ssh looks the key up under: `host`, `[host]:port` or an alias. */
  name: string;
  /** In base64; not with `ORDER`. */
  key: string;
}

/** The lines of known_hosts that ssh is to know. Rejects as `HostKeyCheck.verify`. */
export async function knownHostLines({ reason, name, key }: HostKeyRequest, check: HostKeyCheck): Promise<string[]> {
  if (reason === 'ORDER') return check.known.filter(({ marker }) => marker === '').map((entry) => lineOf(entry, name));
  const blob = Buffer.from(key, 'base64');
  const type = keyTypeOf(blob);
  if (type.includes('-cert-v01@')) {
    return check.known.filter(({ marker }) => marker !== '').map((entry) => lineOf(entry, name));
  }
  await check.verify(blob);
  return [`${name} ${type} ${blob.toString('base64')}`];
}

/** Under the name that ssh asks for: the files may have it hashed, or as a pattern. */
function lineOf({ marker, keyType, key }: KnownHost, name: string): string {
  const padded = Buffer.from(key, 'base64').toString('base64');
  return `${marker ? `${marker} ` : ''}${name} ${keyType} ${padded}`;
}
