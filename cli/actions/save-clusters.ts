import { type ClusterInput, clusterInputSchema } from '../../electron/shared/clusters.ts';
import { type ClusterOptions, readCluster } from '../cluster-input.ts';
import { demoFor, type EngineSession, withEngine, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printFields, printJson, printProgress, printTable } from '../output.ts';

export type AddClusterOptions = ClusterOptions & JsonOption;
export type EditClusterOptions = AddClusterOptions & { name?: string; address?: string };

export async function addCluster(name: string, address: string, options: AddClusterOptions): Promise<void> {
  const input = readCluster({}, { name, address }, options);
  await withEngine((session) => saveCluster(session, input, options));
}

/** Changes what is given; all else stays. */
export function editCluster(cluster: string, options: EditClusterOptions): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    const before = findCluster(state(), cluster);
    const input = readCluster(clusterInputSchema.parse(before), options, options);
    await request('clusters.save', { id: before.id, input });
    printDone(options, { id: before.id, ...input }, `Saved ${input.name}.`);
  });
}

export function importCluster(alias: string, options: JsonOption): Promise<void> {
  return withEngine(async (session) => {
    const { input, unsupported } = await session.request('clusters.resolveSshConfig', { alias });
    for (const line of unsupported) printProgress(line);
    await saveCluster(session, input, options);
  });
}

export function copyCluster(cluster: string, options: JsonOption): Promise<void> {
  return withEngineState({}, async ({ state, request, refresh }) => {
    const { id } = await request('clusters.copy', { id: findCluster(state(), cluster).id });
    await refresh();
    const { name } = findCluster(state(), id);
    printDone(options, { id, name }, `Saved ${name}. Change it: tunel clusters edit "${name}"`);
  });
}

/** Hosts of the user's SSH configuration. */
export function listImportableHosts({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const hosts = await request('clusters.sshConfigHosts', undefined);
    if (json) return printJson(hosts);
    printTable(
      ['HOST', 'FILE'],
      hosts.map(({ alias, file }) => [alias, file]),
    );
  });
}

export function showCluster(cluster: string, { json }: JsonOption): Promise<void> {
  return withEngineState(demoFor(cluster), async ({ state, request }) => {
    const saved = findCluster(state(), cluster);
    const { state: connection } = await request('clusters.get', { id: saved.id });
    if (json) return printJson({ ...saved, state: connection });
    const { defaults, jumps } = saved;
    printFields([
      ['id', saved.id],
      ['name', saved.name],
      ['address', `${saved.user}@${saved.host}:${saved.port}`],
      ['through', jumps.map(({ user, host, port }) => `${user}@${host}:${port}`).join(', ')],
      ['connection', connection],
      ['transport', saved.transport],
      ['keys', saved.keyFiles.join(', ')],
      ['known hosts', saved.knownHostsFile],
      ['at start', saved.connectAtStart ? 'connects' : ''],
      ['launcher', defaults.launcher],
      ['runtime', defaults.runtime],
      ['queue', defaults.queue],
      ['account', defaults.account],
      ['work directory', defaults.workDirectory],
      ['modules', defaults.modules.join(', ')],
      ['site', saved.site?.site ?? ''],
      ['programs', saved.allowsApi ? 'may use it with a token' : 'may not use it'],
    ]);
  });
}

export function removeCluster(name: string, options: JsonOption): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    const { id } = findCluster(state(), name);
    await request('clusters.remove', { id });
    printDone(options, { id }, `Removed ${name}.`);
  });
}

async function saveCluster({ request }: EngineSession, input: ClusterInput, options: JsonOption): Promise<void> {
  const { id } = await request('clusters.save', { input });
  printDone(options, { id, ...input }, `Saved ${input.name}. Try it: tunel clusters test ${input.name}`);
}
