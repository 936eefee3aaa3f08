import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { findRoute } from '../../../electron/core/routes/routes.ts';
import { createPrompts } from '../../../electron/core/ssh/auth/prompts.ts';
import { createConnections } from '../../../electron/core/ssh/pool/connections.ts';
import type { Connections } from '../../../electron/core/ssh/types.ts';
import { memorySecrets } from '../../../electron/core/storage/secrets.ts';
import { type Cluster, clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { testHost } from '../../helpers/engine-host.ts';
import { createRig, logger, type Rig, temporary, writeRecipes } from './rig.ts';

const USER = 'ben';

/** The whole way of an instance whose job sees nothing of the home directory. */
describe('instances on an HTCondor pool', () => {
  const recipes = temporary('tunel-recipes-');
  let info: ClusterInfo;
  let data: ReturnType<typeof temporary>;
  let cluster: Cluster;
  let rig: Rig;
  let connections: Connections;

  const ben = async (command: string): Promise<string> => (await asUser(USER, info, 'csub', command)).stdout.trim();
  const queue = (id: string) => ben(`condor_q -constraint 'JobBatchName == "tunel-${id}"' -af JobStatus`);
  const held = resourcesSchema.parse({ memory: 100, options: ['hold = true'] });

  beforeAll(async () => {
    info = await upCluster('htcondor', 'alone as ben');
    writeRecipes(recipes.path);
    for (const name of ['batch', 'web']) {
      const file = join(recipes.path, name, 'app.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('[slurm, login]', '[slurm, login, htcondor]'));
    }
    writeFileSync(join(recipes.path, 'batch', 'run.sh'), '#!/bin/bash\necho "done with {{ args.word }}" >result\n');
    const { address, port } = info.hosts.csub ?? { address: '', port: 22 };
    const methods = ['key'];
    const input = clusterInputSchema.parse({
      name: 'Pool',
      host: address,
      port,
      user: USER,
      methods,
      keyFiles: [info.keys[USER]],
    });
    cluster = { ...input, id: 'c1', createdAt: 1, demo: false, site: null };
  });
  beforeEach(async () => {
    data = temporary('tunel-data-');
    connections = createConnections({
      clusters: (id) => (id === cluster.id ? cluster : undefined),
      secrets: memorySecrets('a test'),
      prompts: createPrompts({ clock: systemClock, host: testHost }),
      clock: systemClock,
      logger,
      appKnownHostsFile: `${data.path}/known_hosts`,
      knownHostsFiles: [info.known_hosts],
      defaultKeyFiles: [],
      agentSocket: '',
    });
    rig = await createRig({ connections, findRoute, data: data.path, recipes: recipes.path, cluster });
  });
  afterEach(async () => {
    for (const { id } of rig.instances.list()) rig.instances.end(id);
    for (const { id } of rig.instances.list()) {
      await rig.until(id, (now) => now.state === 'ended' || now.state === 'failed');
    }
    await rig.close();
    await connections.dispose();
    data.remove();
  });
  afterAll(async () => {
    recipes.remove();
    await ben('rm -rf ~/.tunel ~/tunel-results');
  });

  test('an app is reached, and what it did outlives it', async () => {
    const id = rig.launch('web', { launcher: 'htcondor', resources: resourcesSchema.parse({ memory: 200, time: 10 }) });
    const begun = Date.now();
    const ready = await rig.untilState(id, 'ready');
    const steps = ready.steps.map(({ name, startedAt, endedAt }) => `${name} ${(endedAt ?? 0) - (startedAt ?? 0)}`);
    console.info(`htcondor: ready after ${Date.now() - begun} ms: ${steps.join(', ')}`);
    expect(ready).toMatchObject({ launcher: 'htcondor', route: { kind: 'relay' }, job: { state: 'running' } });
    expect(ready.endpoint?.node).toMatch(/^w[12]/);
    expect(await rig.isAnswering(id)).toBeNull();
    rig.instances.stop(id);
    expect((await rig.untilState(id, 'ended')).error).toBeNull();
    // One whose machine was taken from it goes by its own periodic_remove, which the schedd looks at once a minute.
    await expect.poll(() => queue(id)).toBe('');
  });

  test('results come back, and stay when the app is removed', async () => {
    const id = rig.launch('batch', { launcher: 'htcondor', resources: resourcesSchema.parse({ memory: 100 }) });
    expect((await rig.untilState(id, 'ended')).error).toBeNull();
    await expect.poll(() => ben(`cat ~/.tunel/${id}/work/result`)).toBe('done with luck');
    await rig.instances.remove(id);
    expect(await ben(`cat ~/tunel-results/${id}/result; ls ~/.tunel`)).not.toContain(id);
    expect(await ben(`cat ~/tunel-results/${id}/result`)).toBe('done with luck');
  });

  test('a hold of the user waits, one of the scheduler fails with its words and the job is removed', async () => {
    const id = rig.launch('batch', { launcher: 'htcondor', resources: held });
    const waiting = await rig.until(id, (now) => now.job?.state === 'held');
    expect(waiting).toMatchObject({ state: 'waiting', job: { heldBy: 'user' } });
    await ben(`rm ~/.tunel/${id}/start.sh; condor_release ${waiting.job?.id}`);
    const failed = await rig.untilState(id, 'failed');
    expect(failed.error).toMatchObject({
      code: 'job-held',
      message: expect.stringMatching(/^The scheduler holds the job of .*start\.sh: .*No such file or directory\.$/),
    });
    await expect.poll(() => queue(id)).toBe('');
  });
});
