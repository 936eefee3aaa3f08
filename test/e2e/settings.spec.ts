import { expect, type Page, test } from '@playwright/test';
import { screenshot } from '../helpers/electron.ts';
import { press } from '../helpers/keyboard.ts';
import { openUiFixture, type UiFixture } from '../helpers/ui-fixture.ts';
import { fixtureConsent } from '../ui/api-answers.ts';

/** The pages of the settings over invented states: long logs, questions, what is changed and taken back. */

let fixture: UiFixture;
let page: Page;

test.beforeAll(async () => {
  fixture = await openUiFixture();
  page = fixture.page;
});
test.afterAll(() => fixture?.close());
test.afterEach(() => {
  expect(fixture.complaints.splice(0), 'errors in the console').toEqual([]);
});

const table = () => page.getByRole('table', { name: 'Audit log' });

test('ten thousand calls: only those in sight are in the page, and scrolling stays smooth', async () => {
  await fixture.show('settings-audit');
  await expect(page.getByText('100 of 10,000 calls')).toBeVisible();
  const earlier = page.getByRole('button', { name: 'Show earlier' });
  for (let loaded = 600; loaded <= 9600; loaded += 500) {
    await earlier.click();
    await expect(page.getByText(`${loaded.toLocaleString('en-GB')} of 10,000 calls`)).toBeVisible();
  }
  await earlier.click();
  await expect(page.getByText('10,000 of 10,000 calls')).toBeVisible();
  await expect(earlier).toHaveCount(0);
  expect(await table().getByRole('row').count()).toBeLessThan(80);
  expect(Number(await table().getAttribute('aria-rowcount'))).toBeGreaterThan(10_000);

  // The longest task of the page while a person drags through the whole log.
  const longest = await page.evaluate(async () => {
    const body = document.querySelector('[data-page-body]');
    const tasks: number[] = [0];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
    observer.observe({ entryTypes: ['longtask'] });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let step = 0; step <= 60; step += 1) {
      body?.scrollTo(0, (body.scrollHeight * step) / 60);
      await frame();
    }
    await frame();
    tasks.push(...observer.takeRecords().map((entry) => entry.duration));
    observer.disconnect();
    return Math.max(...tasks);
  });
  expect(longest, 'ms').toBeLessThan(250);
  await expect(table().getByRole('button').last()).toBeVisible();
  await screenshot(page, 'settings-audit-end');

  // By keyboard from end to end, and back to where one was.
  await table().getByRole('button').last().focus();
  await press(page, 'Home');
  await expect(table().getByRole('row').nth(2).getByRole('button')).toBeFocused();
  await press(page, 'End');
  const at = () =>
    page.evaluate(() => Number(document.activeElement?.closest('tr')?.getAttribute('aria-rowindex') ?? 0));
  await expect.poll(at, { timeout: 20_000 }).toBe(Number(await table().getAttribute('aria-rowcount')));
});

test('a choice asks anew, none that matches can be cleared, and a failure can be tried again', async () => {
  await fixture.show('settings-audit');
  await page.getByRole('combobox', { name: 'Cluster' }).click();
  await page.getByRole('option', { name: 'lab-box' }).click();
  await expect(page.getByText('No call matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByText('100 of 10,000 calls')).toBeVisible();
  await page.getByRole('combobox', { name: 'Client' }).click();
  await page.getByRole('option', { name: 'You' }).click();
  await expect.poll(() => fixture.calls('audit.query')).toContainEqual({ failed: false, client: 'owner', limit: 100 });
  await expect(table().getByText('analysis-notebook')).toHaveCount(0);

  await fixture.show('settings-audit-failed');
  await expect(page.getByRole('alert').filter({ hasText: 'The history is locked.' })).toBeVisible();
  const asked = (await fixture.calls('audit.query')).length;
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect.poll(async () => (await fixture.calls('audit.query')).length).toBe(asked + 1);
});

test('newer calls are offered and do not push the rows away', async () => {
  await page.clock.install();
  await fixture.show('settings-audit');
  await expect(page.getByText('100 of 10,000 calls')).toBeVisible();
  await page.evaluate(() => (window as unknown as { fixture: { addCall(): void } }).fixture.addCall());
  await page.clock.runFor(11_000);
  const newer = page.getByRole('button', { name: 'Show 1 newer call' });
  await expect(newer).toBeVisible();
  await newer.click();
  await expect(newer).toBeHidden();
  await expect(page.getByText('100 of 10,001 calls')).toBeVisible();
});

test('a question is answered once, above a view as well, and says how many others wait', async () => {
  await fixture.show('view-consent');
  await expect(page.getByText('1 more waits')).toBeVisible();
  // The page of the app gives way.
  const banner = page.getByRole('group', { name: 'Answer analysis-notebook' });
  const place = await page.getByRole('main').boundingBox();
  const box = await banner.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(place?.y ?? 0);
  await banner.getByRole('button', { name: 'Allow once' }).click();
  await expect.poll(() => fixture.calls('tokens.answerConsent')).toEqual([{ id: 'c1', answer: 'once' }]);
  await fixture.change({ consents: [] });
  await expect(banner).toBeHidden();

  await fixture.show('settings');
  const focused = await page.evaluate(() => document.activeElement?.tagName);
  await fixture.change({ consents: [fixtureConsent(Date.now())] });
  await expect(page.getByRole('group', { name: 'Answer analysis-notebook' })).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.tagName), 'it takes no focus').toBe(focused);
  await expect(page.getByRole('alert').filter({ hasText: 'analysis-notebook wants to submit batch jobs' })).toHaveCount(
    1,
  );
});

test('what was changed says so and can be taken back', async () => {
  await fixture.show('settings-search');
  await expect(page.getByRole('region', { name: 'Keyboard' }).getByText('changed')).toBeVisible();
  await page.getByRole('button', { name: 'Reset Single-key shortcuts on a card' }).click();
  await expect.poll(() => fixture.calls('settings.save')).toEqual([{ singleKeys: true }]);
  await page
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: /^Keyboard/ })
    .click();
  await page.getByRole('button', { name: 'Reset section' }).click();
  await expect.poll(() => fixture.calls('settings.save')).toHaveLength(2);
});

test('a form that is not complete moves to the first bad field, and a cluster is enabled from it', async () => {
  await fixture.show('token-dialog');
  const dialog = page.getByRole('dialog', { name: 'New token' });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await expect(dialog.getByText('Choose at least one cluster.')).toBeVisible();
  await page.keyboard.type('sync');
  await dialog.getByRole('checkbox', { name: 'lab-box' }).check();
  await dialog.getByRole('button', { name: 'Enable' }).click();
  await expect.poll(() => fixture.calls('clusters.allowApi')).toEqual([{ id: 'lab', allow: true }]);
  await dialog.getByRole('checkbox', { name: /^Everything/ }).check();
  await expect(dialog.getByRole('checkbox', { name: /^Files/ })).toBeDisabled();
  await press(page, 'Enter');
  await expect(dialog).toBeHidden();
  expect(await fixture.calls('tokens.create')).toMatchObject([
    { name: 'sync', scopes: ['read', 'shell'], clusters: ['lab'], ask: true, confirmsWrites: false },
  ]);
  await expect(page.getByText('Token sync created.')).toBeVisible();
  await page.getByRole('button', { name: 'Show the token' }).click();
  await expect(page.getByText(`tnl_b1b1b1b1b1b1_${'x'.repeat(43)}`)).toBeVisible();
  // It is not there any more after another page was looked at.
  await press(page, 'Alt+1', 'Alt+5');
  await expect(page.getByRole('heading', { name: 'API and tokens' })).toBeVisible();
  await expect(page.getByText('Token sync created.')).toHaveCount(0);
});

test('limits and the end of a token are changed, and a site that forbids the API keeps its switch off', async () => {
  await fixture.show('settings-api');
  await expect(page.getByRole('switch', { name: /^genomics/ })).toBeDisabled();
  await page.getByRole('button', { name: 'More for analysis-notebook' }).click();
  await page.getByRole('menuitem', { name: 'Limits and end' }).click();
  const dialog = page.getByRole('dialog', { name: 'Limits of analysis-notebook' });
  await expect(dialog.getByText('Today: 96 calls, 12 jobs, 1.2 GB')).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: /^Jobs/ })).toBeFocused();
  await dialog.getByRole('textbox', { name: /^CPUs/ }).fill('0');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('A whole number from 1.')).toBeVisible();
  await dialog.getByRole('textbox', { name: /^CPUs/ }).fill('');
  await dialog.getByRole('textbox', { name: /^Files/ }).fill('50');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  expect(await fixture.calls('tokens.update')).toEqual([
    { id: 'a2', limits: { jobs: 40, bytes: 50e9, cpus: null, gpus: null, hours: 12 } },
  ]);
});
