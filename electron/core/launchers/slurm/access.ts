import type { Association, NameRule, QueueAccess } from '../../../shared/clusters.ts';
import { type Asker, anyName, askerSection } from '../common/queue-access.ts';

/** Shell text: who asks, and which of what accounting says the controller looks at. */
export const accessSections = `${askerSection}
emit enforced 0 "$(scontrol show config 2>/dev/null | sed -n 's/^AccountingStorageEnforce *= *//p')"`;

const names = (text: string): string[] => text.split(',').filter((name) => name !== '' && name !== '(null)');

/** `AllowAccounts=ALL` with `DenyAccounts=a,b`, or a list of those that go. Slurm looks at the first only where both are given. */
function ruleOf(allowed: string | undefined, denied: string | undefined): NameRule {
  if (allowed !== undefined && allowed !== 'ALL') return { only: names(allowed), not: [] };
  return denied === undefined ? anyName : { only: null, not: names(denied) };
}

/** Who may use a partition, from its line of `scontrol show partition -o`. A group whose name is not known passes. */
export function readAccess(fields: ReadonlyMap<string, string>, { groups }: Asker): QueueAccess {
  const allowed = fields.get('AllowGroups') ?? 'ALL';
  const isMember = allowed === 'ALL' || groups.length === 0 || names(allowed).some((name) => groups.includes(name));
  const isClosed = /^(DRAIN|INACTIVE)$/i.test(fields.get('State') ?? '');
  return {
    accounts: ruleOf(fields.get('AllowAccounts'), fields.get('DenyAccounts')),
    qos: ruleOf(fields.get('AllowQos'), fields.get('DenyQos')),
    refusedAs: fields.get('RootOnly') === 'YES' ? 'user' : isMember ? (isClosed ? 'closed' : null) : 'group',
  };
}

/**
 * What accounting lets the user combine, from `sacctmgr -nP show assoc format=account,partition,qos,defaultqos`. `enforced`: the
 * value of AccountingStorageEnforce; without `associations` (or what implies it) Slurm looks at none of it.
 */
export function readAssociations(text: string, enforced: string): Association[] | undefined {
  const flags = names(enforced.trim().toLowerCase());
  if (!flags.some((flag) => /^(all|associations|limits|qos|safe|wckeys)$/.test(flag))) return undefined;
  const areQosEnforced = flags.some((flag) => flag === 'all' || flag === 'qos');
  const rows = text.split('\n').filter((line) => line.includes('|'));
  const read = rows.map((line): Association => {
    const [account = '', queue = '', qos = ''] = line.split('|');
    return { account, queue, qos: areQosEnforced && qos !== '' ? names(qos) : null };
  });
  return read.length > 0 ? read : undefined;
}
