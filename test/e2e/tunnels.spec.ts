import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { saveCluster, stateNow } from '../helpers/running.ts';
import { invoke } from '../helpers/shell.ts';
import { goTo } from '../helpers/ui.ts';

/** Tunnels with a local end, as the window asks the engine for them and as a user opens them. */

let tunel: LaunchedApp;
let clusterId: string;
test.beforeAll(async () => {
  const cluster = await upCluster('slurm24', 'shared');
  tunel = await launchApp();
  clusterId = await saveCluster(tunel.window, cluster, { name: 'slurm' });
});
test.afterAll(() => tunel?.close());

/** Connects to an SSH server through a local end; ends the test unless its banner comes. */
async function connectToSsh(path: string): Promise<Socket> {
  const client = connect(path);
  const [banner] = (await once(client, 'data')) as [Buffer];
  expect(banner.toString()).toMatch(/^SSH-2\.0-/);
  return client;
}

test('a port of the login node is reached by a socket here, until its tunnel is closed', async () => {
  const page = tunel.window;
  const tunnel = await invoke(page, 'tunnels.open', { clusterId, target: { port: 22 }, local: { kind: 'socket' } });
  const { local } = tunnel;
  if (local.kind !== 'socket') throw new Error('The local end is no socket.');
  const client = await connectToSsh(local.path);
  await expect.poll(async () => (await stateNow(page))?.tunnels).toEqual([tunnel]);
  const closed = once(client, 'close');
  await invoke(page, 'tunnels.close', { id: tunnel.id });
  await closed;
  await expect.poll(async () => (await stateNow(page))?.tunnels).toEqual([]);
});

test('a tunnel is opened by the form, its address copied, and closed on its page', async () => {
  const page = tunel.window;
  await goTo(page, 'Tunnels');
  await expect(page.getByRole('heading', { name: 'No tunnels' })).toBeVisible();
  await page.locator('header').getByRole('button', { name: 'Open a tunnel' }).click();
  const form = page.getByRole('dialog', { name: 'Open a tunnel' });
  await form.getByRole('combobox', { name: 'Cluster' }).click();
  await page.getByRole('option', { name: /^slurm/ }).click();
  const port = form.getByLabel('Port', { exact: true }).and(page.getByRole('textbox'));
  await port.press('Enter');
  await expect(form.getByText('A port is a number from 1 to 65535.')).toBeVisible();
  await expect(port).toBeFocused();
  await page.keyboard.type('22');
  await page.keyboard.press('Enter');
  await expect(form).toBeHidden();
  const row = page.getByRole('list', { name: 'Open tunnels' }).getByRole('listitem');
  await expect(row).toContainText('Port 22');
  await expect(row).toContainText('of the login node on slurm');
  await screenshot(page, 'tunnels');
  await row.getByRole('button', { name: /^Copy address/ }).click();
  await expect(page.getByText('The local address is on the clipboard.')).toBeVisible();
  const path = await tunel.app.evaluate(({ clipboard }) => clipboard.readText());
  await expect(row).toContainText(path);
  const client = await connectToSsh(path);
  const closed = once(client, 'close');
  await row.getByRole('button', { name: /^Close/ }).press('Enter');
  await closed;
  await expect(page.getByRole('heading', { name: 'No tunnels' })).toBeVisible();
  await expect(page.locator('header').getByRole('button', { name: 'Open a tunnel' })).toBeFocused();
});

test('the dialog shows why a tunnel did not open, and warns of a port that others can reach', async () => {
  const page = tunel.window;
  const taken = await invoke(page, 'tunnels.open', { clusterId, target: { port: 22 }, local: { kind: 'port' } });
  if (taken.local.kind !== 'port') throw new Error('The local end is no port.');
  await goTo(page, 'Tunnels');
  await page.locator('header').getByRole('button', { name: 'Open a tunnel' }).click();
  const form = page.getByRole('dialog', { name: 'Open a tunnel' });
  await form.getByRole('combobox', { name: 'Cluster' }).click();
  await page.getByRole('option', { name: /^slurm/ }).click();
  await form.getByLabel('Port', { exact: true }).and(page.getByRole('textbox')).fill('22');
  await form.getByText('Port on 127.0.0.1').click();
  await expect(form.getByText('Other users of this computer can reach this port, too.')).toBeVisible();
  await form.getByLabel(/^Local port/).fill(String(taken.local.port));
  await page.keyboard.press('Enter');
  await expect(form.getByRole('alert')).toContainText(`Port ${taken.local.port} cannot be listened on here.`);
  await form.getByRole('button', { name: 'Cancel' }).click();
  await invoke(page, 'tunnels.close', { id: taken.id });
});
