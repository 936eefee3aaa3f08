import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { Tunel } from '../helpers/cli.ts';
import { appRoot, type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { press, tabTo } from '../helpers/keyboard.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome } from '../helpers/ui.ts';

/** Recipes of a real git repository, by git's own transport, looked at and used with the keyboard alone. */
test.describe.configure({ mode: 'serial' });

let home: Awaited<ReturnType<typeof emptyHome>>;
let work: string;
let url: string;
let tunel: LaunchedApp;
let page: Page;
let dialog: Locator;
let first: string;

const git = (...args: string[]) =>
  execFileSync(
    'git',
    ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-C', join(work, 'lab-recipes'), ...args],
    {
      encoding: 'utf8',
    },
  ).trim();
async function write(path: string, text: string) {
  const target = join(work, 'lab-recipes', path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}
function commit(): string {
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

test.beforeAll(async () => {
  home = await emptyHome();
  work = await mkdtemp(join(tmpdir(), 'tunel-sources-'));
  url = `file://${join(work, 'lab-recipes')}`;
  await mkdir(join(work, 'lab-recipes'));
  git('init', '-q', '-b', 'main');
  await write(
    'lab/app.yaml',
    'launcher: login\nscript: run.sh\ndescription: What the lab works with.\ntitle: Lab bench\nserve: { listen: port }\n',
  );
  await write('lab/run.sh', '#!/bin/bash\nexec app --host 0.0.0.0\n');
  first = commit();
  tunel = await launchApp({ dataDir: join(work, 'data'), env: home.env });
  page = tunel.window;
  await invoke(page, 'settings.save', { theme: 'light' });
});

test.afterAll(async () => {
  await tunel?.close();
  await home?.remove();
  if (work) await rm(work, { recursive: true, force: true, maxRetries: 5 });
});

const state = async () => (await invoke(page, 'app.state', undefined)).state;
const used = async () => (await state()).sources.map(({ commit: at }) => at);
const own = async () => (await state()).recipes.list.filter(({ source }) => source === url).map(({ title }) => title);
const script = async () => {
  const [source] = (await state()).sources;
  return readFile(join(work, 'data/sources', source?.id ?? '', source?.commit ?? '', 'lab/run.sh'), 'utf8');
};
/** Reviews that nobody answered. */
const left = async () => (await readdir(join(work, 'data/sources'))).filter((name) => name.startsWith('.'));

const use = () => dialog.getByRole('button', { name: 'Use these recipes' });
const review = () => dialog.getByRole('region', { name: 'What it may do' });

const sections = () => page.getByRole('navigation', { name: 'Settings sections' });

async function openUpdate(): Promise<void> {
  await tabTo(page.getByRole('button', { name: /^Check for an update/ }));
  await press(page, 'Enter');
  dialog = page.getByRole('dialog', { name: 'Update recipes' });
  await expect(dialog).toBeVisible();
}

test('a repository is used only after what was found in it was read', async () => {
  await press(page, 'Alt+5');
  await tabTo(sections().getByRole('button', { name: 'Recipes' }));
  await press(page, 'Enter');
  await tabTo(page.getByRole('button', { name: 'Add a repository' }));
  await press(page, 'Enter');
  dialog = page.getByRole('dialog', { name: 'Recipes from a git repository' });
  await expect(dialog.getByRole('textbox', { name: /^Address/ })).toBeFocused();
  await page.keyboard.type(`file://${join(work, 'nowhere')}`);
  await press(page, 'Enter');
  await expect(dialog.getByRole('alert')).toContainText('could not be fetched');
  await expect(use()).toBeDisabled();

  await press(page, 'Control+a');
  await page.keyboard.type(url);
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await press(page, 'Enter');
  await expect(review()).toContainText(first.slice(0, 12));
  await expect(review()).toContainText('Runs run.sh (3 lines) on the cluster, as you.');
  await expect(review()).toContainText('Listens on a port of its node, and demands no token.');
  await expect(review().getByRole('list', { name: 'Found in Lab bench' })).toContainText(
    'lab/run.sh:2: error: It listens on every network',
  );
  await expect(use()).toBeDisabled();
  expect(await own()).toEqual([]);
  const read = dialog.getByRole('checkbox', { name: 'I have read the 1 error' });
  await tabTo(read);
  await press(page, 'Space');
  await expect(use()).toBeEnabled();
  // Another address is another repository: what was read is not what would be used.
  await tabTo(dialog.getByRole('textbox', { name: /^Address/ }), 'Shift+Tab');
  await press(page, 'End', '/');
  await expect(review()).toHaveCount(0);
  await expect(use()).toBeDisabled();
  await press(page, 'Backspace', 'Enter');
  await expect(read).not.toBeChecked();
  await tabTo(read);
  await press(page, 'Space');
  await screenshot(page, 'sources-review');
  await tabTo(use());
  await press(page, 'Enter');
  await expect(dialog).toBeHidden();
  expect(await used()).toEqual([first]);
  expect(await left()).toEqual([]);

  await press(page, 'Alt+3');
  await expect(page.getByRole('article', { name: 'Lab bench' })).toContainText('From');
  await expect(page.getByRole('article', { name: 'Lab bench' }).getByTitle(url)).toContainText('lab-recipes');
  await screenshot(page, 'sources-recipes');
});

test('an update shows the difference first; refused, the old commit stays', async () => {
  await write('lab/run.sh', '#!/bin/bash\nexec app --unix "$TUNEL_SOCKET"\n');
  await write('more/app.yaml', 'launcher: login\nscript: run.sh\ndescription: More.\ntitle: More of it\n');
  await write('more/run.sh', '#!/bin/bash\ntrue\n');
  const second = commit();
  await press(page, 'Alt+5');
  await openUpdate();
  const diff = review().getByText('-exec app --host 0.0.0.0\n+exec app --unix "$TUNEL_SOCKET"');
  await expect(diff).toBeVisible();
  await expect(review()).toContainText(second.slice(0, 12));
  await screenshot(page, 'sources-update');
  expect(await own()).toEqual(['Lab bench']);
  await press(page, 'Escape');
  await expect(dialog).toBeHidden();
  await expect.poll(left).toEqual([]);
  expect(await used()).toEqual([first]);
  expect(await script()).toContain('0.0.0.0');

  await openUpdate();
  await expect(use()).toBeEnabled();
  await tabTo(use());
  await press(page, 'Enter');
  await expect(dialog).toBeHidden();
  expect(await used()).toEqual([second]);
  expect(await own()).toEqual(['Lab bench', 'More of it']);
  expect(await script()).toContain('--unix');

  await openUpdate();
  await expect(dialog).toContainText('Nothing is newer than what is in use.');
  await expect(use()).toBeDisabled();
  await press(page, 'Escape');
});

test('the command line asks as well, and has a data directory of its own', async () => {
  const command = new Tunel(join(appRoot, 'dist/cli.js'), join(work, 'terminal'));
  const asked = await command.run('source', 'add', url);
  expect(asked.stdout).toContain('Lab bench (lab): new');
  expect(asked.code).not.toBe(0);
  expect(await command.json('source', 'list')).toEqual([]);
  const { id } = (await command.json('source', 'add', url, '--yes')) as { id: string };
  expect((await command.run('list-apps', '--json')).stdout).toContain('Lab bench');
  expect(await command.run('source', 'remove', id)).toMatchObject({ code: 0 });
  expect(await command.json('source', 'list')).toEqual([]);
  await command.stopEngine();
});

test('what is removed leaves the list and this computer', async () => {
  const [source] = (await state()).sources;
  await tabTo(page.getByRole('button', { name: `Remove ${url}` }));
  await press(page, 'Enter');
  const question = page.getByRole('dialog', { name: 'Remove these recipes?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await tabTo(question.getByRole('button', { name: 'Remove' }));
  await press(page, 'Enter');
  await expect(question).toBeHidden();
  expect(await used()).toEqual([]);
  expect(await own()).toEqual([]);
  expect(existsSync(join(work, 'data/sources', source?.id ?? 'x'))).toBe(false);
});
