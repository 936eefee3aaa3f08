import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test, type WebSocket } from '@playwright/test';
import { queuedJobs, untilGone } from '../helpers/apps.ts';
import { asUser, type ClusterInfo, upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';
import { addCluster, emptyHome, goTo, setSize, untilStill, viewPage } from '../helpers/ui.ts';
import { windowPicture } from '../helpers/window-picture.ts';

/** A researcher works in JupyterLab that runs in a Slurm job on a compute node, through the real window. */
test.describe.configure({ mode: 'serial' });

let slurm: ClusterInfo;
let home: Awaited<ReturnType<typeof emptyHome>>;
let downloads: string;
let tunel: LaunchedApp;
let page: Page;
let lab: Page;
let second: Page;
const ids: string[] = [];
/** Where the notebooks are, on the cluster. */
const folder = `/home/ada/analysis-${randomBytes(4).toString('hex')}`;

test.beforeAll(async () => {
  slurm = await upCluster('slurm24');
  // JupyterLab opens what was open last: here nothing was.
  await asUser('ada', slurm, 'slogin', ['rm', '-rf', '.jupyter/lab/workspaces']);
  await asUser('ada', slurm, 'slogin', ['mkdir', folder]);
  home = await emptyHome();
  downloads = await mkdtemp(join(tmpdir(), 'tunel-downloads-'));
  tunel = await launchApp({ env: { ...home.env, TUNEL_DOWNLOAD_DIR: downloads } });
  page = tunel.window;
  await invoke(page, 'settings.save', { theme: 'light' });
  await setSize(tunel.app, page, 1280, 800);
});

test.afterAll(async () => {
  // A test that failed half way leaves no job behind.
  for (const id of ids) {
    const jobs = await queuedJobs(slurm, id);
    if (jobs.length > 0) await asUser('ada', slurm, 'slogin', ['scancel', ...jobs]);
  }
  await asUser('ada', slurm, 'slogin', ['rm', '-rf', folder]);
  await tunel?.close();
  await rm(downloads, { recursive: true, force: true });
  await home?.remove();
});

const card = (name: string) => page.getByRole('article', { name, exact: true });
const newInstance = async () => {
  const { state } = await invoke(page, 'app.state', undefined);
  const found = state.instances.filter(({ input }) => input?.title?.startsWith('Analysis')).map(({ id }) => id);
  const added = found.filter((id) => !ids.includes(id));
  expect(added).toHaveLength(1);
  ids.push(...added);
};

const notebook = 'analysis.ipynb';
const saved = () => expect(lab.locator('#jp-main-dock-panel .lm-TabBar-tab.jp-mod-dirty')).toHaveCount(0);

const isKernel = (socket: WebSocket) => /^wss:.*\/api\/kernels\/[^/]+\/channels/.test(socket.url());

/** Types into the last, empty cell and runs it. */
async function runCell(code: string, result: string | RegExp): Promise<void> {
  const results = lab.locator('.jp-OutputArea-executeResult .jp-OutputArea-output');
  const before = await results.count();
  const editor = lab.locator('.jp-Notebook .jp-CodeCell .cm-content').last();
  await editor.fill(code);
  await expect(editor).toHaveText(code);
  await editor.press('Shift+Enter');
  await expect(results.nth(before)).toHaveText(result);
}

async function launch(title: string, picture?: string): Promise<void> {
  await goTo(page, 'Recipes');
  await page.getByRole('button', { name: 'Launch JupyterLab' }).click();
  await page.getByRole('combobox', { name: /^Cluster/ }).click();
  await page.getByRole('option', { name: /^Slurm cluster/ }).click();
  await page.getByRole('button', { name: /^How it runs/ }).click();
  await page.getByRole('combobox', { name: /^Launcher/ }).click();
  await page.getByRole('option', { name: 'Slurm', exact: true }).click();
  await page.getByLabel(/^Memory/).fill('0.4');
  await page.getByRole('combobox', { name: /^Interface/ }).click();
  await page.getByRole('option', { name: 'JupyterLab', exact: true }).click();
  await page.getByLabel(/^Start in/).fill(folder);
  await page.getByLabel(/^Name/).fill(title);
  if (picture) {
    await expect(page.getByText('wanted=lab')).toBeVisible();
    await page.getByLabel(/^Memory/).hover();
    await page.mouse.wheel(0, -2000);
    await expect(page.getByRole('combobox', { name: /^Cluster/ })).toBeInViewport({ ratio: 1 });
    await untilStill(page);
    await windowPicture(tunel.app, picture);
  }
  await page.getByRole('button', { name: 'Launch', exact: true }).click();
  await expect(card(title)).toBeVisible();
  await newInstance();
}

test('launches JupyterLab on a compute node by the form, each step shown', async () => {
  const clusterCard = await addCluster(page, {
    name: 'Slurm cluster',
    host: slurm.hosts.slogin?.address ?? '',
    user: 'ada',
    keyFile: slurm.keys.ada ?? '',
    knownHostsFile: slurm.known_hosts,
  });
  await clusterCard.getByRole('button', { name: 'Connect' }).click();
  await expect(clusterCard).toContainText('Connected');
  await expect(clusterCard).toContainText('Slurm 24.11');
  await launch('Analysis', 'launch');
  const steps = card('Analysis').getByRole('list', { name: /steps/i });
  await expect(steps).toBeVisible();
  await expect(steps.getByRole('listitem')).toHaveText([
    /^Connect/,
    /^Upload/,
    /^Submit/,
    /^Queue/,
    /^Start/,
    /^Tunnel/,
    /^Ready/,
  ]);
  await screenshot(page, 'jupyter-steps');
  await expect(card('Analysis').getByRole('button', { name: 'Open' })).toBeVisible();
  await expect(card('Analysis')).toContainText(/node c[12]/);
  await expect(card('Analysis')).toContainText('only you can reach it');
});

test('a cell computes in the embedded view', async () => {
  await card('Analysis').getByRole('button', { name: 'Open' }).click();
  lab = await viewPage(tunel.app);
  // JupyterLab asks whether it may fetch news, on some days.
  const news = lab.locator('.Toastify__toast').getByRole('button', { name: 'No', exact: true });
  await lab.addLocatorHandler(news, () => news.click());
  // Seldom it says that its root folder is not found, which was there before and is there after.
  const missing = lab.getByRole('dialog', { name: /^Directory not found/ }).getByRole('button');
  await lab.addLocatorHandler(missing, () => missing.click());
  // JupyterLab says idle before there is a kernel, and drops a cell that is run then: its channel must have answered.
  const answered = lab.waitForEvent('websocket', isKernel).then((socket) => socket.waitForEvent('framereceived'));
  await lab.locator('.jp-LauncherCard[data-category="Notebook"]').first().click();
  await answered;
  await expect(lab.getByText('Python 3 (ipykernel) | Idle')).toBeVisible();
  await runCell('6*7', '42');
  await runCell('import socket; socket.gethostname()', /^'c[12]'$/);
  await lab.keyboard.press('Control+s');
  const naming = lab.locator('.jp-Dialog');
  await naming.locator('input').first().fill(notebook);
  await naming.locator('.jp-mod-accept').click();
  await saved();
  await expect(lab.locator('#jp-main-dock-panel .lm-TabBar-tabLabel').first()).toHaveText(notebook);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(notebook);
  await expect(lab.locator('.jp-DirListing-item')).toHaveText([new RegExp(notebook)]);
  await windowPicture(tunel.app, 'jupyter');
});

test('a file goes up and comes down byte for byte', async () => {
  const name = 'samples.bin';
  const data = randomBytes(1024 * 1024);
  const chooser = lab.waitForEvent('filechooser');
  await lab.getByRole('button', { name: /^Upload Files/ }).click();
  await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer: data });
  const item = lab.locator('.jp-DirListing-item').filter({ hasText: name });
  await expect(item).toBeVisible();
  const there = `${folder}/${name}`;
  try {
    await expect
      .poll(async () => (await asUser('ada', slurm, 'slogin', ['stat', '-c', '%s', there])).stdout)
      .toBe(`${data.length}\n`);
    const sum = await asUser('ada', slurm, 'slogin', `sha256sum <${there}`);
    expect(sum.stdout.split(' ')[0]).toBe(createHash('sha256').update(data).digest('hex'));
    await item.click({ button: 'right' });
    await lab.locator('.lm-Menu-item[data-command="filebrowser:download"]').click();
    const file = join(downloads, name);
    await expect
      .poll(() =>
        readFile(file).then(
          (back) => back.equals(data),
          () => false,
        ),
      )
      .toBe(true);
  } finally {
    await asUser('ada', slurm, 'slogin', ['rm', '-f', there]);
  }
});

test('a second one runs beside it, as a tab with cookies of its own', async () => {
  await page.getByRole('button', { name: 'Back to Tunel' }).click();
  await launch('Analysis 2');
  await expect(card('Analysis 2').getByRole('button', { name: 'Open' })).toBeVisible();
  // Other apps of this account may be listed as well.
  await page.getByText(/^Ready or running\d+$/).click();
  await untilStill(page);
  await windowPicture(tunel.app, 'running');
  await card('Analysis 2').getByRole('button', { name: 'Open' }).click();
  second = await viewPage(tunel.app, [lab]);
  await expect(second.locator('.jp-DirListing-item').first()).toBeVisible();
  const tabs = page.getByRole('navigation', { name: 'Views' }).getByRole('listitem');
  await expect(tabs).toHaveCount(2);

  const origins = [lab, second].map((view) => new URL(view.url()).origin);
  expect(origins[0]).not.toBe(origins[1]);
  const cookies = await Promise.all(
    origins.map((origin) =>
      tunel.app.evaluate(async ({ webContents }, url) => {
        const owner = webContents.getAllWebContents().find((one) => one.getURL().startsWith(url));
        const found = (await owner?.session.cookies.get({ url })) ?? [];
        return found.map(({ name, value, domain, hostOnly }) => ({ name, value, domain, hostOnly }));
      }, origin),
    ),
  );
  for (const [index, jar] of cookies.entries()) {
    expect(jar.map(({ name }) => name)).toContain('_xsrf');
    // Of this host alone: no other app is ever sent it.
    for (const cookie of jar)
      expect(cookie).toMatchObject({ domain: new URL(origins[index] ?? '').host, hostOnly: true });
  }
  const xsrf = cookies.map((jar) => jar.find(({ name }) => name === '_xsrf')?.value);
  expect(xsrf[0]).not.toBe(xsrf[1]);

  // The first still has its page, its notebook and its kernel.
  await tabs.first().getByRole('button').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Analysis');
  await expect(lab.locator('.jp-OutputArea-executeResult .jp-OutputArea-output').first()).toHaveText('42');
  await runCell('7*6 + 1', '43');
  await lab.keyboard.press('Control+s');
  await saved();
});

test('each is one job, and a stop from the window leaves none', async () => {
  expect(ids).toHaveLength(2);
  const jobs = await Promise.all(ids.map((id) => queuedJobs(slurm, id)));
  expect(jobs.map((list) => list.length)).toEqual([1, 1]);
  expect(new Set(jobs.flat()).size).toBe(2);

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Stop/ }).click();
  await page.getByRole('dialog', { name: 'Stop Analysis?' }).getByRole('button', { name: 'Stop' }).click();
  await expect.poll(() => queuedJobs(slurm, ids[0] ?? '')).toEqual([]);
  await expect(
    page
      .getByRole('main')
      .getByText(/ended|stopped/i)
      .first(),
  ).toBeVisible();
  await screenshot(page, 'jupyter-ended');

  await page.getByRole('button', { name: 'Back to Tunel' }).click();
  await card('Analysis 2').getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('dialog', { name: 'Stop Analysis 2?' }).getByRole('button', { name: 'Stop' }).click();
  await expect(card('Analysis 2')).toContainText('Ended');
  await untilGone(slurm, ['slogin', 'c1', 'c2'], ids[1] ?? '');
  await untilGone(slurm, ['slogin', 'c1', 'c2'], ids[0] ?? '');
});
