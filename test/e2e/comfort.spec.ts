import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { launchReady } from '../helpers/running.ts';
import { answerDialogs, askedQuestions, invoke } from '../helpers/shell.ts';
import { emptyHome, viewPage } from '../helpers/ui.ts';

/** Menus, keys, zoom, tabs and quitting, in the real app with the demo cluster. */
test.describe.configure({ mode: 'serial' });

let home: Awaited<ReturnType<typeof emptyHome>>;
let dataDir: string;
let tunel: LaunchedApp;
let page: Page;
let id: string;

async function start(): Promise<void> {
  tunel = await launchApp({ dataDir, env: home.env });
  page = tunel.window;
  await expect
    .poll(async () => (await invoke(page, 'app.state', undefined)).state.clusters[0]?.connection.state)
    .toBe('connected');
}

test.beforeAll(async () => {
  home = await emptyHome();
  dataDir = await mkdtemp(join(tmpdir(), 'tunel-comfort-'));
  await start();
  id = await launchReady(page, { clusterId: 'demo', recipe: 'hello' });
});

test.afterAll(async () => {
  if (id) await invoke(page, 'instances.end', { id });
  await tunel?.close();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  await home?.remove();
});

/** Keeps the labels of native menus instead of showing them. */
const keepMenus = () =>
  tunel.app.evaluate(({ Menu }) => {
    const shown: string[][] = [];
    Reflect.set(globalThis, 'shownMenus', shown);
    Menu.prototype.popup = function popup() {
      shown.push(this.items.filter((item) => item.type !== 'separator').map((item) => item.label || String(item.role)));
    };
  });
const shownMenus = () => tunel.app.evaluate(() => Reflect.get(globalThis, 'shownMenus') as string[][]);

test('a card has the entries of its "more" by the right button and by Shift F10', async () => {
  const card = page.getByRole('article', { name: 'Hello' });
  await card.getByRole('button', { name: 'More for Hello' }).click();
  const entries = () => page.getByRole('menuitem').allInnerTexts();
  await expect(page.getByRole('menuitem', { name: /^Log/ })).toBeVisible();
  const more = await entries();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menuitem')).toHaveCount(0);
  await card.click({ button: 'right', position: { x: 8, y: 8 } });
  await expect(page.getByRole('menuitem', { name: 'Open', exact: true })).toBeVisible();
  expect(await entries()).toEqual(expect.arrayContaining(more));
  await screenshot(page, 'comfort-card-menu');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menuitem')).toHaveCount(0);
  await card.focus();
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem', { name: 'Open', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toBeFocused();
});

test('a field has the menu of the system', async () => {
  await keepMenus();
  await page.keyboard.press('Alt+3');
  await page.getByRole('textbox', { name: 'Search recipes' }).click({ button: 'right' });
  await expect.poll(shownMenus).toHaveLength(1);
  expect((await shownMenus())[0]).toEqual(expect.arrayContaining(['Cut', 'Copy', 'Paste']));
});

test('F1 and ? show the keys, and a ? that is typed stays in its field', async () => {
  await page.keyboard.press('F1');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  const search = page.getByRole('textbox', { name: 'Search recipes' });
  await search.fill('');
  await search.press('?');
  await expect(search).toHaveValue('?');
  await expect(help).toBeHidden();
  await search.fill('');
  await page.getByRole('heading', { name: 'Recipes', exact: true }).focus();
  await page.keyboard.press('?');
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
});

test('Ctrl + - 0 zooms the pages of Tunel, and a view still fills its place', async () => {
  const widthOf = () => page.evaluate(() => innerWidth);
  const whole = await widthOf();
  await page.keyboard.press('Control+Equal');
  await page.keyboard.press('Control+Equal');
  await expect.poll(widthOf).toBeLessThan(whole);
  await invoke(page, 'views.open', { instanceId: id });
  const view = await viewPage(tunel.app);
  await expect.poll(() => view.evaluate(() => innerWidth)).toBe(whole);
  await page.getByRole('button', { name: 'Back to Tunel' }).click();
  await page.keyboard.press('Control+Minus');
  await page.keyboard.press('Control+0');
  await expect.poll(widthOf).toBe(whole);
});

test('the page of an app has a menu, and its tab says until it has painted that it loads', async () => {
  await invoke(page, 'views.open', { instanceId: id });
  const view = await viewPage(tunel.app);
  await expect(page.getByRole('status', { name: 'Loading the page' })).toHaveCount(0);
  const before = (await shownMenus()).length;
  await view.getByRole('heading', { level: 1 }).click({ button: 'right' });
  await expect.poll(async () => (await shownMenus()).length).toBe(before + 1);
  expect((await shownMenus()).at(-1)).toEqual(expect.arrayContaining(['Back', 'Forward', 'Reload']));
});

test('closing the window says which apps keep running, and the answer counts', async () => {
  await answerDialogs(tunel.app, 1);
  await tunel.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => askedQuestions(tunel.app)).toEqual(['1 app keeps running']);
  expect(await tunel.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('after a restart the view of an app that still runs is there again, in front', async () => {
  await tunel.close();
  await start();
  await expect(
    page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /Hello/ }).first(),
  ).toBeVisible();
  const view = await viewPage(tunel.app);
  await expect(view.getByRole('heading', { level: 1 })).toBeVisible();
});
