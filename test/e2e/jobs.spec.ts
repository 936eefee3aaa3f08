import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, goTo } from '../helpers/ui.ts';

/** A batch job on the demo cluster, from its form to its result, with the real engine. */
test.describe.configure({ mode: 'serial' });

let home: Awaited<ReturnType<typeof emptyHome>>;
let folder: string;
let tunel: LaunchedApp;
let page: Page;

test.beforeAll(async () => {
  home = await emptyHome();
  folder = await mkdtemp(join(tmpdir(), 'tunel-jobs-'));
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
  await expect
    .poll(async () => (await invoke(page, 'app.state', undefined)).state.clusters[0]?.connection.state)
    .toBe('connected');
});

test.afterAll(async () => {
  await tunel?.close();
  await rm(folder, { recursive: true, force: true });
  await home?.remove();
});

async function createJob(name: string, script: string): Promise<void> {
  await goTo(page, 'Jobs');
  await page.locator('header').getByRole('button', { name: 'New job' }).click();
  const dialog = page.getByRole('dialog', { name: 'New job' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Script').fill(script);
  await dialog.getByRole('button', { name: 'Create job' }).click();
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
}

const head = () => page.locator('main header');

test('uploads an input, submits, shows the result and saves it byte for byte', async () => {
  await createJob('copy-input', '#!/bin/sh\nhead -n 2 input.txt\ncp input.txt result.txt\n');
  const content = Array.from({ length: 90_000 }, (_, index) => `line ${index}\n`).join('');
  await writeFile(join(folder, 'input.txt'), content);
  await page.locator('input[type=file]').setInputFiles(join(folder, 'input.txt'));
  await expect(page.getByRole('row', { name: /input\.txt/ })).toBeVisible();
  await head().getByRole('button', { name: 'Submit' }).click();
  await expect(head().getByText('Done')).toBeVisible();
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByRole('button', { name: 'result.txt', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Preview of result.txt' })).toContainText('line 42');
  await screenshot(page, 'job-result');
  const path = join(folder, 'saved.txt');
  await tunel.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await page
    .getByRole('row', { name: /result\.txt/ })
    .getByRole('button', { name: 'Download result.txt' })
    .click();
  await expect(page.getByText(`Saved as ${path}`)).toBeVisible();
  expect(await readFile(path, 'utf8')).toBe(content);
});

test('runs it again with its input, and removes it', async () => {
  await head().getByRole('button', { name: 'Run again' }).click();
  const jobs = async () => (await invoke(page, 'app.state', undefined)).state.jobs;
  await expect.poll(async () => (await jobs()).map(({ state }) => state)).toEqual(['completed', 'completed']);
  const [copy] = await jobs();
  await expect(page.getByText(copy?.directory ?? 'none', { exact: true })).toBeVisible();
  await expect(head().getByText('Done')).toBeVisible();
  await expect(page.getByRole('row', { name: /result\.txt/ })).toBeVisible();
  await head()
    .getByRole('button', { name: /^More for/ })
    .click();
  await page.getByRole('menuitem', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible();
  await expect(page.locator('tr[data-job]')).toHaveCount(1);
});

test('cancels one that runs, from its row by keyboard, and is no card among the apps', async () => {
  await createJob('sleeper', '#!/bin/sh\nsleep 600\n');
  await head().getByRole('button', { name: 'Submit' }).click();
  await expect(head().getByText('Running')).toBeVisible();
  await page.keyboard.press('Escape');
  const row = page.locator('tr[data-job]').first();
  await expect(row).toBeFocused();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel job' }).click();
  await expect(row).toContainText('Cancelled');
  await screenshot(page, 'jobs-list');
  await goTo(page, 'Running');
  await expect(page.getByRole('article')).toHaveCount(0);
});
