import type { QueueAccess } from '../../../shared/clusters.ts';
import { type Asker, accessAs } from '../common/queue-access.ts';

const isTrue = (value: string | undefined): boolean => /^(true|t|yes|y|1)$/i.test(value ?? '');

/** `+ada@*,-ben`: the first entry that fits counts, and whoever is in none is refused. */
function isListed(list: string | undefined, names: readonly string[]): boolean {
  for (const entry of (list ?? '').split(/[\s,]+/)) {
    const match = /^([+-]?)([^@]+)/.exec(entry);
    if (match && (match[2] === '*' || names.includes(match[2] ?? ''))) return match[1] !== '-';
  }
  return false;
}

/** Who may use a queue, from its record of `qstat -Q -f`. What depends on groups passes where they are not known. */
export function readAccess(fields: ReadonlyMap<string, string>, { user, groups }: Asker): QueueAccess {
  const isClosed = fields.get('enabled') === 'False' || isTrue(fields.get('from_route_only'));
  if (isClosed) return accessAs('closed');
  const hasUsers = isTrue(fields.get('acl_user_enable')) && user !== '';
  const hasGroups = isTrue(fields.get('acl_group_enable')) && groups.length > 0;
  const isUserRefused = hasUsers && !isListed(fields.get('acl_users'), [user]);
  const isGroupRefused = hasGroups && !isListed(fields.get('acl_groups'), groups);
  // Torque lets one of both lists be enough on request.
  if (isTrue(fields.get('acl_logic_or')) && hasUsers && hasGroups) {
    return accessAs(isUserRefused && isGroupRefused ? 'user' : null);
  }
  return accessAs(isUserRefused ? 'user' : isGroupRefused ? 'group' : null);
}
