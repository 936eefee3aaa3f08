import { withEngineState } from '../engine-session.ts';
import { findJob } from '../find-job.ts';
import type { JsonOption } from '../json-option.ts';
import { requireLauncher, resourcesOf } from '../launch-values.ts';
import { printDone } from '../output.ts';
import { readScript } from '../read-script.ts';
import type { ResourceOptions } from '../resource-options.ts';

export interface EditJobOptions extends ResourceOptions, JsonOption {
  name?: string;
  script?: string;
  there?: boolean;
  launcher?: string;
  module?: string[];
}

/** Changes what is given of a job that is not submitted yet. */
export function editJob(id: string, options: EditJobOptions): Promise<void> {
  const changes = resourcesOf(options);
  return withEngineState({ connects: true }, async (session) => {
    const before = await findJob(session, id);
    const { name, script, there = false, launcher, module } = options;
    const job = await session.request('jobs.update', {
      id: before.id,
      ...(name !== undefined && { name }),
      ...(script !== undefined && { script: await readScript(session, before.clusterId, script, there) }),
      ...(launcher !== undefined && { launcher: requireLauncher(launcher).launcher }),
      ...(module !== undefined && { modules: module }),
      ...(Object.keys(changes).length > 0 && { resources: { ...before.resources, ...changes } }),
    });
    printDone(options, job, `${job.name} is changed. Submit it with: tunel jobs submit ${job.id}`);
  });
}
