import type { Cluster } from '../../shared/clusters.ts';

export const passwordAccount = (user: string, host: string, port: number) => `password:${user}@${host}:${port}`;
export const passphraseAccount = (keyFile: string) => `passphrase:${keyFile}`;

/** The keychain accounts that signing in to a cluster may use, its jump hosts included. */
export function secretAccounts(cluster: Cluster): string[] {
  const hops = [...cluster.jumps, cluster];
  return [
    ...hops.map(({ user, host, port }) => passwordAccount(user, host, port)),
    ...cluster.keyFiles.map(passphraseAccount),
  ];
}
