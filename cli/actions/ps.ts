import { waitsForUser } from '../../electron/shared/connection-loss-policy.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { withEngine, withEngineState } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printTable } from '../output.ts';
import { untilSettled } from '../wait-for-connection.ts';

export interface PsOptions extends JsonOption {
  offline?: boolean;
}

export async function ps({ json, offline }: PsOptions): Promise<void> {
  const { instances, clusters } = offline ? await readLastKnown() : await readSettled();
  if (json) return printJson(instances);
  const stateOf = (app: Instance): string => {
    const connection = clusters.find(({ cluster }) => cluster.id === app.clusterId)?.connection;
    return connection && waitsForUser(app, connection) ? connection.state : app.state;
  };
  printTable(
    ['ID', 'APP', 'CLUSTER', 'STATE', 'JOB', 'NODE'],
    instances.map((app) => [app.id, app.title, app.clusterName, stateOf(app), app.job?.id ?? '', app.job?.node ?? '']),
  );
}

const readLastKnown = (): Promise<EngineState> =>
  withEngine(async ({ request }) => (await request('app.state', undefined)).state);

const readSettled = (): Promise<EngineState> =>
  withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    await untilSettled(session);
    return session.state();
  });
