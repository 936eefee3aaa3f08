import type { ClusterState, ClusterSummary } from '../../shared/clusters.ts';
import type * as contract from '../../shared/contract/clusters.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import { seesCluster } from '../../shared/tokens.ts';
import type { Connections, Prompts, SshConfig } from '../ssh/types.ts';
import type { createChoices } from './choices.ts';
import type { ClusterFactsService } from './cluster-facts.ts';
import type { Clusters } from './clusters.ts';

interface ClusterRequestDeps {
  clusters: Clusters;
  connections: Connections;
  prompts: Prompts;
  sshConfig: SshConfig;
  facts: Pick<ClusterFactsService, 'connectAndRead'>;
  connectAtStart: () => void;
  choices: ReturnType<typeof createChoices>;
}

const summaryOf = ({
  cluster: { id, name, host, user },
  connection,
}: Pick<ClusterState, 'cluster' | 'connection'>): ClusterSummary => ({ id, name, host, user, state: connection.state });

export function clusterRequests(deps: ClusterRequestDeps): HandlersOf<keyof typeof contract.requests> {
  const { clusters, connections, prompts, sshConfig, facts, connectAtStart, choices } = deps;
  return {
    'clusters.save': ({ id, input }) => clusters.save(id, input),
    'clusters.copy': ({ id }) => clusters.copy(id),
    'clusters.remove': ({ id }) => clusters.remove(id),
    'clusters.test': ({ input }, signal) => clusters.test(input, signal),
    'clusters.connect': ({ id }, signal) => connections.connect(clusters.get(id).id, signal),
    'clusters.connectAtStart': connectAtStart,
    'clusters.disconnect': ({ id }) => connections.disconnect(clusters.get(id).id),
    'clusters.retry': ({ id }) => connections.retry(clusters.get(id).id),
    'clusters.trustHostKey': ({ id, fingerprint }) => connections.trustHostKey(clusters.get(id).id, fingerprint),
    'clusters.forgetSecrets': ({ id }) => clusters.forgetSecrets(id),
    'clusters.setSite': ({ id, profile }) => clusters.setSite(id, profile),
    'clusters.allowApi': ({ id, allow }) => clusters.allowApi(id, allow),
    'clusters.list': (_input, _signal, caller) =>
      clusters
        .states()
        .filter(({ cluster }) => seesCluster(caller, cluster.id))
        .map(summaryOf),
    'clusters.get': ({ id }) => {
      const wanted = clusters.get(id);
      return summaryOf({ cluster: wanted, connection: connections.status(wanted.id) });
    },
    'clusters.facts': ({ id }, signal) => facts.connectAndRead(clusters.get(id).id, signal),
    'clusters.usage': ({ id }) => connections.usage(clusters.get(id).id),
    'clusters.choices': (wanted, signal) => choices(wanted, signal),
    'clusters.sshConfigHosts': () => sshConfig.hosts(),
    'clusters.resolveSshConfig': ({ alias }) => sshConfig.resolve(alias),
    'prompts.answer': ({ id, answer }) => prompts.answer(id, answer),
  };
}
