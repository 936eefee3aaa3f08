import type { QueueAccess } from '../../../shared/clusters.ts';
import { type Asker, anyName } from '../common/queue-access.ts';

/** Names of a list of Grid Engine's; of `a,[host=b]` those that count for most hosts. */
export const splitNames = (value: string | undefined): string[] =>
  ((value ?? '').split(/,?\[/)[0] ?? '').split(/[\s,]+/).filter((word) => word !== '' && word !== 'NONE');

/** `qconf -su` of each: the lists that a user is in, by name or by a group of theirs (`@group`). */
export function listsOf(text: string, { user, groups }: Asker): Set<string> {
  const own = new Set([user, ...groups.map((group) => `@${group}`)]);
  const found = new Set<string>();
  let name = '';
  for (const line of text.replace(/\\\n\s*/g, '').split('\n')) {
    const [key = '', ...rest] = line.trim().split(/\s+/);
    if (key === 'name') name = rest[0] ?? '';
    if (key === 'entries' && splitNames(rest.join(' ')).some((entry) => own.has(entry))) found.add(name);
  }
  return found;
}

interface AccessLists {
  allowed: readonly string[];
  refused: readonly string[];
}

/** Whoever is in a refused list stays out; where there are allowed lists, whoever is in none does too. */
const isOpen = ({ allowed, refused }: AccessLists, lists: ReadonlySet<string>): boolean =>
  !refused.some((name) => lists.has(name)) && (allowed.length === 0 || allowed.some((name) => lists.has(name)));

/** Who may use a queue, from its block of `qconf -sq`. */
export function readAccess(fields: ReadonlyMap<string, string>, lists: ReadonlySet<string>): QueueAccess {
  const users = { allowed: splitNames(fields.get('user_lists')), refused: splitNames(fields.get('xuser_lists')) };
  const projects = splitNames(fields.get('projects'));
  return {
    accounts: { only: projects.length > 0 ? projects : null, not: splitNames(fields.get('xprojects')) },
    qos: anyName,
    refusedAs: isOpen(users, lists) ? null : 'user',
  };
}

/** The projects that the user may charge, from `qconf -sprj` of each; of others nothing is known, and they pass. */
export function openProjects(names: readonly string[], text: string, lists: ReadonlySet<string>): string[] {
  const closed = new Set<string>();
  for (const block of text.split(/^(?=name\s)/m)) {
    const read = (key: string) => splitNames(new RegExp(`^${key}[ \\t]+(.*)$`, 'm').exec(block)?.[1]);
    const [name] = read('name');
    if (name !== undefined && !isOpen({ allowed: read('acl'), refused: read('xacl') }, lists)) closed.add(name);
  }
  return names.filter((name) => !closed.has(name));
}
