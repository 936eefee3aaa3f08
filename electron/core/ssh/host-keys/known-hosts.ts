import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  marker: '' | '@revoked' | '@cert-authority';
  hosts: string;
  keyType: string;
  /** Base64 of the key blob. */
  key: string;
  file: string;
  line: number;
}

type HostKeyVerdict =
  | { kind: 'known' }
  /** `authority` is the line whose certificates would be accepted. */
  | { kind: 'unknown'; authority?: KnownHost }
  /** `entry` is the line that says otherwise. */
  | { kind: 'changed'; entry: KnownHost }
  | { kind: 'revoked'; entry: KnownHost };

/** Lines that are comments, empty or malformed are left out, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  const entries: KnownHost[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const fields = raw.trim().split(/[ \t]+/);
    if (!fields[0] || fields[0].startsWith('#')) continue;
    let marker: KnownHost['marker'] = '';
    if (fields[0].startsWith('@')) {
      const word = fields.shift();
      if (word !== '@revoked' && word !== '@cert-authority') continue;
      marker = word;
    }
    const [hosts, keyType, key] = fields;
    if (!hosts || !keyType || !key || !/^[A-Za-z0-9+/]+=*$/.test(key)) continue;
    entries.push({ marker, hosts, keyType, key: key.replace(/=+$/, ''), file, line: index + 1 });
  }
  return entries;
}

/** The name that known_hosts uses: `host`, or `[host]:port` for another port than 22. */
export function knownHostName(host: string, port: number): string {
  const lower = host.toLowerCase();
  return port === 22 ? lower : `[${lower}]:${port}`;
}

/** Whether a line's host field names this host: plain, globs, `!` negation, or hashed `|1|salt|hash`. */
export function matchesHost(field: string, name: string): boolean {
  if (field.startsWith('|')) {
    const [, version, salt, hash] = field.split('|');
    if (version !== '1' || !salt || !hash) return false;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  let matched = false;
  for (const item of field.split(',')) {
    const negated = item.startsWith('!');
    if (!glob(negated ? item.slice(1) : item, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** `*` and `?` only; brackets are literal, for they hold the port. Linear in the product of lengths, whatever the pattern. */
function glob(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (wanted[p] === '?' || (wanted[p] === text[t] && wanted[p] !== '*')) {
      p++;
      t++;
    } else if (wanted[p] === '*') {
      star = p++;
      mark = t;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (wanted[p] === '*') p++;
  return p === wanted.length;
}

/** The type inside a key blob, e.g. `ssh-ed25519`. */
export function keyTypeOf(blob: Buffer): string {
  return blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
}

/** `SHA256:...` as ssh-keygen prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/**
 * What the files say of the key that a host showed.
 * A host with a key of another type on file is `changed` too: its known types are asked for first, so the true server would
 * have shown one of them. For another port than 22 the bare host name counts when its key is the same, as in OpenSSH.
 */
export function judgeHostKey(entries: KnownHost[], name: string, bareName: string, blob: Buffer): HostKeyVerdict {
  const key = blob.toString('base64').replace(/=+$/, '');
  const named = entries.filter((entry) => matchesHost(entry.hosts, name));
  const bare = name === bareName ? [] : entries.filter((entry) => matchesHost(entry.hosts, bareName));
  const revoked = [...named, ...bare].find((entry) => entry.marker === '@revoked' && entry.key === key);
  if (revoked) return { kind: 'revoked', entry: revoked };
  const plain = named.filter((entry) => entry.marker === '');
  if ([...plain, ...bare].some((entry) => entry.marker === '' && entry.key === key)) return { kind: 'known' };
  const type = keyTypeOf(blob);
  const other = plain.find((entry) => entry.keyType === type) ?? plain[0];
  if (other) return { kind: 'changed', entry: other };
  const authority = [...named, ...bare].find((entry) => entry.marker === '@cert-authority');
  return authority ? { kind: 'unknown', authority } : { kind: 'unknown' };
}

const allAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;
export type HostKeyAlgorithm = (typeof allAlgorithms)[number];

/** Host key algorithms to offer: those with which the host is known first, so that it shows a key that can be compared. */
export function orderAlgorithms(entries: KnownHost[], name: string, bareName: string): HostKeyAlgorithm[] {
  const plain = entries.filter((entry) => entry.marker === '');
  const named = plain.filter((entry) => matchesHost(entry.hosts, name));
  const known = named.length > 0 ? named : plain.filter((entry) => matchesHost(entry.hosts, bareName));
  const types = new Set(known.map((entry) => entry.keyType));
  const isKnown = (algorithm: string) => types.has(algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm);
  return [...allAlgorithms.filter(isKnown), ...allAlgorithms.filter((algorithm) => !isKnown(algorithm))];
}
