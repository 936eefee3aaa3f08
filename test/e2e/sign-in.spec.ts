import { expect, type Page, test } from '@playwright/test';
import { type ClusterInfo, changeHostKey, onNode, upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { addCluster, clusterCard, emptyHome } from '../helpers/ui.ts';

/** A person with nothing but a password signs in to a login node behind a bastion. */
test.describe.configure({ mode: 'serial' });

const password = 'ada-secret';
let cluster: ClusterInfo;
let home: Awaited<ReturnType<typeof emptyHome>>;
let tunel: LaunchedApp;
let page: Page;
let bastion: string;

test.beforeAll(async () => {
  cluster = await upCluster('login');
  bastion = cluster.hosts.bastion?.address ?? '';
  home = await emptyHome();
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
});

test.afterAll(async () => {
  await tunel?.close();
  await home?.remove();
});

const fingerprintOf = async (node: string) => {
  const { stdout } = await onNode(cluster, node, 'ssh-keygen -lf /etc/node/host_key.pub');
  return stdout.split(' ')[1] ?? '';
};
const trust = async (host: string, node: string, picture?: string) => {
  const question = page.getByRole('dialog', { name: `First time at ${host}` });
  await expect(question).toBeVisible();
  const shown = await fingerprintOf(node);
  expect(shown).toMatch(/^SHA256:/);
  await expect(question.getByText(shown, { exact: true })).toBeVisible();
  if (picture) await screenshot(page, picture);
  await question.getByRole('button', { name: 'Trust and connect' }).click();
};
const givePassword = async (subject: string, value = password, picture?: string) => {
  const question = page.getByRole('dialog', { name: /^Sign in to / }).filter({ hasText: subject });
  await question.getByLabel('Password', { exact: true }).fill(value);
  if (picture) await screenshot(page, picture);
  await question.getByRole('button', { name: 'Sign in' }).click();
};

test('adds a cluster behind a jump host by the form, and signs in to both hops with a password', async () => {
  const card = await addCluster(page, {
    name: 'Faculty',
    host: 'login',
    user: 'ada',
    jumps: [{ host: bastion, user: 'ada' }],
  });
  await expect(card).toContainText('Not connected');
  await card.getByRole('button', { name: 'Connect' }).click();
  await trust(bastion, 'bastion', 'sign-in-host-key');
  await givePassword(`ada@${bastion}`, 'not it');
  await expect(page.getByRole('alert').filter({ hasText: 'Wrong password.' })).toBeVisible();
  await givePassword(`ada@${bastion}`, password, 'sign-in-password');
  await trust('login', 'login');
  await givePassword('ada@login');
  await expect(card).toContainText('Connected');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(card).toContainText(`through ${bastion}`);
  await screenshot(page, 'sign-in-connected');
});

test('answers a menu in the words of the server, after one wrong answer', async () => {
  const card = await addCluster(page, {
    name: 'With a menu',
    host: 'login',
    port: 2207,
    user: 'ada',
    jumps: [{ host: bastion, user: 'ada' }],
  });
  await card.getByRole('button', { name: 'Connect' }).click();
  // Both keys are known by now; passwords that were not kept are another cluster's.
  await givePassword(`ada@${bastion}`);
  await givePassword('ada@login');
  const menu = page.getByRole('dialog').filter({ hasText: 'in its own words' });
  await expect(menu).toContainText('Two-step login for this cluster.');
  const options = menu.getByRole('group', { name: 'Options of the cluster' }).getByRole('button');
  await expect(options).toHaveText(['1 Push to XXX-XXX-1234', '2 Text message']);
  await screenshot(page, 'sign-in-menu');
  await menu.getByLabel('Passcode or option (1-2)').fill('000000');
  await menu.getByRole('button', { name: 'Sign in' }).click();
  await expect(menu.getByRole('alert')).toContainText('Not accepted.');
  await expect(menu).toContainText('Incorrect passcode. Please try again.');
  await screenshot(page, 'sign-in-menu-again');
  await options.first().click();
  await expect(card).toContainText('Connected');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a changed host key is a hard stop: the password is not sent', async () => {
  const card = clusterCard(page, 'Faculty');
  await card.getByRole('button', { name: 'More for Faculty' }).click();
  await page.getByRole('menuitem', { name: /^Disconnect/ }).click();
  await expect(card).toContainText('Not connected');
  const expected = await fingerprintOf('login');
  const logLines = async () => {
    const { stdout } = await onNode(cluster, 'login', ['cat', '/var/log/sshd_22.log']);
    return stdout.split('\n').filter(Boolean);
  };
  const restore = await changeHostKey(cluster, 'login');
  try {
    const before = (await logLines()).length;
    await card.getByRole('button', { name: 'Connect' }).click();
    const stop = page.getByRole('dialog', { name: 'Stopped: Faculty shows a different key' });
    await expect(stop).toBeVisible();
    await expect(stop).toContainText('Nothing was sent');
    await expect(stop).toContainText(expected);
    await expect(stop.getByText(/^ssh-keygen -R '?login'? -f '?.*known_hosts'?$/)).toBeVisible();
    await expect(stop.getByRole('button', { name: /connect|trust|accept|continue/i })).toHaveCount(0);
    await screenshot(page, 'sign-in-key-changed');
    await stop.getByRole('button', { name: 'Close' }).last().click();
    await expect(card).toContainText('Key changed');
    // The node saw a connection that ended before anybody named a user, and nothing else.
    await expect.poll(async () => (await logLines()).slice(before).join('\n')).toContain('[preauth]');
    const seen = (await logLines()).slice(before).join('\n');
    expect(seen).not.toMatch(/Failed|Accepted|Postponed|authenticating user|Invalid user/);
  } finally {
    await restore();
  }
});

test('with the known key back it connects again, and asks for nothing it knows', async () => {
  const card = clusterCard(page, 'Faculty');
  await card.getByRole('button', { name: 'Check again' }).click();
  await expect(card).toContainText('Connected');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
