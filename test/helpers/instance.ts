import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Launcher, Submission } from '../../electron/core/launchers/common/launcher.ts';
import type { Shell } from '../../electron/core/ssh/types.ts';
import { type JobStatus, type Resources, resourcesSchema } from '../../electron/shared/instances.ts';
import { asUser, type ClusterInfo } from './clusters.ts';
import { pollStatuses } from './job-answers.ts';
import { PATIENCE_MS } from './patience.ts';

/** A directory like an instance's, with a `run.sh`, in ada's home. */
export async function makeInstance(
  cluster: ClusterInfo,
  node: string,
  script: string,
  resources: Partial<Resources> = {},
): Promise<Submission> {
  const instanceId = randomBytes(5).toString('hex');
  const directory = `/home/ada/.tunel/${instanceId}`;
  await asUser(
    'ada',
    cluster,
    node,
    `umask 077; mkdir -p ${directory} && cat >${directory}/run.sh && chmod 700 ${directory}/run.sh`,
    {
      input: `#!/bin/sh\n${script}\n`,
    },
  );
  return { instanceId, directory, jobName: `tunel-${instanceId}`, resources: resourcesSchema.parse(resources) };
}

/** Asks until `test` holds; says what was seen last when it does not in time. */
export async function eventually<T>(look: () => Promise<T>, test: (value: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await look();
    if (test(value)) return value;
    if (Date.now() > end)
      throw new Error(`not within ${PATIENCE_MS} ms; last: ${inspect(value, { depth: 4, breakLength: Infinity })}`);
    await setTimeout(250);
  }
}

/** Polls one job until `test` holds. */
export async function untilJob(
  launcher: Launcher,
  shell: Shell,
  job: { id: string; directory: string },
  test: (status: JobStatus) => boolean,
): Promise<JobStatus> {
  const status = await eventually(
    async () => (await pollStatuses(launcher, shell, [job])).get(job.id),
    (found) => found !== undefined && test(found),
  );
  if (!status) throw new Error(`${job.id} was left out of the poll`);
  return status;
}
