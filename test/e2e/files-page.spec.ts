import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { readByAxe } from '../helpers/axe.ts';
import { appRoot, type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { press } from '../helpers/keyboard.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome } from '../helpers/ui.ts';

/** The page of files with the real engine and the demo cluster, which has the disks of this computer. */
test.describe.configure({ mode: 'serial' });

let home: Awaited<ReturnType<typeof emptyHome>>;
let data: string;
let tunel: LaunchedApp;
let page: Page;

const grid = (side: 0 | 1): Locator => page.locator(`#files-grid-${side}`);
const row = (side: 0 | 1, name: string): Locator => grid(side).locator('tr[data-index]', { hasText: name });
const names = (side: 0 | 1): Promise<string[]> =>
  grid(side).locator('tr[data-index] td:first-child > span').allTextContents();

test.beforeAll(async () => {
  home = await emptyHome();
  data = join(home.env.HOME ?? '', 'data');
  await mkdir(join(data, 'results'), { recursive: true });
  for (const name of ['run-10.h5', 'run-9.h5', '.hidden']) await writeFile(join(data, name), 'x'.repeat(1500));
  await writeFile(join(data, 'notes.txt'), 'first line\nsecond line\n');
  await writeFile(join(data, 'table.csv'), 'time,value\n1,2.5\n2,3.5\n');
  await symlink('results', join(data, 'latest'));
  await writeFile(Buffer.concat([Buffer.from(`${data}/mess`), Buffer.from([0xff]), Buffer.from('ung')]), 'odd');
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
  await expect
    .poll(async () => (await invoke(page, 'app.state', undefined)).state.clusters[0]?.connection.state)
    .toBe('connected');
});

test.afterAll(async () => {
  await tunel?.close();
  server.close();
  await home?.remove();
});

/** What a page tries in order to reach a server: the name, and an expression that gives `nothing` where it failed. */
const hostileTries: [string, string][] = [
  ['fetch', 'fetch(url).then(() => "reached", () => "nothing")'],
  ['image', 'loads(new Image(), "src")'],
  ['script', 'loads(document.createElement("script"), "src")'],
  ['style', 'loads(Object.assign(document.createElement("link"), { rel: "stylesheet" }), "href")'],
  ['preconnect', 'ignored(Object.assign(document.createElement("link"), { rel: "preconnect", href: url }))'],
  ['frame', 'ignored(Object.assign(document.createElement("iframe"), { src: url }))'],
  ['socket', 'new Promise((end) => { new WebSocket(url.replace("http", "ws")).onerror = () => end("nothing") })'],
  ['beacon', '(navigator.sendBeacon(url), "nothing")'],
  ['call', 'call()'],
  ['window', 'window.open(url) === null ? "nothing" : "opened"'],
  ['top', 'attempt(() => { top.location = url })'],
  ['parent', 'attempt(() => parent.document.title)'],
  ['bridge', 'typeof window.tunel === "undefined" && typeof require === "undefined" ? "nothing" : "bridge"'],
  ['storage', 'attempt(() => localStorage.length)'],
  ['form', 'attempt(() => { document.forms[0].submit(); throw 0 })'],
];
const reached: string[] = [];
const server = createServer((socket) => {
  reached.push(String(socket.remotePort));
  socket.destroy();
});

async function serverAddress(): Promise<string> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
}

function hostilePage(url: string): string {
  return `<title>hostile</title><form action="${url}"><button>send</button></form><a href="${url}">a link</a><ul></ul>
<p id="done"></p><script>
const url = ${JSON.stringify(url)};
const attempt = (work) => { try { work(); return "reached" } catch { return "nothing" } };
const loads = (element, key) => new Promise((end) => {
  element.onload = () => end("loaded"); element.onerror = () => end("nothing");
  element[key] = url; document.head.append(element);
});
const ignored = (element) => { document.head.append(element); return "nothing" };
const call = async () => {
  const peer = new RTCPeerConnection({ iceServers: [{ urls: url.replace("http://", "turn:").replace("/", "") + "?transport=tcp", username: "u", credential: "c" }] });
  peer.createDataChannel("x");
  await peer.setLocalDescription(await peer.createOffer());
  return "nothing";
};
(async () => {
  for (const [name, work] of [${hostileTries.map(([name, work]) => `[${JSON.stringify(name)}, () => ${work}]`).join(',\n')}]) {
    const line = document.createElement("li");
    try { line.textContent = name + ": " + await work() } catch { line.textContent = name + ": nothing" }
    document.querySelector("ul").append(line);
  }
  document.querySelector("#done").textContent = "done";
})();
</script>`;
}

/** Types a path in the pane that has the focus. */
async function openPath(side: 0 | 1, path: string): Promise<void> {
  await press(page, 'Control+l');
  await page.getByRole('combobox', { name: 'Path' }).fill(path);
  await page.getByRole('combobox', { name: 'Path' }).press('Enter');
  await expect(grid(side)).toBeFocused();
  await expect(grid(side)).toHaveAttribute('aria-busy', 'false');
}

test('by keyboard: to a typed path, to a name, a preview, a new name, the trash and back', async () => {
  await press(page, 'Alt+6');
  await expect(row(0, 'data')).toBeVisible();
  await expect(grid(1)).toHaveAttribute('aria-busy', 'false');
  await grid(0).focus();
  await press(page, 'Tab');
  await expect(grid(1)).toBeFocused();
  await openPath(1, data);
  await expect(row(1, 'notes.txt')).toBeVisible();
  expect(await names(1)).toEqual([
    'latest → results',
    'results',
    'mess\\xffung',
    'notes.txt',
    'run-9.h5',
    'run-10.h5',
    'table.csv',
  ]);
  await press(page, 'Control+h');
  await expect(row(1, '.hidden')).toBeVisible();
  await press(page, 'Control+h', 'n');
  await expect(row(1, 'notes.txt')).toHaveAttribute('aria-selected', 'true');
  await press(page, 'Enter');
  await expect(page.getByRole('region', { name: /^Preview of/ })).toContainText('second line');
  await press(page, 'End');
  await expect(page.getByRole('region', { name: /^Preview of/ }).getByRole('cell', { name: '3.5' })).toBeVisible();
  await screenshot(page, 'files-page-preview');
  await press(page, 'Escape', 'Home', 'ArrowDown', 'ArrowDown', 'F2');
  await page.getByRole('textbox', { name: 'Name' }).fill('even');
  await press(page, 'Enter');
  await expect(row(1, 'even')).toHaveAttribute('aria-selected', 'true');
  expect(await readFile(join(data, 'even'), 'utf8')).toBe('odd');
  await expect(grid(1)).toBeFocused();
  await press(page, 'Delete');
  await expect(row(1, 'even')).toHaveCount(0);
  await expect(page.getByText('even moved to the trash')).toBeVisible();
  expect(await readdir(data)).not.toContain('even');
  await press(page, 'Control+z');
  await expect(row(1, 'even')).toBeVisible();
  expect(await readFile(join(data, 'even'), 'utf8')).toBe('odd');
});

test('makes a folder, copies into it, moves, and says why a folder is closed', async () => {
  await press(page, 'F7');
  await page.getByRole('textbox', { name: 'Name' }).fill('copies');
  await press(page, 'Enter');
  await expect(row(1, 'copies')).toHaveAttribute('aria-selected', 'true');
  await press(page, 'r', 'u', 'Shift+ArrowDown', 'Control+c');
  await openPath(1, join(data, 'copies'));
  await press(page, 'Control+v');
  await expect(row(1, 'run-10.h5')).toBeVisible();
  expect((await readdir(join(data, 'copies'))).sort()).toEqual(['run-10.h5', 'run-9.h5']);
  expect((await readdir(data)).filter((name) => name.startsWith('run-'))).toHaveLength(2);
  await press(page, 'Control+v');
  await expect(row(1, 'run-10 (2).h5')).toBeVisible();
  await press(page, 'Backspace');
  await expect(row(1, 'copies')).toBeVisible();
  await openPath(1, join(data, 'absent'));
  await expect(grid(1).getByRole('alert')).toContainText('there is no such file or folder');
  await page.getByRole('button', { name: 'Go up' }).click();
  await expect(row(1, 'copies')).toBeVisible();
});

test('shows this computer beside it, where files are renamed and removed', async () => {
  await grid(0).focus();
  await openPath(0, data);
  await expect(row(0, 'table.csv')).toBeVisible();
  await press(page, 't', 'F2');
  await page.getByRole('textbox', { name: 'Name' }).fill('renamed.csv');
  await press(page, 'Enter');
  await expect(row(0, 'renamed.csv')).toBeVisible();
  expect(await readdir(data)).toContain('renamed.csv');
  await press(page, 'Shift+Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row(0, 'renamed.csv')).toHaveCount(0);
  expect(await readdir(data)).not.toContain('renamed.csv');
  const { found } = await readByAxe(page, 'all');
  expect.soft(found).toEqual([]);
  await screenshot(page, 'files-page');
});

test('copies to the cluster and asks once about what is there already', async () => {
  await writeFile(join(data, 'to-send.txt'), 'sent');
  await mkdir(join(data, 'arrived'));
  await grid(1).focus();
  await openPath(1, join(data, 'arrived'));
  await grid(0).focus();
  await openPath(0, data);
  await expect(row(0, 'to-send.txt')).toBeVisible();
  await press(page, 't', 'o', 'F5');
  const dock = page.getByRole('region', { name: 'Transfers' });
  await expect(dock.getByRole('listitem').first()).toContainText('Done');
  await expect(row(1, 'to-send.txt')).toBeVisible();
  expect(await readFile(join(data, 'arrived/to-send.txt'), 'utf8')).toBe('sent');
  await writeFile(join(data, 'to-send.txt'), 'another');
  await press(page, 'F5');
  const dialog = page.getByRole('dialog', { name: 'A file already exists' });
  await dialog.getByRole('radio', { name: /^Keep both/ }).check();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect.poll(() => readdir(join(data, 'arrived'))).toHaveLength(2);
  await screenshot(page, 'files-page-transfers');
});

/** Shows a file of the second pane beside it. */
async function previewOf(name: string): Promise<Locator> {
  await row(1, name).click();
  await expect(row(1, name)).toHaveAttribute('aria-selected', 'true');
  if (!(await page.getByRole('region', { name: /^Preview/ }).isVisible())) await press(page, 'Enter');
  const preview = page.getByRole('region', { name: `Preview of ${join(data, 'formats', name)}` });
  await expect(preview).toBeVisible();
  return preview;
}

test('shows HDF5, Parquet and notebooks by their own views', async () => {
  const formats = join(data, 'formats');
  await mkdir(formats);
  for (const name of ['sample.h5', 'runs.parquet']) {
    await copyFile(join(appRoot, 'test/helpers/fixtures/data-files', name), join(formats, name));
  }
  const html = '<b id="out">bold</b><script>out.textContent = "run"</script>';
  const cells = [
    { cell_type: 'markdown', source: ['# Fit of the *film*'] },
    { cell_type: 'code', source: 'chi2', execution_count: 4, outputs: [{ output_type: 'stream', text: '1.02' }] },
    { cell_type: 'code', source: 'table', outputs: [{ output_type: 'display_data', data: { 'text/html': html } }] },
  ];
  await writeFile(join(formats, 'notebook.ipynb'), JSON.stringify({ nbformat: 4, cells }));
  await writeFile(join(formats, 'hostile.html'), hostilePage(await serverAddress()));
  const url = await serverAddress();
  await writeFile(join(formats, 'leaving.html'), `<script>location.href = ${JSON.stringify(url)}</script>`);
  await writeFile(join(formats, 'refreshed.html'), `<meta http-equiv="refresh" content="0;url=${url}">`);
  await writeFile(join(formats, 'busy.html'), '<p>busy</p><script>for (;;);</script>');
  await grid(1).focus();
  await openPath(1, formats);
  const h5 = await previewOf('sample.h5');
  await h5.getByRole('button', { name: 'entry', exact: true }).click();
  await h5.getByRole('button', { name: 'title text' }).click();
  await expect(h5.getByRole('cell', { name: 'Film at 298 K' })).toBeVisible();
  const parquet = await previewOf('runs.parquet');
  await expect(parquet.getByRole('cell', { name: 'film-3' }).first()).toBeVisible();
  const notebook = await previewOf('notebook.ipynb');
  await expect(notebook.getByRole('heading', { name: 'Fit of the film' })).toBeVisible();
  await expect(notebook).toContainText('1.02');
  await expect(notebook.frameLocator('iframe').getByText('run', { exact: true })).toBeVisible();
  await screenshot(page, 'files-page-notebook');
});

test('shows an HTML page that reaches neither the network nor the app', async () => {
  const preview = await previewOf('hostile.html');
  const frame = preview.frameLocator('iframe');
  // Each line is written by a try when it has failed or was ignored.
  await expect(frame.locator('#done')).toHaveText('done');
  expect(await frame.locator('li').allTextContents()).toEqual(hostileTries.map(([name]) => `${name}: nothing`));
  expect(reached, 'connections to the server that it tries').toEqual([]);
  expect(page.url()).toBe('app://tunel/index.html');
  expect(await tunel.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await frame.getByRole('link', { name: 'a link' }).click();
  await frame.getByRole('button', { name: 'send' }).click();
  await expect(frame.locator('#done')).toHaveText('done');
  await screenshot(page, 'files-page-html');
  await preview.getByText('Text', { exact: true }).click();
  await expect(preview).toContainText('<title>hostile</title>');
  await preview.getByRole('button', { name: 'Search in the text' }).click();
  await preview.getByRole('textbox', { name: 'Search in the text' }).fill('ServiceWorker');
  await expect(preview.getByText('none', { exact: true })).toBeVisible();
  await preview.getByRole('textbox', { name: 'Search in the text' }).fill('<TITLE>');
  await expect(preview.getByText('1 of 1')).toBeVisible();
  await expect(preview.locator('mark')).toHaveText('<title>');
  const leaving = await previewOf('leaving.html');
  await expect(leaving.getByText('The page tried to go elsewhere')).toBeVisible();
  const refreshed = await previewOf('refreshed.html');
  await expect(refreshed.getByText('The page tried to go elsewhere')).toBeVisible();
  const busy = await previewOf('busy.html');
  await expect(busy.getByText('Its scripts run')).toBeVisible();
  await press(page, 'Escape');
  await expect(grid(1)).toBeFocused();
  expect(reached, 'connections after clicks').toEqual([]);
  await grid(0).focus();
  await expect(grid(0)).toBeFocused();
});

test('a folder of 100,000 files opens whole, is gone through to its end, and finds a name', async () => {
  const many = join(data, 'many');
  await mkdir(many);
  await promisify(execFile)('sh', ['-c', `cd "$1" && seq -f 'frame-%g.tif' 100000 | xargs touch`, 'sh', many]);
  await press(page, 'Tab');
  await expect(grid(1)).toBeFocused();
  await openPath(1, many);
  await expect(row(1, 'frame-').first()).toBeVisible();
  await expect(grid(1)).toHaveAttribute('aria-rowcount', '100001');
  expect(await grid(1).locator('tr[data-index]').count()).toBeLessThan(100);
  await press(page, 'End');
  await expect(row(1, 'frame-100000.tif')).toBeVisible();
  await press(page, 'Control+f');
  await page.getByRole('textbox', { name: 'Find by name' }).fill('frame-4242?.tif');
  await expect(grid(1)).toHaveAttribute('aria-rowcount', '11');
  await rm(many, { recursive: true });
});
