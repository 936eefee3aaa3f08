import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import type { TunnelState } from '../../electron/shared/tunnels.ts';
import { withEngine } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { formatDateTime, printDone, printJson, printTable } from '../output.ts';

const addressOf = ({ local }: TunnelState): string =>
  local.kind === 'socket' ? local.path : `http://127.0.0.1:${local.port}/`;

const targetText = ({ target }: TunnelState): string => {
  const node = target.node || 'login node';
  return 'socket' in target ? `${node} ${target.socket}` : `${node} port ${target.port}`;
};

export function listTunnels({ cluster, json }: JsonOption & { cluster?: string }): Promise<void> {
  return withEngine(async ({ request }) => {
    const { state } = await request('app.state', undefined);
    const clusterId = cluster === undefined ? undefined : findCluster(state, cluster).id;
    const tunnels = await request('tunnels.list', { clusterId });
    if (json) return printJson(tunnels);
    const nameOf = (id: string) => state.clusters.find((each) => each.cluster.id === id)?.cluster.name ?? id;
    printTable(
      ['ID', 'CLUSTER', 'TO', 'HERE', 'ROUTE', 'SINCE'],
      tunnels.map((tunnel) => [
        ...[tunnel.id, nameOf(tunnel.clusterId), targetText(tunnel), addressOf(tunnel), tunnel.route.text],
        formatDateTime(tunnel.openedAt),
      ]),
    );
  });
}

/** @param id the beginning of its id @throws AppError `not-found` */
export function closeTunnel(id: string, options: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const found = (await request('tunnels.list', {})).filter((tunnel) => tunnel.id.startsWith(id));
    const [tunnel] = found;
    if (!tunnel || found.length > 1) {
      throw new AppError('not-found', message`There is no tunnel “${{ id }}”.`, { hint: 'See: tunel tunnels ls' });
    }
    await request('tunnels.close', { id: tunnel.id });
    printDone(options, { id: tunnel.id }, `The tunnel to ${targetText(tunnel)} is closed.`);
  });
}
