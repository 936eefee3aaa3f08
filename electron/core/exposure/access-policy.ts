import type { AclRule, Entry, NodeFacts, PathWalk } from './facts.ts';

/** Somebody who is not the user: one person, the members of groups, everybody, or whoever an unread access list names. */
type Principal =
  | { kind: 'everybody' }
  | { kind: 'groups'; gids: readonly number[] }
  | { kind: 'user'; uid: number }
  | { kind: 'listed' };

export interface Access {
  /** From whoever may reach the socket, the widest; `nobody`: only the user and the administrators. */
  level: 'nobody' | 'some' | 'everybody' | 'unknown';
  gids: number[];
  uids: number[];
  /** An access list that could not be read names some of them. */
  listed: boolean;
}

type Bit = 'w' | 'x';

/** Connecting to a Unix socket takes `w` on it and `x` on each directory above (unix(7), path_resolution(7)). */
const neededBit = (index: number): Bit => (index === 0 ? 'w' : 'x');

/** Who besides the user gets to a socket, by the entries on the way as POSIX reads them. */
export function findAccess(walk: PathWalk, facts: Pick<NodeFacts, 'me' | 'groups'>): Access {
  const known = walk.entries.filter((entry) => entry !== null);
  const passes = (principal: Principal) =>
    walk.entries.every((entry, index) => entry === null || isAllowed(entry, neededBit(index), principal));
  const isBlind = known.length < walk.entries.length || walk.entries.length === 0;
  const open = (access: Partial<Access>): Access => ({
    level: isBlind ? 'unknown' : 'some',
    gids: [],
    uids: [],
    listed: false,
    ...access,
  });

  if (passes({ kind: 'everybody' })) return open({ level: isBlind ? 'unknown' : 'everybody' });
  const allGids = unique(known.flatMap((entry) => [entry.gid, ...named(entry, 'group')]));
  const gids = allGids.filter((gid) => !isPrivate(gid, facts));
  const uids = unique(known.flatMap((entry) => [entry.uid, ...named(entry, 'user')])).filter(
    (uid) => uid !== 0 && uid !== facts.me.uid,
  );
  const openGids = gids.filter((gid) => passes({ kind: 'groups', gids: [gid] }));
  // Each directory may ask for another group; a person may be in all of them.
  const together = openGids.length === 0 && gids.length > 1 && passes({ kind: 'groups', gids });
  const openUids = uids.filter((uid) => passes({ kind: 'user', uid }));
  const listed = known.some(hasUnreadList) && passes({ kind: 'listed' });
  if (openGids.length > 0 || together || openUids.length > 0 || listed) {
    return open({ gids: together ? gids : openGids, uids: openUids, listed });
  }
  return { level: 'nobody', gids: [], uids: [], listed: false };
}

/** Whether an entry lets everybody pass: to name the one that is closed. */
export const isOpenToAll = (entry: Entry, index: number): boolean =>
  isAllowed(entry, neededBit(index), { kind: 'everybody' });

/** POSIX: the owner's bits, else those of a named user, else of any group that grants it, else of the others. */
function isAllowed(entry: Entry, bit: Bit, principal: Principal): boolean {
  const { acl } = entry;
  if (principal.kind === 'user' && principal.uid === entry.uid) return has(entry.mode.slice(1, 4), bit);
  if (principal.kind === 'listed') {
    return has(entry.mode.slice(hasUnreadList(entry) ? 4 : 7, hasUnreadList(entry) ? 7 : 10), bit);
  }
  if (principal.kind === 'user') {
    const rule = acl.find(({ kind, id }) => kind === 'user' && id === principal.uid);
    if (rule) return has(rule.bits, bit) && underMask(acl, bit);
  }
  if (principal.kind === 'groups') {
    const rules = acl.filter(({ kind, id }) => kind === 'group' && principal.gids.includes(id ?? entry.gid));
    if (rules.length > 0) return rules.some((rule) => has(rule.bits, bit)) && underMask(acl, bit);
    if (acl.length === 0 && principal.gids.includes(entry.gid)) return has(entry.mode.slice(4, 7), bit);
  }
  return has(entry.mode.slice(7, 10), bit);
}

function underMask(acl: readonly AclRule[], bit: Bit): boolean {
  const mask = acl.find(({ kind }) => kind === 'mask');
  return !mask || has(mask.bits, bit);
}

/** `s` and `t` stand for an `x` beneath them, `S` and `T` for none. */
const has = (bits: string, bit: Bit): boolean => (bit === 'w' ? bits.includes('w') : /[xst]/.test(bits));

const hasUnreadList = (entry: Entry): boolean => entry.mode.endsWith('+') && entry.acl.length === 0;

const named = (entry: Entry, kind: 'user' | 'group'): number[] =>
  entry.acl.flatMap((rule) => (rule.kind === kind && rule.id !== null ? [rule.id] : []));

/** A group with nobody in it but the user (named like them, as most systems make one for each) or the administrator. */
function isPrivate(gid: number, { me, groups }: Pick<NodeFacts, 'me' | 'groups'>): boolean {
  const group = groups.get(gid);
  const others = group?.members.filter((name) => name !== me.name && name !== 'root') ?? [];
  return others.length === 0 && (gid === 0 || (gid === me.gid && group?.name === me.name));
}

const unique = (numbers: readonly number[]): number[] => [...new Set(numbers)];
