import { demoFor, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { requireLauncher, resourcesOf } from '../launch-values.ts';
import { printJson, printResult } from '../output.ts';
import { readScript } from '../read-script.ts';
import type { ResourceOptions } from '../resource-options.ts';

export interface CheckJobOptions extends ResourceOptions, JsonOption {
  there?: boolean;
  launcher?: string;
  module?: string[];
}

/** Asks the scheduler whether it would take a script; nothing is made or submitted. */
export function checkJob(cluster: string, script: string, options: CheckJobOptions): Promise<void> {
  const resources = resourcesOf(options);
  return withEngineState({ connects: true, ...demoFor(cluster) }, async (session) => {
    const clusterId = findCluster(session.state(), cluster).id;
    const check = await session.request('jobs.check', {
      clusterId,
      script: await readScript(session, clusterId, script, options.there === true),
      resources,
      modules: options.module ?? [],
      ...(options.launcher !== undefined && { launcher: requireLauncher(options.launcher).launcher }),
    });
    if (options.json) printJson(check);
    else printResult(check.answer ?? 'The scheduler cannot be asked.');
  });
}
