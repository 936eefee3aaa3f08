import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { readByAxe } from '../helpers/axe.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
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
  await home?.remove();
});

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
