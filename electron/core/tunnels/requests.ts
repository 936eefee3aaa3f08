import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/tunnels.ts';
import { seesCluster } from '../../shared/tokens.ts';
import type { OpenTunnels } from './open-tunnels.ts';

export const tunnelRequests = (open: OpenTunnels): HandlersOf<keyof typeof contract.requests> => ({
  'tunnels.open': (input, signal) => open.open(input, signal),
  'tunnels.list': ({ clusterId }, _signal, caller) =>
    open
      .list()
      .filter(
        (each) => seesCluster(caller, each.clusterId) && (clusterId === undefined || each.clusterId === clusterId),
      ),
  'tunnels.close': ({ id }) => open.close(id),
});
