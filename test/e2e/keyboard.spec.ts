import { expect, type Page, test } from '@playwright/test';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, viewPage } from '../helpers/ui.ts';

/** From the first start to a stopped app without a pointer: no click, no focus set by the test. */
test.describe.configure({ mode: 'serial' });

let home: Awaited<ReturnType<typeof emptyHome>>;
let tunel: LaunchedApp;
let page: Page;
let view: Page;

test.beforeAll(async () => {
  home = await emptyHome();
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
  await expect
    .poll(async () => (await invoke(page, 'app.state', undefined)).state.clusters[0]?.connection.state)
    .toBe('connected');
});

test.afterAll(async () => {
  await tunel?.close();
  await home?.remove();
});

const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

/** Presses Tab until the named thing has the focus; what cannot be reached so fails. */
async function tabTo(role: 'button' | 'textbox' | 'combobox' | 'article', name: string | RegExp): Promise<void> {
  const target = page.getByRole(role, { name }).first();
  await expect(target).toBeVisible();
  for (let step = 0; step < 60; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await press('Tab');
  }
  throw new Error(`Tab does not reach ${role} ${name}`);
}

test('finds the recipe, fills the form and launches', async () => {
  await press('Control+n');
  await expect(page.getByRole('heading', { name: 'Recipes', exact: true })).toBeVisible();
  await press('/');
  await expect(page.getByRole('textbox', { name: 'Search recipes' })).toBeFocused();
  await page.keyboard.type('hello');
  await expect(page.getByRole('article')).toHaveCount(1);
  await tabTo('button', 'Launch Hello');
  await press('Enter');
  await expect(page.getByRole('heading', { name: 'Launch Hello' })).toBeVisible();
  await tabTo('textbox', /^Greeting/);
  await press('Control+a');
  await page.keyboard.type('Good keys');
  await tabTo('textbox', /^Name/);
  await page.keyboard.type('By keyboard');
  await press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'Running apps' })).toBeVisible();
  const card = page.getByRole('article', { name: 'By keyboard' });
  await expect(card.getByRole('button', { name: 'Open' })).toBeVisible();
});

test('opens it by Enter on its card; the page has the keys, F6 brings them back', async () => {
  await tabTo('article', 'By keyboard');
  await press('Enter');
  view = await viewPage(tunel.app);
  await expect(view.getByRole('heading', { level: 1 })).toContainText('Good keys');
  // Keys go where the system's focus is, as from a real keyboard, and not to a page of the test's choice.
  const focused = () =>
    tunel.app.evaluate(({ webContents }) => webContents.getFocusedWebContents()?.getURL().split('/')[2] ?? '');
  await expect.poll(focused).toMatch(/\.apps\.internal$/);
  await tunel.app.evaluate(({ webContents }) => {
    const contents = webContents.getFocusedWebContents();
    contents?.sendInputEvent({ type: 'keyDown', keyCode: 'F6' });
    contents?.sendInputEvent({ type: 'keyUp', keyCode: 'F6' });
  });
  await expect.poll(focused).toBe('tunel');
  const toolbar = page.getByRole('toolbar', { name: 'View' });
  await expect.poll(() => toolbar.evaluate((bar) => bar.contains(document.activeElement))).toBe(true);
  await screenshot(page, 'keyboard-toolbar');
});

test('stops it by Ctrl+Shift+X, after a question', async () => {
  await press('Control+Shift+x');
  const question = page.getByRole('dialog', { name: 'Stop By keyboard?' });
  await expect(question).toBeVisible();
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await press('Escape');
  await expect(question).toBeHidden();
  await press('Control+Shift+x');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await press('Tab', 'Enter');
  await expect(question).toBeHidden();
  await expect.poll(async () => (await invoke(page, 'app.state', undefined)).state.instances[0]?.state).toBe('ended');
});

test('reaches a launch form and the running apps by the palette and Alt+1', async () => {
  await press('Control+k');
  await expect(page.getByRole('textbox', { name: 'Search or run' })).toBeFocused();
  await page.keyboard.type('launch hello');
  await press('Enter');
  await expect(page.getByRole('heading', { name: 'Launch Hello' })).toBeVisible();
  await press('Alt+1');
  await expect(page.getByRole('heading', { name: 'Running apps' })).toBeVisible();
});
