import type { Cluster, Hop } from '../../../shared/clusters.ts';

/** The equivalent `ssh` options and destination, e.g. `-J a@b:22 -p 2201 user@host`; each is one argument, not yet quoted. */
export function sshArguments(
  cluster: Pick<Cluster, 'host' | 'port' | 'user' | 'jumps' | 'keyFiles' | 'knownHostsFile'> &
    Partial<Pick<Cluster, 'identitiesOnly' | 'agentSocket' | 'hostKeyAlias' | 'revokedKeysFile'>>,
): string[] {
  const jumps = cluster.jumps.map(jumpName).join(',');
  return [
    ...(jumps ? ['-J', jumps] : []),
    ...(cluster.port === 22 ? [] : ['-p', String(cluster.port)]),
    ...cluster.keyFiles.flatMap((file) => ['-i', file]),
    ...(cluster.identitiesOnly ? ['-o', 'IdentitiesOnly=yes'] : []),
    ...(cluster.agentSocket ? ['-o', `IdentityAgent="${cluster.agentSocket}"`] : []),
    ...(cluster.hostKeyAlias ? ['-o', `HostKeyAlias=${cluster.hostKeyAlias}`] : []),
    ...(cluster.revokedKeysFile ? ['-o', `RevokedHostKeys="${cluster.revokedKeysFile}"`] : []),
    ...(cluster.knownHostsFile ? ['-o', `UserKnownHostsFile="${cluster.knownHostsFile}"`] : []),
    `${cluster.user}@${cluster.host}`,
  ];
}

function jumpName(hop: Hop): string {
  const host = hop.host.includes(':') ? `[${hop.host}]` : hop.host;
  return `${hop.user}@${host}:${hop.port}`;
}
