import type { Cluster } from '../../shared/clusters.ts';
import { usualKeyFiles } from '../ssh/auth/keys.ts';
import { passphraseAccount, passwordAccount } from '../ssh/auth/session-memory.ts';

/** The keychain accounts that signing in to a cluster may use, its jump hosts included. */
export function secretAccounts(cluster: Cluster): string[] {
  const hops = [...cluster.jumps, cluster];
  return [
    ...hops.map(({ user, host, port }) => passwordAccount(user, host, port)),
    ...(cluster.keyFiles.length > 0 ? cluster.keyFiles : usualKeyFiles()).map(passphraseAccount),
  ];
}
