import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type ClusterInfo, runCommand, upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp } from '../helpers/electron.ts';
import { type Desktop, startDesktop } from '../helpers/keyring.ts';
import { saveCluster } from '../helpers/running.ts';
import { clusterCard, goTo, showSettings } from '../helpers/ui.ts';

/** Ben has no apps there: a saved cluster with one connects by itself. */
const user = 'ben';
const password = 'ben-secret';
const subjects = (info: ClusterInfo) => [`${user}@${info.hosts.bastion?.address}`, `${user}@${info.entry}`];
const asBen = (info: ClusterInfo) => ({
  user,
  jumps: [{ host: info.hosts.bastion?.address, port: 22, user }],
  methods: ['password'],
  keyFiles: [],
});

let login: ClusterInfo;
let dataDir: string;
let desktop: Desktop | null;
let tunel: LaunchedApp | null;

test.beforeAll(async () => {
  login = await upCluster('login');
});
test.beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tunel-keyring-'));
  desktop = null;
  tunel = null;
});
test.afterEach(async () => {
  await tunel?.close();
  await desktop?.close();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts the app on the same data, anew if it runs. */
async function start(): Promise<Page> {
  await tunel?.close();
  tunel = await launchApp({ dataDir, env: { SSH_AUTH_SOCK: undefined, ...desktop?.env } });
  return tunel.window;
}

async function connect(page: Page): Promise<void> {
  await goTo(page, 'Clusters');
  await clusterCard(page, login.name).getByRole('button', { name: 'Connect' }).click();
}

const question = (page: Page, subject: string) =>
  page.getByRole('dialog', { name: /^Sign in to / }).filter({ hasText: subject });

/** Gives the password to both hops, and has it remembered. */
async function signIn(page: Page, where: RegExp): Promise<void> {
  for (const subject of subjects(login)) {
    const asked = question(page, subject);
    await asked.getByLabel('Password', { exact: true }).fill(password);
    await expect(asked).toContainText(where);
    const remember = asked.getByRole('checkbox', { name: /^Remember it/ });
    await remember.check();
    await asked.getByRole('button', { name: 'Sign in' }).click();
    await expect(asked).toBeHidden();
  }
  await expect(clusterCard(page, login.name)).toContainText('Connected');
}

/** Files below the data directory that hold the password, as it is or as base64. */
async function leaks(): Promise<string> {
  expect((await runCommand('grep', ['-rlF', login.name, dataDir])).stdout).toContain('clusters.json');
  const forms = [password, Buffer.from(password).toString('base64').replace(/=+$/, '')];
  const found = forms.map((form) => runCommand('grep', ['-rlaF', form, dataDir], { check: false }));
  return (await Promise.all(found)).map(({ stdout }) => stdout).join('');
}

test('a remembered password survives a restart in the keyring, and is in no file', async () => {
  desktop = await startDesktop({ keyring: true });
  let page = await start();
  await saveCluster(page, login, asBen(login));
  await connect(page);
  await signIn(page, /In the system keychain/);
  await showSettings(page, 'Passwords');
  await expect(page.getByText('In the system keychain.')).toBeVisible();

  page = await start();
  await connect(page);
  await expect(clusterCard(page, login.name)).toContainText('Connected');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await leaks()).toBe('');
});

test('without a keyring it asks again after a restart, and says so', async () => {
  desktop = await startDesktop({ keyring: false });
  let page = await start();
  await saveCluster(page, login, asBen(login));
  await connect(page);
  await signIn(page, /In memory until you quit/);
  await showSettings(page, 'Passwords');
  await expect(page.getByText('In memory until you quit.')).toBeVisible();

  page = await start();
  await connect(page);
  await expect(question(page, subjects(login)[0] ?? '')).toBeVisible();
  expect(await leaks()).toBe('');
});
