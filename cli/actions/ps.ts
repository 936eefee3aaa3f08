import type { Instance } from '../../electron/shared/instances.ts';
import { withEngine, withEngineState } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printTable } from '../output.ts';
import { untilSettled } from '../wait-for-connection.ts';

export interface PsOptions extends JsonOption {
  offline?: boolean;
}

export async function ps({ json, offline }: PsOptions): Promise<void> {
  const instances = offline ? await readLastKnown() : await readSettled();
  if (json) return printJson(instances);
  printTable(
    ['ID', 'APP', 'CLUSTER', 'STATE', 'JOB', 'NODE'],
    instances.map((app) => [app.id, app.title, app.clusterName, app.state, app.job?.id ?? '', app.job?.node ?? '']),
  );
}

const readLastKnown = (): Promise<Instance[]> =>
  withEngine(async ({ request }) => (await request('app.state', undefined)).state.instances);

const readSettled = (): Promise<Instance[]> =>
  withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    await untilSettled(session);
    return session.state().instances;
  });
