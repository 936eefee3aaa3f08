import { resolve } from 'node:path';
import type { SiteReading } from '../../electron/shared/sites.ts';
import { confirm } from '../confirm.ts';
import { type StateSession, withEngine, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson, printProgress, printTable } from '../output.ts';

export interface SiteOptions extends JsonOption {
  cluster?: string;
  yes?: boolean;
}

export function listSites({ json }: SiteOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    const shipped = await request('sites.list', undefined);
    if (json) return printJson(shipped);
    printTable(
      ['NAME', 'LAUNCHER', 'SITE'],
      shipped.map(({ name, profile }) => [name, profile.launcher ?? '', profile.site]),
    );
  });
}

export function showSite(source: string, { cluster, json }: SiteOptions): Promise<void> {
  return withEngineState({}, async (session) => {
    const reading = await readSite(session, source, cluster);
    if (json) printJson(reading);
    else printSite(reading);
  });
}

export function importSite(source: string, { cluster: clusterName = '', yes, json }: SiteOptions): Promise<void> {
  return withEngineState({}, async (session) => {
    const cluster = findCluster(session.state(), clusterName);
    const reading = await readSite(session, source, cluster.id);
    if (!json) printSite(reading);
    if (!yes) {
      const question = `Take it over for ${cluster.name} (yes/no)? `;
      await confirm(question, 'Look at it with `tunel site show`, then add --yes.');
    }
    await session.request('clusters.setSite', { id: cluster.id, profile: reading.profile });
    if (json) return printJson(reading);
    const undo = `tunel site remove --cluster ${cluster.name}`;
    printProgress(`${cluster.name} follows ${reading.profile.site}. Undo: ${undo}`);
  });
}

export function removeSite({ cluster: clusterName = '', json }: SiteOptions): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    const cluster = findCluster(state(), clusterName);
    await request('clusters.setSite', { id: cluster.id, profile: null });
    printDone({ json }, { id: cluster.id }, `${cluster.name} follows no profile.`);
  });
}

/** A word that is not a shipped name is a path here, below where the command was called. */
async function readSite({ state, request }: StateSession, source: string, cluster?: string): Promise<SiteReading> {
  const shipped = (await request('sites.list', undefined)).some(({ name }) => name === source);
  const isWhole = shipped || /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
  const clusterId = cluster === undefined ? undefined : findCluster(state(), cluster).id;
  return request('sites.read', { source: isWhole ? source : resolve(source), clusterId });
}

function printSite({ profile, source, review }: SiteReading): void {
  const lines = [`${profile.site}, read from ${source}`, ...(profile.docs ? [`More: ${profile.docs}`] : []), ...review];
  process.stdout.write(`${lines.join('\n')}\n`);
}
