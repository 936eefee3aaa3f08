import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/tunnels.ts';
import { type Caller, seesCluster } from '../../shared/tokens.ts';
import type { OpenTunnels, TunnelLife } from './open-tunnels.ts';

/** How long a tunnel of a caller on a cluster may last. */
type LifeOf = (caller: Caller, clusterId: string) => TunnelLife;

export const tunnelRequests = (open: OpenTunnels, lifeOf: LifeOf): HandlersOf<keyof typeof contract.requests> => ({
  'tunnels.open': (input, signal, caller) => open.open(input, signal, lifeOf(caller, input.clusterId)),
  'tunnels.list': ({ clusterId }, _signal, caller) =>
    open
      .list()
      .filter(
        (each) => seesCluster(caller, each.clusterId) && (clusterId === undefined || each.clusterId === clusterId),
      ),
  'tunnels.close': ({ id }) => open.close(id),
});
