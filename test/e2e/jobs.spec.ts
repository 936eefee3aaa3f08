import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { clusterOf } from '../helpers/apps.ts';
import { upCluster } from '../helpers/clusters.ts';
import { appRoot, type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, goTo, setSize } from '../helpers/ui.ts';

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

const editor = () => page.getByRole('textbox', { name: 'Script' });
const scriptText = async () => (await editor().locator('.cm-line').allTextContents()).join('\n');

async function writeScript(script: string): Promise<void> {
  await editor().focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(script);
}

async function createJob(name: string, script: string): Promise<void> {
  await goTo(page, 'Jobs');
  await page.locator('header').getByRole('button', { name: 'New job' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await writeScript(script);
  await page.getByRole('button', { name: 'Create draft' }).click();
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
  await createJob('sleeper', '#!/bin/sh\nsleep 1\n');
  await head().getByRole('button', { name: 'Edit' }).click();
  await expect.poll(scriptText).toBe('#!/bin/sh\nsleep 1\n');
  await writeScript('#!/bin/sh\nsleep 600\n');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await head().getByRole('button', { name: 'Submit' }).click();
  await expect(head().getByText('Running')).toBeVisible();
  await tunel.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, folder);
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByRole('button', { name: 'Download when finished' }).click();
  await expect(page.getByText('Saved here when it is over')).toBeVisible();
  await page.keyboard.press('Escape');
  const row = page.locator('tr[data-job]').first();
  await expect(row).toBeFocused();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel job' }).click();
  await expect(row).toContainText('Cancelled');
  const archive = join(folder, `sleeper-${await row.getAttribute('data-job')}.tar`);
  await expect(page.getByText(`Saved as ${archive}`)).toBeVisible();
  const files = execFileSync('tar', ['-tvf', archive], { encoding: 'utf8' });
  expect(files).toMatch(/^-.* job\.log$/m);
  expect(files).toMatch(/^-.* \.\/script\.sh$/m);
  await screenshot(page, 'jobs-list');
  await goTo(page, 'Running');
  await expect(page.getByRole('article')).toHaveCount(0);
});

test('compares two that are marked by keyboard', async () => {
  await goTo(page, 'Jobs');
  const rows = page.locator('tr[data-job]');
  await rows.first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const differences = page.getByRole('dialog').getByRole('region', { name: 'Differences of the scripts' });
  await expect(differences).toContainText('− sleep 600');
  await expect(differences).toContainText('+ cp input.txt result.txt');
  await page.keyboard.press('Escape');
});

test('composes a job for Slurm, whose form and script change each other, and checks it there', async () => {
  const { id } = await invoke(page, 'clusters.save', { input: clusterOf(await upCluster('slurm24')) });
  await invoke(page, 'clusters.connect', { id });
  await expect
    .poll(async () => {
      const { state } = await invoke(page, 'app.state', undefined);
      return state.clusters.find(({ cluster }) => cluster.id === id)?.facts?.launchers.map(({ name }) => name);
    })
    .toContain('slurm');
  await setSize(tunel.app, page, 1280, 800);
  await goTo(page, 'Jobs');
  await page.keyboard.press('ControlOrMeta+Shift+n');
  await page.getByRole('combobox', { name: /^Cluster/ }).click();
  await page.getByRole('option', { name: 'slurm24' }).click();
  await writeScript(
    '#!/bin/bash\n#SBATCH --job-name=composed --mem=200M  # mine\n#SBATCH --nice=1\n\necho "cores $SLURM_CPUS_PER_TASK"\n',
  );
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('composed');
  await expect(page.getByLabel('Memory')).toHaveValue('0.2');
  await page.getByLabel('Cores').fill('2');
  await page.getByLabel('Time').fill('10 min');
  await page.getByLabel('Name', { exact: true }).fill('composed-twice');
  await expect
    .poll(scriptText)
    .toBe(
      [
        '#!/bin/bash',
        '#SBATCH --job-name=composed-twice --mem=200M  # mine',
        '#SBATCH --nice=1',
        '#SBATCH --cpus-per-task=2',
        '#SBATCH --time=00:10:00',
        '',
        'echo "cores $SLURM_CPUS_PER_TASK"',
        '',
      ].join('\n'),
    );
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByText(/slurm24 accepts this job\. It would start/)).toBeVisible();
  await screenshot(page, 'composer-1280');
  await goTo(page, 'Clusters');
  await goTo(page, 'Jobs');
  await expect.poll(scriptText).toContain('--cpus-per-task=2');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(scriptText).toContain('--cpus-per-task=2');
  await setSize(tunel.app, page, 900, 600);
  await screenshot(page, 'composer-900');
  await setSize(tunel.app, page, 1280, 800);
  await page.getByLabel('Time').fill('400 d');
  await expect(page.getByText(/^At most .* can be asked for/)).toBeVisible();
  await expect(editor().locator('.cm-lintRange-error')).toHaveText('--time=400-00:00:00');
  await screenshot(page, 'composer-limit');
  await page.getByLabel('Time').fill('10 min');
});

test('completes a directive, leaves the editor by Esc and Tab, and submits by keyboard only', async () => {
  await editor().focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.type(' --part', { delay: 20 });
  await expect(page.getByRole('option', { name: /--partition/ })).toBeVisible();
  await screenshot(page, 'composer-completion');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: /^gpu/ })).toBeVisible();
  // The editor takes no Enter in the first moment of a list.
  await page.keyboard.type('cpu', { delay: 50 });
  await expect(page.getByRole('option', { name: /^gpu/ })).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: /^Queue/ })).toHaveValue('cpu');
  await page.keyboard.press('Tab');
  await expect(editor()).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor()).not.toBeFocused();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page.getByRole('heading', { name: 'composed-twice' })).toBeVisible();
  await expect(head().getByText('Done')).toBeVisible();
  await page.getByRole('tab', { name: 'Log' }).click();
  await expect(page.getByRole('log')).toContainText('cores 2');
  await head()
    .getByRole('button', { name: /^More for/ })
    .click();
  await page.getByRole('menuitem', { name: /^Edit and run again/ }).click();
  await expect(page.getByRole('heading', { name: 'New job from an earlier one' })).toBeVisible();
  await expect.poll(scriptText).toContain('--partition=cpu');
  await page.getByRole('button', { name: 'Create draft' }).click();
  await expect(head().getByText('Draft')).toBeVisible();
});

test('a fit goes from its form to its curve and plots, and on in a new job', async () => {
  await goTo(page, 'Jobs');
  await head().getByRole('button', { name: 'From a recipe' }).click();
  await page.getByRole('menuitem', { name: 'Bumps fit' }).click();
  await page.getByRole('combobox', { name: /^Cluster/ }).click();
  await page.getByRole('option', { name: 'demo' }).click();
  await page.getByLabel(/^Model/).fill('film.py');
  await page.getByRole('combobox', { name: /^Fitter/ }).click();
  await page.getByRole('option', { name: 'Differential evolution' }).click();
  await page.getByLabel(/^Steps/).fill('60');
  // A stand-in for bumps, with its command line and its files.
  await page.getByRole('combobox', { name: /^Environment/ }).fill(join(appRoot, 'test/integration/recipes/stand-ins'));
  await page.getByLabel(/^Name/).fill('film fit');
  await page.getByRole('button', { name: 'Create draft' }).click();
  await expect(page.getByRole('heading', { name: 'film fit', exact: true })).toBeVisible();
  await writeFile(join(folder, 'film.py'), 'problem = None\n');
  await page.locator('input[type=file]').setInputFiles(join(folder, 'film.py'));
  await expect(page.getByRole('row', { name: /film\.py/ })).toBeVisible();
  await head().getByRole('button', { name: 'Submit' }).click();
  await expect(head().getByText('Done')).toBeVisible();
  await page.getByRole('tab', { name: 'Fit' }).click();
  const plot = page.getByRole('slider', { name: 'Chi-squared by step' });
  await expect(plot).toHaveAttribute('aria-valuetext', /^step 60, chi-squared 5\.5/);
  await plot.focus();
  await page.keyboard.press('Home');
  await expect(plot).toHaveAttribute('aria-valuetext', /^step 1, /);
  await expect(page.getByRole('row', { name: /slope/ })).toBeVisible();
  await expect(page.getByRole('img', { name: 'out/film-corr.png' })).toBeVisible();
  await screenshot(page, 'job-fit');
  await head().getByRole('button', { name: 'Continue' }).click();
  await expect(plot).toHaveAttribute('aria-valuetext', /^step 120, /);
});
