import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { readByAxe } from '../helpers/axe.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { launchReady } from '../helpers/running.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, viewPage } from '../helpers/ui.ts';

/** The recipe Files in its view, on the demo cluster. */
let home: Awaited<ReturnType<typeof emptyHome>>;
let folder: string;
let tunel: LaunchedApp;
let id: string;
let view: Page;

test.beforeAll(async () => {
  home = await emptyHome();
  folder = await mkdtemp(join(tmpdir(), 'tunel-files-'));
  await mkdir(join(folder, 'results'));
  for (const name of ['a.csv', 'b.csv', 'c.csv', 'd.csv']) {
    await writeFile(join(folder, name), 'x'.repeat(1500));
    const changed = new Date(2026, 2, 3, 14, 5);
    await utimes(join(folder, name), changed, changed);
  }
  tunel = await launchApp({ env: home.env });
  await expect
    .poll(async () => (await invoke(tunel.window, 'app.state', undefined)).state.clusters[0]?.connection.state)
    .toBe('connected');
  id = await launchReady(tunel.window, { clusterId: 'demo', recipe: 'files', args: { folder } });
  await invoke(tunel.window, 'views.open', { instanceId: id });
  view = await viewPage(tunel.app);
});

test.afterAll(async () => {
  if (id) await invoke(tunel.window, 'instances.end', { id });
  await tunel?.close();
  await rm(folder, { recursive: true, force: true });
  await home?.remove();
});

test('follows the theme of Tunel, and writes dates as ISO', async () => {
  await expect(view.getByRole('row', { name: /a\.csv/ })).toContainText('2026-03-03 14:05');
  await expect(view.getByRole('row', { name: /a\.csv/ })).toContainText('1.5 kB');
  // Playwright would pretend that the system is light.
  await view.emulateMedia({ colorScheme: null });
  const ground = () => view.evaluate(() => getComputedStyle(document.body).backgroundColor);
  for (const [theme, colour] of [
    ['light', 'rgb(247, 248, 250)'],
    ['dark', 'rgb(15, 18, 24)'],
  ] as const) {
    await invoke(tunel.window, 'settings.save', { theme });
    await expect.poll(ground).toBe(colour);
    await view.getByRole('checkbox', { name: 'Select b.csv' }).check();
    await screenshot(view, `files-${theme}`);
    const { found } = await readByAxe(view, 'wcag');
    expect.soft(found, theme).toEqual([]);
    await view.getByRole('button', { name: 'Clear' }).click();
  }
});

test('selects several, by Shift and all at once, and deletes them together', async () => {
  await view.getByRole('checkbox', { name: 'Select a.csv' }).click();
  await view.getByRole('checkbox', { name: 'Select c.csv' }).click({ modifiers: ['Shift'] });
  const toolbar = view.getByRole('toolbar', { name: 'Selection' });
  await expect(toolbar).toContainText('3 selected');
  await expect(toolbar.getByRole('button', { name: 'Download 3' })).toBeVisible();
  await view.getByRole('checkbox', { name: 'Select all' }).check();
  await expect(toolbar).toContainText('5 selected');
  await view.keyboard.press('Escape');
  await expect(toolbar).toBeHidden();
  await view.getByRole('checkbox', { name: 'Select a.csv' }).click();
  await view.getByRole('checkbox', { name: 'Select b.csv' }).click({ modifiers: ['Shift'] });
  const remove = toolbar.getByRole('button', { name: 'Delete what is selected' });
  await remove.click();
  expect(await readdir(folder)).toHaveLength(5);
  await remove.click();
  await expect(view.getByText('2 entries are deleted.')).toBeVisible();
  expect((await readdir(folder)).sort()).toEqual(['c.csv', 'd.csv', 'results']);
});
