import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { findRoute } from '../../../electron/core/routes/routes.ts';
import { createPrompts } from '../../../electron/core/ssh/auth/prompts.ts';
import { createConnections } from '../../../electron/core/ssh/pool/connections.ts';
import type { Connections } from '../../../electron/core/ssh/types.ts';
import { memorySecrets } from '../../../electron/core/storage/secrets.ts';
import { type Cluster, clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { testHost } from '../../helpers/engine-host.ts';
import { createRig, logger, type Rig, temporary, writeRecipes } from './rig.ts';

// One name with two login nodes behind it: the same homes, and this time the other node is reached.
let info: ClusterInfo;
const recipes = temporary('tunel-recipes-');
const open: { rig: Rig; connections: Connections; data: ReturnType<typeof temporary> }[] = [];

beforeAll(async () => {
  info = await upCluster('login');
  writeRecipes(recipes.path);
});
afterEach(async () => {
  for (const { rig } of open) for (const { id } of rig.instances.list()) rig.instances.end(id);
  for (const { rig, connections, data } of open.splice(0)) {
    for (const { id, state } of rig.instances.list()) {
      if (state !== 'failed') await rig.untilState(id, 'ended');
      await rig.instances.remove(id);
    }
    await rig.close();
    await connections.dispose();
    data.remove();
  }
});
afterAll(() => recipes.remove());

async function reach(node: 'bastion' | 'login'): Promise<{ rig: Rig; connections: Connections }> {
  const bastion = { host: info.hosts.bastion?.address ?? '', user: 'ada' };
  const input = clusterInputSchema.parse({
    name: 'Round robin',
    ...(node === 'bastion' ? bastion : { host: '198.18.2.2', user: 'ada', jumps: [bastion] }),
    methods: ['key'],
    keyFiles: [info.keys.ada],
  });
  const cluster: Cluster = { ...input, id: 'c1', createdAt: 1, demo: false, site: null };
  const data = temporary('tunel-data-');
  const connections = createConnections({
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
  const rig = await createRig({ connections, findRoute, data: data.path, recipes: recipes.path, cluster });
  open.push({ rig, connections, data });
  return { rig, connections };
}

test('an app on another login node is watched, opened and stopped through a hop to it', async () => {
  const first = await reach('login');
  const id = first.rig.launch('web', { launcher: 'login' });
  const { job } = await first.rig.untilState(id, 'ready');
  expect(job?.id).toMatch(/@login$/);

  const second = await reach('bastion');
  await second.connections.connect('c1');
  await expect.poll(() => second.rig.instances.list().some((each) => each.id === id)).toBe(true);
  const found = await second.rig.untilState(id, 'ready');
  expect(found).toMatchObject({ job: { state: 'running', node: 'login' }, route: { kind: 'node' } });
  expect(await second.rig.isAnswering(id)).toBeNull();
  second.rig.instances.stop(id);
  expect((await second.rig.untilState(id, 'ended')).error).toBeNull();
  const left = await asUser('ada', info, 'login', ['pgrep', '-u', 'ada', '-f', id], { check: false });
  expect(left.stdout).toBe('');
});
