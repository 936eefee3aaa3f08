import { withEngine } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printTable } from '../output.ts';

export function listClusters({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const { state } = await request('app.state', undefined);
    const saved = state.clusters.map(({ cluster }) => cluster);
    if (json) return printJson(saved);
    printTable(
      ['NAME', 'ADDRESS', 'THROUGH', 'LAUNCHER'],
      saved.map((cluster) => [
        cluster.name,
        `${cluster.user}@${cluster.host}:${cluster.port}`,
        cluster.jumps.map(({ host }) => host).join(', '),
        cluster.defaults.launcher,
      ]),
    );
  });
}
