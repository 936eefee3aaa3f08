import { AppError } from '../../shared/errors.ts';

/** A rule of an access list with its bits, e.g. `group`, 2000, `r-x`; id null: the owner, the owning group, or the mask. */
export interface AclRule {
  kind: 'user' | 'group' | 'mask' | 'other';
  id: number | null;
  bits: string;
}

/** A file or directory on the way to a socket. `mode` as ls writes it, e.g. `drwxr-x---+`. */
export interface Entry {
  mode: string;
  uid: number;
  gid: number;
  acl: AclRule[];
}

/** A socket's real path, and the entries from itself up to `/`; an entry that could not be looked at is null. */
export interface PathWalk {
  path: string;
  entries: (Entry | null)[];
}

export interface TcpListener {
  address: string;
  port: number;
  /** A process of the app holds it, as far as could be seen. */
  byApp: boolean;
  /** In a network of its own, as a container may have; nobody outside it reaches it directly. */
  inside: boolean;
}

/** A Unix socket besides the endpoint. `walk` null: abstract (`@...`), or not to be found from here. */
interface OtherSocket {
  name: string;
  inside: boolean;
  walk: PathWalk | null;
}

export interface NodeFacts {
  me: { uid: number; gid: number; name: string };
  /** The endpoint's socket; null: it is a port, or the socket is not there. */
  endpoint: PathWalk | null;
  tcp: TcpListener[];
  sockets: OtherSocket[];
  /** Processes of the app that were seen; null: there is no /proc to look at. */
  processes: number | null;
  groups: Map<number, { name: string; members: string[] }>;
  users: Map<number, string>;
}

/** The fields of each line that begins with the mark; null when the last one, `end`, is missing. */
export function markedLines(stdout: string, nonce: string): string[][] | null {
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith(`@${nonce} `))
    .map((line) => line.trimEnd().split(' ').slice(1));
  return lines.at(-1)?.[0] === 'end' ? lines : null;
}

/** Reads what `factsScript` printed. @throws AppError `command-failed` when it did not come to its end */
export function readFacts(stdout: string, nonce: string): NodeFacts {
  const lines = markedLines(stdout, nonce);
  if (!lines) throw new AppError('command-failed', 'The look at who can reach the app did not come to its end.');
  const of = (name: string) => lines.filter(([word]) => word === name).map(([, ...rest]) => rest);
  const [me] = of('me');
  const walks = readWalks(lines);
  const proc = of('proc').length > 0;
  return {
    me: { uid: Number(me?.[0] ?? -1), gid: Number(me?.[1] ?? -1), name: text(me?.[2]) },
    endpoint: walks.get('endpoint') ?? null,
    tcp: of('tcp').flatMap(([where, row]) => readListener(row ?? '', where === 'inside')),
    sockets: of('unix').map(([where, label, name]) => ({
      name: text(name),
      inside: where === 'inside',
      walk: walks.get(label ?? '') ?? null,
    })),
    processes: proc ? Number(of('processes')[0]?.[0] ?? 0) : null,
    groups: new Map(
      of('group').map(([gid, name, members]) => [
        Number(gid),
        { name: text(name) || String(gid), members: text(members).split(',').filter(Boolean) },
      ]),
    ),
    users: new Map(of('user').map(([uid, name]) => [Number(uid), text(name) || String(uid)])),
  };
}

function readWalks(lines: readonly string[][]): Map<string, PathWalk> {
  const walks = new Map<string, PathWalk>();
  for (const [word, label = '', ...rest] of lines) {
    const walk = walks.get(label);
    if (word === 'walk' && rest[0]?.startsWith('=')) walks.set(label, { path: text(rest[0]), entries: [] });
    else if (word === 'entry') walk?.entries.push(readEntry(rest));
    else if (word === 'acl') walk?.entries.at(-1)?.acl.push(...readRule(rest[0] ?? ''));
  }
  return walks;
}

function readEntry([mode = '', uid, gid]: readonly string[]): Entry | null {
  if (!/^[a-z-][-rwxsStT]{9}/.test(mode) || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) return null;
  return { mode, uid: Number(uid), gid: Number(gid), acl: [] };
}

function readRule(rule: string): AclRule[] {
  const found = /^(user|group|mask|other):(\d*):([-rwx]{3})$/.exec(rule);
  if (!found) return [];
  const [, kind, id, bits = ''] = found;
  return [{ kind: kind as AclRule['kind'], id: id ? Number(id) : null, bits }];
}

function readListener(row: string, inside: boolean): TcpListener[] {
  const found = /^([0-9A-F]{8}|[0-9A-F]{32}),([0-9A-F]{4}),(app|other)$/.exec(row);
  if (!found) return [];
  const [, address = '', port = '', who] = found;
  return [{ address: readAddress(address), port: Number.parseInt(port, 16), byApp: who === 'app', inside }];
}

/** An address of /proc/net/tcp{,6}: words of four bytes in the node's own order, which is little-endian on all that is common. */
export function readAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((pair) => Number.parseInt(pair, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0));
  const address = groups.map((group) => group.toString(16)).join(':');
  return address === '0:0:0:0:0:0:0:0' ? '::' : address === '0:0:0:0:0:0:0:1' ? '::1' : address;
}

/** A name in hexadecimal, as text that is safe to show. */
function text(word: string | undefined): string {
  if (!word?.startsWith('=')) return '';
  return Buffer.from(word.slice(1), 'hex')
    .toString('utf8')
    .replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}');
}
