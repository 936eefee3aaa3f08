import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { findRuntime } from '../../build/setup/electron.mjs';
import { readByAxe } from '../helpers/axe.ts';
import { appRoot, type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { press as pressKeys, tabTo } from '../helpers/keyboard.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, setSize, untilStill } from '../helpers/ui.ts';

/** A form that depends on its own values and asks the demo cluster, filled in with the keyboard alone: no click, no focus set. */
test.describe.configure({ mode: 'serial' });

const recipe = `launcher: login
launchers_supported: [slurm]
title: Sums
icon: chart-bar
category: Batch
description: Adds up a column of a table.
script: sums.sh
args:
  - name: kind
    title: Runs in
    description: What the program is run with.
    type: choice
    choices: [{ value: python, label: Python }, { value: container, label: A container }]
    default: python
  - { name: env, title: Environment, description: Its Python., type: path, when: { kind: python }, from: environments }
  - { name: image, title: Image, description: A .sif there., when: { kind: container }, from: containers, required: true }
  - { name: workers, title: Workers, description: How many at once., type: number, min: 1, max: 16, default: 8,
      limits: [{ when: { kind: container }, max: 4 }] }
  - { name: table, title: Table, description: A file with columns., type: path, pick: file }
  - { name: password, title: Password, description: Of the table., type: secret }
`;
const files = ['data/a first.csv', 'data/second.csv', 'data/.cache/x', 'images/tools.sif', 'notes.txt'];

let home: Awaited<ReturnType<typeof emptyHome>>;
let work: string;
let there: string;
let tunel: LaunchedApp;
let page: Page;

async function write(path: string, text = 'x\n', mode = 0o600) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode });
}

test.beforeAll(async () => {
  home = await emptyHome();
  work = await mkdtemp(join(tmpdir(), 'tunel-forms-'));
  there = join(work, 'data/demo/home');
  await write(join(work, 'recipes/sums/app.yaml'), recipe);
  await write(join(work, 'recipes/sums/sums.sh'), 'echo {{ tunel.quoted.kind }} {{ tunel.quoted.workers }}\n');
  for (const file of files) await write(join(there, file));
  await write(join(there, 'venvs/plots/pyvenv.cfg'), 'home = /usr/bin\nversion = 3.11.2\n');
  await write(join(there, 'venvs/plots/bin/python'), '', 0o700);
  await mkdir(join(there, 'many'));
  await Promise.all(Array.from({ length: 3000 }, (_, at) => writeFile(join(there, `many/run-${at}`), '')));
  tunel = await launchApp({ dataDir: join(work, 'data'), env: home.env });
  page = tunel.window;
  await expect
    .poll(async () => (await invoke(page, 'app.state', undefined)).state.clusters[0]?.connection.state)
    .toBe('connected');
  await invoke(page, 'settings.save', { recipeFolders: [join(work, 'recipes')] });
});

test.afterAll(async () => {
  await tunel?.close();
  await home?.remove();
  if (work) await rm(work, { recursive: true, force: true, maxRetries: 5 });
});

const state = async () => (await invoke(page, 'app.state', undefined)).state;
const press = (...keys: string[]) => pressKeys(page, ...keys);
const focused = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Wide in light and narrow in dark, as it is now; axe has nothing to say. */
async function look(name: string): Promise<void> {
  for (const [theme, width, height] of [
    ['dark', 900, 600],
    ['light', 1280, 800],
  ] as const) {
    await invoke(page, 'settings.save', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
    await setSize(tunel.app, page, width, height);
    await untilStill(page);
    await screenshot(page, `forms-${name}-${theme}-${width}`);
    expect((await readByAxe(page, theme === 'dark' ? 'colours' : 'wcag')).found).toEqual([]);
  }
}

const field = (name: RegExp, role: 'textbox' | 'combobox' = 'textbox') => page.getByRole(role, { name });

/** Opens a list by its key and goes to an entry by another. */
async function choose(open: string, step: string, name: string): Promise<void> {
  await press(open);
  const option = page.getByRole('option', { name, exact: true });
  await expect(option).toBeVisible();
  const marked = () => option.evaluate((element) => element.hasAttribute('data-combobox-selected'));
  for (let count = 0; count < 5 && !(await marked()); count++) await press(step);
  await press('Enter');
}

/** Opens the menu that has the focus, goes to an item and chooses it. */
async function chooseItem(name: string | RegExp): Promise<void> {
  await press('Enter');
  const item = page.getByRole('menuitem', { name });
  await expect(item).toBeVisible();
  for (let step = 0; step < 10 && !(await focused(item)); step++) await press('ArrowDown');
  await expect(item).toBeFocused();
  await press('Enter');
}

test('a field comes and goes with another one’s value, and keeps what was typed', async () => {
  await press('Control+n', '/');
  await page.keyboard.type('sums');
  await tabTo(page.getByRole('button', { name: 'Launch Sums' }));
  await press('Enter');
  await expect(page.getByRole('heading', { name: 'Launch Sums' })).toBeVisible();
  await expect(field(/^Image/, 'combobox')).toHaveCount(0);

  await tabTo(field(/^Runs in/, 'combobox'));
  await press('Tab');
  await expect(field(/^Environment/, 'combobox')).toBeFocused();
  await expect(page.getByText('1 found on demo')).toBeVisible();
  await press('ArrowDown');
  await expect(page.getByRole('option', { name: /^plots/ })).toContainText('Python 3.11.2');
  await look('choices');
  await press('Enter');
  await expect(field(/^Environment/, 'combobox')).toHaveValue(join(there, 'venvs/plots'));

  await tabTo(field(/^Runs in/, 'combobox'), 'Shift+Tab');
  await choose('Enter', 'ArrowDown', 'A container');
  await expect(field(/^Environment/, 'combobox')).toHaveCount(0);
  await expect(page.getByText('New fields: Image. Removed fields: Environment.')).toBeAttached();
  await press('Tab');
  await expect(field(/^Image/, 'combobox')).toBeFocused();
  await expect(page.getByText('1 found on demo')).toBeVisible();
  await page.keyboard.type('/typed.sif');
  await press('Escape', 'Tab');
  // The narrower limit is told at its field.
  await expect(field(/^Workers/)).toBeFocused();
  await expect(field(/^Workers/)).toHaveAccessibleName(/1 to 4/);
  await press('Control+Enter');
  await expect(page.getByText('Give 4 or less.')).toBeVisible();
  await expect(field(/^Workers/)).toBeFocused();
  expect((await state()).instances).toEqual([]);
  await press('Control+a');
  await page.keyboard.type('4');

  await tabTo(field(/^Runs in/, 'combobox'), 'Shift+Tab');
  await choose('Enter', 'ArrowUp', 'Python');
  await expect(field(/^Environment/, 'combobox')).toHaveValue(join(there, 'venvs/plots'));
  await expect(field(/^Image/, 'combobox')).toHaveCount(0);
});

test('a path is picked on the cluster by arrows, letters, Enter and Backspace', async () => {
  await tabTo(page.getByRole('button', { name: 'Browse for Table' }));
  await press('Enter');
  const picker = page.getByRole('dialog', { name: 'Choose a file' });
  const list = picker.getByRole('listbox');
  await expect(list).toBeFocused();
  const marked = picker.getByRole('option', { selected: true });
  await expect(marked).toHaveText(/^data/);
  await expect(picker.getByRole('option')).toHaveCount(5);
  await press('m');
  await expect(marked).toHaveText(/^many/);
  await press('Enter');
  await expect(picker.getByText('3000 entries')).toBeVisible();
  expect(await picker.getByRole('option').count()).toBeLessThan(60);
  await press('End');
  await expect(marked).toHaveText(/^run-2999/);
  // On a busy machine the letters may come too slowly to be one name.
  await expect(async () => {
    await page.keyboard.type('run-17');
    await expect(marked).toHaveText(/^run-17/, { timeout: 2000 });
  }).toPass();
  await look('picker');
  await press('Backspace');
  await expect(marked).toHaveText(/^many/);
  await press('Home', 'Enter');
  await expect(picker.getByText('2 entries, 1 hidden')).toBeVisible();
  await tabTo(picker.getByRole('checkbox', { name: 'Hidden files' }), 'Shift+Tab');
  await press('Space');
  await expect(picker.getByText('3 entries')).toBeVisible();
  await tabTo(list);
  await press('a', 'Enter');
  await expect(picker).toBeHidden();
  await expect(field(/^Table/)).toHaveValue(join(there, 'data/a first.csv'));
  await expect(page.getByRole('button', { name: 'Browse for Table' })).toBeFocused();

  // Where it begins again: at what is in the field.
  await press('Enter');
  await expect(marked).toHaveText(/^a first\.csv/);
  await press('Escape');
  await expect(picker).toBeHidden();

  await tabTo(page.getByRole('button', { name: 'Browse for Start in' }));
  await press('Enter');
  const folders = page.getByRole('dialog', { name: 'Choose a folder' });
  await expect(folders.getByRole('option', { name: /^notes/ })).toHaveAttribute('aria-disabled', 'true');
  await press('d', 'Enter');
  await expect(folders.getByRole('button', { name: 'Choose this folder' })).toBeEnabled();
  await expect(folders.getByText(join(there, 'data'), { exact: true })).toBeVisible();
  await press('Control+Enter');
  await expect(field(/^Start in/)).toHaveValue(join(there, 'data'));
  expect((await state()).instances).toEqual([]);
});

test('a preset is saved, replaced only when asked, chosen, renamed and deleted', async () => {
  const save = async () => {
    await tabTo(page.getByRole('button', { name: 'Presets' }), 'Shift+Tab');
    await chooseItem('Save as preset');
    const dialog = page.getByRole('dialog', { name: 'Save as preset' });
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
    await expect(dialog).toContainText('Secrets are not kept: Password.');
    await page.keyboard.type('Monday');
    await press('Enter');
    return dialog;
  };
  await tabTo(page.getByRole('textbox', { name: /^Password/ }), 'Shift+Tab');
  await page.keyboard.type('hunter2');
  await expect(await save()).toBeHidden();
  const [preset] = (await state()).presets;
  expect(preset).toMatchObject({
    name: 'Monday',
    input: { clusterId: 'demo', args: { kind: 'python', workers: 4, table: join(there, 'data/a first.csv') } },
  });
  expect(JSON.stringify(preset)).not.toContain('hunter2');

  await tabTo(field(/^Workers/));
  await press('Control+a');
  await page.keyboard.type('2');
  const asked = await save();
  await expect(asked.getByRole('alert')).toContainText('A preset named Monday exists already.');
  await press('Escape');
  await expect(asked).toBeHidden();
  expect((await state()).presets).toEqual([preset]);

  // A form begun anew, then the preset.
  await press('Alt+3', '/');
  await page.keyboard.type('sums');
  await tabTo(page.getByRole('button', { name: 'Launch Sums' }));
  await press('Enter');
  await expect(field(/^Workers/)).toHaveValue('8');
  await tabTo(page.getByRole('button', { name: 'Presets' }));
  await chooseItem(/^Monday/);
  await expect(field(/^Workers/)).toHaveValue('4');
  await expect(field(/^Start in/)).toHaveValue(join(there, 'data'));
  await expect(page.getByRole('textbox', { name: /^Password/ })).toHaveValue('');

  await tabTo(page.getByRole('button', { name: 'Presets' }), 'Shift+Tab');
  await chooseItem('Rename or delete presets');
  const dialog = page.getByRole('dialog', { name: 'Presets' });
  await tabTo(dialog.getByRole('button', { name: 'Rename Monday' }));
  await press('Enter', 'Control+a');
  await page.keyboard.type('Tuesday');
  await press('Enter');
  await expect.poll(async () => (await state()).presets.map(({ name }) => name)).toEqual(['Tuesday']);
  await tabTo(dialog.getByRole('button', { name: 'Delete Tuesday' }));
  await press('Enter');
  await expect(dialog.getByRole('button', { name: 'Keep' })).toBeFocused();
  await tabTo(dialog.getByRole('button', { name: 'Delete Tuesday' }), 'Shift+Tab');
  await press('Enter');
  await expect.poll(async () => (await state()).presets).toEqual([]);
  await press('Escape');
  await expect(dialog).toBeHidden();
});

/** As the system does it: a second start, with the link among its arguments. It hands over and ends. */
async function openLink(link: string): Promise<void> {
  const runtime = findRuntime();
  if (!runtime) throw new Error('There is no Electron on this machine yet.');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(runtime.path, [`--user-data-dir=${join(work, 'data/chromium')}`, ...sandbox, appRoot, link], {
    env: { ...process.env, ...home.env, SSH_AUTH_SOCK: '', TUNEL_DATA_DIR: join(work, 'data') },
    stdio: 'ignore',
  });
  await new Promise((ended) => child.once('exit', ended));
}

test('a launch link fills the form and runs nothing; one that cannot be used says why', async () => {
  await press('Alt+1');
  await openLink('tunel://launch?recipe=sums&cluster=demo&arg.kind=container&arg.workers=9&title=From+a+stranger');
  const heading = page.getByRole('heading', { name: 'Launch Sums' });
  await expect(heading).toBeVisible();
  const banner = page.getByText('Filled from a link: check before you launch.');
  await expect(banner).toBeVisible();
  await expect(page.getByText('It set Cluster, Title, Runs in, Workers.')).toBeVisible();
  await expect(field(/^Name/)).toHaveValue('From a stranger');
  // Mistakes of a link are marked at once: the image is needed, and a container takes four workers.
  await expect(page.getByText('Image is needed.')).toBeVisible();
  await expect(page.getByText('Give 4 or less.')).toBeVisible();
  await look('link');

  await openLink('tunel://launch?recipe=hello');
  const question = page.getByRole('dialog', { name: 'Open the form for Hello?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await press('Enter');
  await expect(question).toBeHidden();
  await expect(heading).toBeVisible();

  await openLink('tunel://launch?recipe=sums&arg.password=x');
  const refused = page.getByRole('dialog', { name: 'This launch link does not open' });
  await expect(refused).toContainText('Password is a secret, and no link may hold one.');
  await press('Escape');
  await expect(refused).toBeHidden();
  expect((await state()).instances).toEqual([]);
});

test('a relaunch whose values no longer fit opens the form at the bad field', async () => {
  await press('Alt+1');
  await openLink('tunel://launch?recipe=sums&cluster=demo&arg.workers=16&title=Sixteen');
  await expect(page.getByRole('heading', { name: 'Launch Sums' })).toBeFocused();
  await press('Control+Enter');
  expect((await state()).instances).toEqual([]);
  await tabTo(field(/^Name/));
  await expect(field(/^Name/)).toHaveValue('Sixteen');
  await press('Control+Enter');
  // A batch job is shown on its own page.
  await expect(page.getByRole('heading', { name: 'Sixteen' })).toBeVisible();
  await expect(page.locator('main header').getByText('Done')).toBeVisible();
  expect((await state()).instances[0]?.input?.args).toEqual({ kind: 'python', workers: 16 });
  await write(join(work, 'recipes/sums/app.yaml'), recipe.replace('max: 16', 'max: 10'));
  await invoke(page, 'recipes.reload', undefined);
  await tabTo(page.getByRole('button', { name: 'More for Sixteen' }));
  await press('Enter');
  await tabTo(page.getByRole('menuitem', { name: /^Edit and launch again/ }), 'ArrowDown');
  await press('Enter');
  await expect(page.getByText('What it was launched with no longer fits Sums.')).toBeVisible();
  await expect(field(/^Workers/)).toBeFocused();
  await expect(page.getByText('Give 10 or less.')).toBeVisible();
  // The same from the E of its row, and from the quick launch.
  for (const again of ['edit', 'chip']) {
    await press(again === 'edit' ? 'Alt+2' : 'Alt+1');
    if (again === 'edit') await tabTo(page.getByRole('row', { name: 'Sixteen' }));
    else await tabTo(page.getByRole('button', { name: /^Sixteen/ }));
    await press(again === 'edit' ? 'e' : 'Enter');
    await expect(page.getByText('What it was launched with no longer fits Sums.')).toBeVisible();
    await expect(field(/^Workers/)).toBeFocused();
  }
  expect((await state()).instances).toHaveLength(1);
});
