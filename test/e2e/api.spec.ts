import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, type Page, test } from '@playwright/test';
import { readEngineAddress } from '../../electron/client/engine-address.ts';
import { readByAxe } from '../helpers/axe.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { press, tabTo } from '../helpers/keyboard.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, untilStill } from '../helpers/ui.ts';

/**
 * The API's pages with the real engine, by keyboard: a token is created, a program uses it over the socket, the user is asked, the
 * audit log has it, and the revoked token is refused.
 */
test.describe.configure({ mode: 'serial' });

let home: Awaited<ReturnType<typeof emptyHome>>;
let work: string;
let tunel: LaunchedApp;
let page: Page;
let secret: string;

test.beforeAll(async () => {
  home = await emptyHome();
  work = await mkdtemp(join(tmpdir(), 'tunel-api-'));
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
  await expect
    .poll(async () => (await invoke(page, 'app.state', undefined)).state.clusters[0]?.connection.state)
    .toBe('connected');
});

test.afterAll(async () => {
  await tunel?.close();
  await home?.remove();
  if (work) await rm(work, { recursive: true, force: true, maxRetries: 5 });
});

/** What another program asks with its token, over the engine's socket. */
async function call(path: string, body?: object): Promise<{ status: number | undefined; code: string | undefined }> {
  const address = readEngineAddress(tunel.dataDir);
  if (!address) throw new Error('No engine runs.');
  const outgoing = request({
    agent: false,
    method: 'POST',
    socketPath: address.socket,
    path: `/v1/${path}`,
    headers: { host: 'tunel', authorization: `Bearer ${secret}` },
  });
  outgoing.end(body && JSON.stringify(body));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const answer = await text(response);
  const { code } = JSON.parse(answer || '{}') as { code?: string };
  return { status: response.statusCode, code };
}

const sections = () => page.getByRole('navigation', { name: 'Settings sections' });

/** Opens a page of the settings from wherever one is, by keyboard. */
async function showSection(name: string): Promise<void> {
  await press(page, 'Alt+5');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await tabTo(sections().getByRole('button', { name: 'General' }));
  await press(page, 'End');
  await expect(sections().getByRole('button', { name: 'About' })).toBeFocused();
  while (
    !(await sections()
      .getByRole('button', { name })
      .evaluate((item) => item === document.activeElement))
  )
    await press(page, 'ArrowUp');
  await press(page, 'Enter');
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
}

async function expectAxeFindsNothing(name: string): Promise<void> {
  await untilStill(page);
  const { found, rules } = await readByAxe(page, 'wcag');
  expect.soft(found, name).toEqual([]);
  expect.soft(rules, name).toBeGreaterThan(5);
  await screenshot(page, `api-${name}`);
}

test('a setting is found by its words, changed there, and its page opened', async () => {
  await press(page, 'Alt+5', '/');
  await expect(page.getByRole('textbox', { name: 'Search settings' })).toBeFocused();
  await page.keyboard.type('nothing like it');
  await expect(page.getByText('No setting matches.')).toBeVisible();
  await press(page, 'Escape');
  await page.keyboard.type('single card');
  await tabTo(page.getByRole('switch', { name: 'Single-key shortcuts on a card' }));
  await press(page, 'Space');
  await expect.poll(async () => (await invoke(page, 'app.state', undefined)).state.settings.singleKeys).toBe(false);
  await tabTo(page.getByRole('button', { name: 'Reset Single-key shortcuts on a card' }));
  await press(page, 'Enter');
  await expect.poll(async () => (await invoke(page, 'app.state', undefined)).state.settings.singleKeys).toBe(true);
  await page.getByRole('textbox', { name: 'Search settings' }).fill('tokens revoke');
  await page.getByRole('textbox', { name: 'Search settings' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'API and tokens' })).toBeVisible();
});

test('a token is created and its text shown once', async () => {
  await showSection('API and tokens');
  await expect(page.getByText('No token yet')).toBeVisible();
  await expectAxeFindsNothing('empty');
  await tabTo(page.getByRole('switch', { name: 'demo' }));
  await press(page, 'Space');
  await expect
    .poll(async () => (await invoke(page, 'app.state', undefined)).state.clusters[0]?.cluster.allowsApi)
    .toBe(true);

  await press(page, 'Shift+Tab');
  await expect(page.getByRole('button', { name: 'New token' })).toBeFocused();
  await press(page, 'Enter');
  const dialog = page.getByRole('dialog', { name: 'New token' });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await press(page, 'Enter');
  await expect(dialog.getByText('Give the token a name.')).toBeVisible();
  await page.keyboard.type('notebook');
  await expectAxeFindsNothing('dialog');
  await press(page, 'Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Copy token' })).toBeFocused();
  await press(page, 'Enter');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  secret = await tunel.app.evaluate(({ clipboard }) => clipboard.readText());
  expect(secret).toMatch(/^tnl_[0-9a-f]{12}_[\w-]{43}$/);
  expect(await page.locator('body').innerText()).not.toContain(secret);
  await expectAxeFindsNothing('created');
  await page.getByRole('button', { name: 'Dismiss' }).press('Enter');
  await expect(page.getByText('Copy it now')).toBeHidden();
  await expect(page.getByRole('row', { name: /notebook/ })).toContainText('not used yet');
});

test('its first use waits for the answer, on every page', async () => {
  await press(page, 'Alt+1');
  const denied = call('clusters/list');
  const banner = page.getByRole('group', { name: 'Answer notebook' });
  await expect(page.getByRole('main')).toContainText(
    'notebook wants to look at apps, jobs and logs for the first time.',
  );
  await expect(page.getByRole('alert').filter({ hasText: 'notebook wants to look' })).toHaveCount(1);
  await expectAxeFindsNothing('consent');
  await tabTo(banner.getByRole('button', { name: 'Deny' }));
  await press(page, 'Enter');
  expect(await denied).toEqual({ status: 403, code: 'consent-denied' });
  await expect(banner).toBeHidden();

  const allowed = call('clusters/list');
  await tabTo(banner.getByRole('button', { name: 'Allow', exact: true }));
  await press(page, 'Enter');
  expect(await allowed).toEqual({ status: 200, code: undefined });
  // It does not ask again.
  expect(await call('clusters/list')).toEqual({ status: 200, code: undefined });
});

test('the audit log has its calls, filtered, explained and exported', async () => {
  await showSection('Audit log');
  const table = page.getByRole('table', { name: 'Audit log' });
  await expect(table.getByText('refused: by you')).toHaveCount(1);
  await expect(table.getByText('done in').first()).toBeVisible();
  await expectAxeFindsNothing('audit');
  const first = table.getByRole('button').first();
  await tabTo(first);
  await press(page, 'ArrowDown', 'ArrowDown');
  await expect(table.getByRole('button').nth(2)).toBeFocused();
  await press(page, 'Enter');
  await expect(table.getByRole('button').nth(2)).toHaveAttribute('aria-expanded', 'true');
  await press(page, 'Enter', 'Home');
  await expect(first).toBeFocused();

  await page.getByRole('combobox', { name: 'Result' }).click();
  await page.getByRole('option', { name: 'Failed only' }).click();
  await expect(table.getByText('done in')).toHaveCount(0);
  const path = join(work, 'calls.csv');
  await tunel.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await page.getByRole('button', { name: 'Export' }).press('Enter');
  await page.getByRole('menuitem', { name: /^CSV/ }).press('Enter');
  await expect(page.getByText(`1 call saved to ${path}`)).toBeVisible();
  const [head, line, ...rest] = (await readFile(path, 'utf8')).split('\r\n');
  expect(head).toBe('time,client,token,token_id,call,detail,cluster,cluster_id,result,duration_ms');
  expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z,token,notebook,[0-9a-f]{12},clusters\.list,,,,consent-denied,\d+$/);
  expect(rest).toEqual(['']);
});

test('a revoked token is refused, and leads to its calls', async () => {
  await showSection('API and tokens');
  await tabTo(page.getByRole('button', { name: 'More for notebook' }));
  await press(page, 'Enter');
  await page.getByRole('menuitem', { name: 'Revoke' }).press('Enter');
  const question = page.getByRole('dialog', { name: 'Revoke notebook?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await press(page, 'Tab', 'Enter');
  await expect(page.getByText('No token yet')).toBeVisible();
  expect(await call('clusters/list')).toEqual({ status: 401, code: 'token-revoked' });

  await tabTo(page.getByRole('button', { name: '1 revoked or expired token' }));
  await press(page, 'Enter');
  await expect(page.getByRole('row', { name: /notebook/ })).toContainText('revoked');
  await page.getByRole('button', { name: 'More for notebook' }).press('Enter');
  await page.getByRole('menuitem', { name: /^Show its calls/ }).press('Enter');
  await expect(page.getByRole('combobox', { name: 'Client' })).toHaveValue('notebook (revoked)');
  await expect(page.getByRole('table', { name: 'Audit log' }).getByText('clusters.list')).toHaveCount(3);
});
