import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp } from '../helpers/electron.ts';
import { saveCluster, stateNow } from '../helpers/running.ts';
import { invoke } from '../helpers/shell.ts';

/** Tunnels with a local end, as the window asks the engine for them. */

let tunel: LaunchedApp;
test.beforeAll(async () => {
  tunel = await launchApp();
});
test.afterAll(() => tunel?.close());

test('a port of the login node is reached by a socket here, until its tunnel is closed', async () => {
  const page = tunel.window;
  const clusterId = await saveCluster(page, await upCluster('slurm24', 'shared'));
  const tunnel = await invoke(page, 'tunnels.open', { clusterId, target: { port: 22 }, local: { kind: 'socket' } });
  const { local } = tunnel;
  if (local.kind !== 'socket') throw new Error('The local end is no socket.');
  const client = connect(local.path);
  const [banner] = (await once(client, 'data')) as [Buffer];
  expect(banner.toString()).toMatch(/^SSH-2\.0-/);
  await expect.poll(async () => (await stateNow(page))?.tunnels).toEqual([tunnel]);
  const closed = once(client, 'close');
  await invoke(page, 'tunnels.close', { id: tunnel.id });
  await closed;
  await expect.poll(async () => (await stateNow(page))?.tunnels).toEqual([]);
});
