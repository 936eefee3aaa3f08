import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { systemClock } from '../../electron/core/clock.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { engineClient, killEngine } from '../helpers/engine.ts';
import { eventually } from '../helpers/instance.ts';
import { cpuOf, Rig } from './distance/rig.ts';

/**
 * Processor time of an engine that is connected to three clusters and has nothing to do, then with five running apps on
 * one of them, and what those cost the login node. Needs openssh-server and python3 on this machine. `BENCH_SECONDS`: 60
 * unless given.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);
const SETTLE_MS = 30_000;

let rig: Rig;
let home = '';
let client: CoreClient;
let enginePid = 0;
const clusters: string[] = [];
const data = () => join(rig.folder, 'data');

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-bench-home-'));
  rig = await Rig.start([0], [`SetEnv HOME=${home}`]);
  client = await engineClient(data());
  ({ pid: enginePid } = await client.request('engine.status', undefined));
  for (const name of ['one', 'two', 'three']) {
    const input = clusterInputSchema.parse({
      name,
      host: '127.0.0.1',
      port: rig.port(0),
      user: rig.user,
      methods: ['key'],
      keyFiles: [rig.keyFile],
      knownHostsFile: rig.knownHosts,
    });
    const { id } = await client.request('clusters.save', { input });
    await client.request('clusters.connect', { id });
    clusters.push(id);
  }
}, 120_000);
afterAll(async () => {
  if (!rig) return;
  for (const { id, state } of (await client.request('app.state', undefined)).state.instances)
    if (state === 'ready') await client.request('instances.end', { id });
  await eventually(live, (count) => count === 0).catch(() => undefined);
  killEngine(data());
  await rig.dispose();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

const instances = async () => (await client.request('app.state', undefined)).state.instances;
const live = async () => (await instances()).filter(({ state }) => state !== 'ended' && state !== 'failed').length;

async function measure(what: string): Promise<void> {
  await systemClock.sleep(SETTLE_MS);
  const [id = ''] = clusters;
  const before = { cpu: cpuOf(enginePid), usage: await client.request('clusters.usage', { id }) };
  await systemClock.sleep(SECONDS * 1000);
  const used = cpuOf(enginePid) - before.cpu;
  const usage = await client.request('clusters.usage', { id });
  const perMinute = (count: number) => ((count * 60) / SECONDS).toFixed(1);
  console.log(
    `${what}: ${((used / SECONDS) * 100).toFixed(2)} % of a core; on the login node a minute: ` +
      `${perMinute(usage.commandsRun - before.usage.commandsRun)} commands, ` +
      `${perMinute(usage.sessionsStarted - before.usage.sessionsStarted)} sessions`,
  );
}

it('an idle engine', { timeout: (SECONDS + 120) * 1000 }, () => measure('3 clusters connected'));

it('with running apps', { timeout: (SECONDS + 240) * 1000 }, async () => {
  const [clusterId = ''] = clusters;
  for (let count = 0; count < 5; count += 1)
    await client.request('instances.launch', { clusterId, recipe: 'hello', launcher: 'login' });
  await eventually(
    async () => (await instances()).filter(({ state }) => state === 'ready').length,
    (count) => count === 5,
  );
  await measure('3 clusters connected, 5 running apps on one');
});
