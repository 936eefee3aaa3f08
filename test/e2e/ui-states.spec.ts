import { expect, type Page, test } from '@playwright/test';
import { emptyState } from '../../electron/shared/state.ts';
import { readByAxe } from '../helpers/axe.ts';
import { screenshot } from '../helpers/electron.ts';
import { untilStill } from '../helpers/ui.ts';
import { openUiFixture, type UiFixture } from '../helpers/ui-fixture.ts';
import { type SceneName, sceneNames } from '../ui/scene-names.ts';

/**
 * The real renderer over invented states (a UI fixture, not an integration test): screens that are hard to reach,
 * looked at by axe in both themes and both sizes under the product's own content security policy.
 */

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

/** Menus at the pointer, which stand in no landmark. */
const menus: ReadonlySet<string> = new Set(['context-menu', 'files-menu']);

const show: UiFixture['show'] = (...asked) => fixture.show(...asked);
const calls: UiFixture['calls'] = (name) => fixture.calls(name);
const change: UiFixture['change'] = (changes) => fixture.change(changes);

for (const size of [
  [1280, 800],
  [900, 600],
] as [number, number][]) {
  test(`axe finds nothing: light and dark, ${size.join('x')}`, async () => {
    // Some twenty-five pages, each read whole by axe.
    for (const scene of sceneNames) {
      await show(scene, 'light', size);
      for (const theme of ['light', 'dark'] as const) {
        if (theme === 'dark') await change({ settings: { ...emptyState.settings, theme } });
        await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
        await untilStill(page);
        await screenshot(page, `ui-${scene}-${theme}-${size[0]}`);
        // A theme changes colours and nothing else, and they are the same at every size.
        if (theme === 'dark' && size[0] < 1280) continue;
        // That something stands in no landmark is advice only.
        const question = theme === 'dark' ? 'colours' : menus.has(scene) ? 'wcag' : 'all';
        const { found, rules } = await readByAxe(page, question);
        expect.soft(found, `${scene}, ${theme}`).toEqual([]);
        expect.soft(rules, `rules that looked at ${scene}, ${theme}`).toBeGreaterThan(question === 'all' ? 20 : 0);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect.soft(wide, `${scene} scrolls sideways`).toBe(false);
    }
  });
}

test('the launch form says the limit, moves to the first bad field, and launches by Ctrl+Enter', async () => {
  await show('launch');
  const memory = page.getByLabel(/^Memory/);
  await memory.fill('300');
  await expect(page.getByText('No node in normal has 300 GB of memory. Ask for 250 GB or less')).toBeVisible();
  await page.getByRole('button', { name: 'Launch', exact: true }).click();
  await expect(memory).toBeFocused();
  await expect(page.getByText('Fix 1 field: Memory')).toBeVisible();
  await page.getByRole('button', { name: 'use queue highmem' }).click();
  await expect(page.getByText('No node in')).toBeHidden();
  await page.getByLabel(/^Password/).fill('hunter2');
  await expect.poll(async () => JSON.stringify((await calls('recipes.preview')).at(-1))).toContain('highmem');
  // A key that repeats faster than the page is drawn launches once.
  await memory.evaluate((element) => {
    const enter = { key: 'Enter', ctrlKey: true, bubbles: true };
    for (let times = 0; times < 2; times++) element.dispatchEvent(new KeyboardEvent('keydown', enter));
  });
  await expect(page.getByRole('heading', { name: 'Running apps' })).toBeVisible();
  expect(await calls('instances.launch')).toHaveLength(1);
  expect((await calls('instances.launch'))[0]).toMatchObject({
    clusterId: 'slurm',
    recipe: 'jupyter',
    args: { password: 'hunter2' },
    resources: { memory: 307_200, queue: 'highmem', time: 240 },
  });
  expect(JSON.stringify(await calls('recipes.preview'))).not.toContain('hunter2');
  await expect(page.getByRole('heading', { name: 'Running apps' })).toBeVisible();
});

test('a view gives its place in CSS pixels, and gives way to a picture while a menu is open', async () => {
  await show('view');
  const place = await page.getByRole('main').boundingBox();
  expect((await calls('views.setBounds')).at(-1)).toEqual({
    x: 0,
    y: Math.round(place?.y ?? -1),
    width: 1280,
    height: Math.round(place?.height ?? -1),
  });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('menuitem', { name: /^End now/ })).toBeVisible();
  await expect.poll(async () => (await calls('views.cover')).at(-1)).toEqual({ covered: true });
  await expect(page.locator('main img')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await calls('views.cover')).at(-1)).toEqual({ covered: false });
  await expect(page.locator('main img')).toBeHidden();
  await page.getByRole('button', { name: 'Private' }).click();
  await expect(page.getByText('Only you can reach this')).toBeVisible();
  await screenshot(page, 'ui-view-route');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+f');
  await page.getByRole('textbox', { name: 'Find in the page' }).fill('epoch');
  await expect.poll(async () => (await calls('views.find')).at(-1)).toMatchObject({ text: 'epoch' });
  const top = async () => ((await calls('views.setBounds')).at(-1) as { y: number }).y;
  await expect.poll(top).toBeGreaterThan(Math.round(place?.y ?? 0));
});

test('everything by keyboard: palette, pages, cards', async () => {
  await show('running');
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search or run' }).fill('jup');
  await expect(page.getByText('Launch JupyterLab')).toBeVisible();
  await screenshot(page, 'ui-palette');
  await page.keyboard.press('Escape');
  await expect(page.getByText('Launch JupyterLab')).toBeHidden();
  await page.keyboard.press('Alt+4');
  await expect(page.getByRole('heading', { name: 'Clusters' })).toBeVisible();
  await page.keyboard.press('Control+n');
  await expect(page.getByRole('heading', { name: 'Recipes', exact: true })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: 'Search recipes' })).toBeFocused();
  await page.keyboard.press('Alt+1');
  await page.getByRole('article', { name: 'JupyterLab' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('article', { name: 'RStudio' })).toBeFocused();
  await page.keyboard.press('l');
  await expect(page.getByRole('article', { name: 'RStudio' }).getByRole('log')).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect.poll(() => calls('views.open')).toEqual([{ instanceId: 'aaaaaaaaaa' }]);
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog', { name: 'Stop JupyterLab?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article', { name: 'JupyterLab' })).toBeFocused();
});

test('two hundred apps: only those in sight are in the page, and the keys walk past its edge', async () => {
  await show('running-many');
  const cards = page.getByRole('article');
  await expect(page.getByRole('article', { name: 'JupyterLab 1', exact: true })).toHaveAttribute('aria-setsize', '135');
  const inPage = () => cards.count();
  expect(await inPage()).toBeLessThan(30);
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect(cards.first()).toHaveAttribute('aria-setsize', '200');
  expect(await inPage()).toBeLessThan(30);
  await page.locator('[data-page-body]').evaluate((body) => body.scrollTo(0, 0));
  await page.getByRole('article', { name: 'JupyterLab 1', exact: true }).focus();
  const at = () => page.evaluate(() => Number(document.activeElement?.getAttribute('aria-posinset')));
  for (let step = 2; step <= 40; step += 1) {
    await page.keyboard.press('ArrowDown');
    await expect.poll(at).toBe(step);
  }
  expect(await inPage()).toBeLessThan(30);
  // What has the focus stays, however far the list is scrolled.
  await page.locator('[data-page-body]').evaluate((body) => body.scrollTo(0, body.scrollHeight));
  await expect(page.getByRole('article', { name: 'VS Code 200', exact: true })).toBeVisible();
  expect(await at()).toBe(40);
  await page.getByRole('button', { name: 'Unfold RStudio 194' }).click();
  await expect(page.getByRole('article', { name: 'RStudio 194', exact: true }).getByRole('list')).toBeVisible();
});

test('older apps come from the history: found by text and cluster, launched again, read and removed', async () => {
  await show('running-older');
  const older = page.getByRole('region', { name: 'Older apps' });
  await expect(older.getByRole('status')).toHaveText('50 older apps shown.');
  await older.getByRole('button', { name: 'Show more' }).focus();
  await page.keyboard.press('Enter');
  await expect(older.getByRole('status')).toHaveText('All 70 older apps shown.');
  const search = older.getByRole('textbox', { name: 'Search older apps' });
  await search.fill('unreadable');
  const alert = older.getByRole('alert');
  await expect(alert).toContainText('Older apps could not be read. The history is locked.');
  await expect(older.getByRole('article')).toHaveCount(0);
  const asked = (await calls('history.query')).length;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(async () => (await calls('history.query')).length).toBe(asked + 1);
  await search.press('Escape');
  await expect(older.getByRole('status')).toHaveText('50 older apps shown.');
  await expect(alert).toHaveCount(0);
  await search.fill('cohort');
  await expect(older.getByRole('status')).toHaveText('All 11 older apps shown.');
  expect((await calls('history.query')).at(-1)).toEqual({
    kind: 'app',
    states: ['ended', 'failed'],
    text: 'cohort',
  });
  const first = older.getByRole('article').first();
  const name = (await first.getAttribute('aria-label')) ?? '';
  await first.focus();
  await page.keyboard.press('l');
  await expect(first.getByRole('log')).toBeVisible();
  await first.getByRole('button', { name: /^Relaunch/ }).click();
  await expect.poll(() => calls('instances.launch')).toHaveLength(1);
  await first.focus();
  await page.keyboard.press('Delete');
  await page
    .getByRole('dialog', { name: `Remove ${name}?` })
    .getByRole('button', { name: 'Remove' })
    .click();
  await expect(older.getByRole('status')).toHaveText('All 10 older apps shown.');
  await expect(older.getByRole('article', { name, exact: true })).toHaveCount(0);
  await older.getByRole('combobox', { name: 'Cluster of older apps' }).click();
  await page.getByRole('option', { name: 'pool' }).click();
  await expect.poll(async () => (await calls('history.query')).at(-1)).toMatchObject({ clusterId: 'pool' });
  await page.getByText('Needs you').click();
  await expect.poll(async () => (await calls('history.query')).at(-1)).toMatchObject({ states: ['failed'] });
});

test('who can reach an app: the answer, its evidence, the ways that were not used, and another look', async () => {
  await show('running-odd', 'light', [900, 600]);
  const card = page.getByRole('article', { name: 'Dash app' });
  await card.getByRole('button', { name: 'Who can reach this? others on the cluster can reach it' }).click();
  const answer = page.getByRole('dialog', { name: 'Who can reach this?' });
  await expect(answer).toContainText('Everyone on the cluster: it listens on 0.0.0.0:8050.');
  await expect(answer).toContainText('relay inside the job: neither python3 nor perl is on the node');
  await answer.getByRole('button', { name: 'Show evidence' }).click();
  await expect(answer).toContainText('login2: connected to c2:8050');
  await answer.getByRole('button', { name: 'Check again' }).click();
  await expect.poll(() => calls('instances.exposure')).toEqual([{ id: 'port000000' }]);
  await page.keyboard.press('Escape');
  await expect(answer).toBeHidden();

  await page.getByRole('button', { name: 'Show: All 8' }).click();
  await page.getByRole('menuitemradio', { name: /^In progress/ }).click();
  await expect(page.getByRole('button', { name: 'Show: In progress 4' })).toBeVisible();
  await expect(card).toBeHidden();
  await expect(page.getByRole('progressbar', { name: /^Copying layer/ })).toHaveAttribute('aria-valuenow', '42');

  const held = page.getByRole('article', { name: 'Held by you' });
  await expect(held).toContainText('On hold at your request.');
  await held.getByRole('button', { name: 'Release', exact: true }).click();
  await expect.poll(() => calls('instances.release')).toEqual([{ id: 'held000000' }]);
  const heldBySite = page.getByRole('article', { name: 'Held by the site' });
  await expect(heldBySite).toContainText('they must release it');
  await expect(heldBySite.getByRole('button', { name: 'Release', exact: true })).toHaveCount(0);
});

test('a site profile is looked at before it is applied, and can be taken off', async () => {
  await show('clusters');
  const open = async (cluster: string) => {
    await page.getByRole('button', { name: `More for ${cluster}` }).click();
    await page.getByRole('menuitem', { name: /^Site profile/ }).click();
    return page.getByRole('dialog', { name: `Site profile of ${cluster}` });
  };
  const dialog = await open('pool');
  await expect(dialog.getByRole('button', { name: 'Remove profile' })).toHaveCount(0);
  await expect(dialog.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await dialog.getByText('File', { exact: true }).click();
  await dialog.getByRole('textbox', { name: /^File/ }).fill('~/site.yaml');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('region', { name: 'What it changes' })).toContainText('not tried: port');
  expect(await calls('sites.read')).toEqual([{ source: '~/site.yaml', clusterId: 'pool' }]);
  // A changed source takes the review away: what is applied is what was looked at.
  await dialog.getByRole('textbox', { name: /^File/ }).fill('~/other.yaml');
  await expect(dialog.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Read' }).click();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toBeHidden();
  expect(await calls('clusters.setSite')).toMatchObject([
    { id: 'pool', profile: { site: 'Riverside computing centre' } },
  ]);
  const taken = await open('slurm');
  await taken.getByRole('button', { name: 'Remove profile' }).click();
  await expect.poll(async () => (await calls('clusters.setSite')).at(-1)).toEqual({ id: 'slurm', profile: null });
});

test('the form offers what the launcher has: none of Slurm’s on HTCondor', async () => {
  await show('launch-batch');
  await expect(page.getByText('LSF is experimental: it was not tested on a real cluster.')).toBeVisible();
  await page.getByRole('combobox', { name: /^Launcher/ }).click();
  await page.getByRole('option', { name: 'HTCondor', exact: true }).click();
  for (const gone of [/^Queue/, /^Nodes/, /^Quality of service/, /^GPU type/]) {
    await expect(page.getByLabel(gone)).toHaveCount(0);
  }
  await expect(page.getByText('up to 62.5 GB per node')).toBeVisible();
  await page.getByRole('button', { name: /^Container/ }).click();
  await page.getByLabel(/^Image/).fill('/opt/images/sweep.sif');
  await page.getByLabel(/^Command/).fill('run $TASK');
  await page.getByRole('button', { name: 'Launch', exact: true }).click();
  await expect(page.getByLabel(/^Tasks/)).toBeFocused();
  await page.getByLabel(/^Tasks/).fill('1-100%5');
  await expect(page.getByText('Give a range that begins with 0, such as 0-99.')).toBeVisible();
  await page.getByLabel(/^Tasks/).fill('');
  await page.getByRole('button', { name: 'Launch', exact: true }).click();
  await expect.poll(() => calls('instances.launch')).toHaveLength(1);
  expect((await calls('instances.launch'))[0]).toMatchObject({
    launcher: 'htcondor',
    image: '/opt/images/sweep.sif',
    resources: { array: '', options: ['-R "select[avx2]"'], nodes: null, qos: '' },
  });
});

const zoomed = [
  ...['running', 'running-odd', 'recipes', 'launch', 'launch-misfit', 'clusters', 'settings'],
  ...['settings-recipes', 'settings-api', 'settings-audit', 'token-dialog', 'token-limits', 'consent'],
  ...['site', 'cluster-add', 'folder', 'source', 'tunnels', 'tunnel-dialog'],
] as SceneName[];

test('at 200% zoom the whole page scrolls, with long names, and forced colours keep what colours told', async () => {
  const long = 'a-name-without-any-place-to-break-it-'.repeat(3).slice(0, 100);
  for (const scene of zoomed) {
    await show(scene, 'light', [640, 400]);
    await fixture.rename(long);
    const { wide, reached } = await page.evaluate(() => {
      const scrolls = document.querySelector('.mantine-Modal-content') ?? document.querySelector('main');
      scrolls?.scrollTo(0, scrolls.scrollHeight);
      const end = [...(scrolls?.querySelectorAll('button') ?? [])].at(-1)?.getBoundingClientRect();
      return {
        wide:
          document.documentElement.scrollWidth > innerWidth ||
          (scrolls?.scrollWidth ?? 0) > (scrolls?.clientWidth ?? 0),
        reached: end !== undefined && end.bottom <= innerHeight,
      };
    });
    expect.soft({ scene, wide, reached }).toEqual({ scene, wide: false, reached: true });
    await screenshot(page, `ui-zoom-${scene}`);
  }
  await page.emulateMedia({ forcedColors: 'active' });
  try {
    await show('running');
    await page.getByRole('radio', { name: /^Ready/ }).focus();
    const looks = await page.evaluate(() => {
      const style = (selector: string) => getComputedStyle(document.querySelector(selector) ?? document.body);
      return {
        badge: style('article [data-state]').borderTopStyle,
        chosen: style('.mantine-SegmentedControl-label[data-active]').backgroundColor,
        page: style('body').backgroundColor,
        here: style('nav [aria-current="page"]').outlineStyle,
      };
    });
    expect(looks).toMatchObject({ badge: 'solid', here: 'solid' });
    expect(looks.chosen).not.toBe(looks.page);
    await screenshot(page, 'ui-forced-colours');
  } finally {
    await page.emulateMedia({ forcedColors: 'none' });
  }
});

test('a page that fails says so, and gives another', async () => {
  await show('tunnels');
  // A tunnel without most of what it has, which the engine never gives.
  await change({ tunnels: [{ id: 'broken' }] });
  const alert = page.getByRole('alert').filter({ hasText: 'undefined' });
  await expect(alert).toBeVisible();
  expect(fixture.complaints.splice(0).join()).toContain('undefined');
  await screenshot(page, 'ui-crash');
  expect((await readByAxe(page, 'all')).found).toEqual([]);
  await alert.getByRole('button', { name: 'Show evidence' }).click();
  await page.getByRole('button', { name: 'Go to running apps' }).click();
  await expect(page.getByRole('article', { name: 'JupyterLab' })).toBeVisible();
});

test('prompts: an option answers, a differing fingerprint cannot be trusted, Esc cancels', async () => {
  await show('prompt-2fa');
  await expect(page.getByRole('textbox', { name: 'Passcode or option (1-3)' })).toBeFocused();
  await page.getByRole('button', { name: '1 Push to phone ending 4821' }).click();
  await expect
    .poll(() => calls('prompts.answer'))
    .toEqual([{ id: 'p1', answer: { kind: 'interactive', values: ['1'] } }]);
  await show('prompt-approval');
  const approval = page.getByRole('dialog', { name: 'Approve on your phone' });
  await expect(approval).toContainText('jump host gate.slurm.example');
  await expect(approval).toContainText('Push to phone ending 4821');
  await screenshot(page, 'prompt-approval');
  await approval.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => calls('prompts.answer')).toEqual([{ id: 'p1', answer: { kind: 'cancel' } }]);
  await show('prompt-hostkey');
  await page.getByRole('textbox', { name: /Published fingerprint/ }).fill('SHA256:wrong');
  await expect(page.getByRole('button', { name: 'Trust and connect' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect.poll(() => calls('prompts.answer')).toEqual([{ id: 'p1', answer: { kind: 'cancel' } }]);
});

test('a changed key is a hard stop, and a failure is announced', async () => {
  await show('key-changed');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Close' }).last()).toBeFocused();
  await expect(dialog.getByRole('button', { name: /connect|trust|accept/i })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Copy the command' }).click();
  await expect.poll(() => calls('desktop.copy')).toEqual([{ text: 'ssh-keygen -R login.slurm.example' }]);
  // Only the published fingerprint of the key that was shown adds it.
  const fingerprint = 'SHA256:Lm4Rx9Ub2QwEz7Tn0KsVc6HyPj1DgFa8IoX5ZtNqB3e';
  const add = dialog.getByRole('button', { name: 'Add this key' });
  const published = dialog.getByRole('textbox', { name: 'Published fingerprint of the key shown' });
  await expect(add).toBeDisabled();
  await published.fill(fingerprint.replace('Lm4', 'Xm4'));
  await expect(add).toBeDisabled();
  await published.fill(fingerprint);
  await screenshot(page, 'key-changed-add');
  await add.click();
  await expect.poll(() => calls('clusters.trustHostKey')).toEqual([{ id: expect.any(String), fingerprint }]);
  await show('clusters');
  await change({
    prompts: [
      {
        id: 'p2',
        clusterId: 'slurm',
        clusterName: 'slurm',
        askedAt: 0,
        kind: 'secret',
        secret: 'password',
        subject: 'u@h',
        wrong: 0,
        canRemember: false,
      },
    ],
  });
  await expect(page.getByRole('alert').filter({ hasText: 'slurm asks for your answer.' })).toHaveCount(1);
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
});

test('a menu at the pointer is in the window as a whole', async () => {
  for (const height of [800, 600]) {
    await show('files-menu', 'light', [900, height]);
    const menu = page.getByRole('menu', { name: 'Menu' });
    await expect(menu).toBeVisible();
    await untilStill(page);
    const box = await menu.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0), `at ${height}`).toBeLessThanOrEqual(height);
    expect(box?.y, `at ${height}`).toBeGreaterThanOrEqual(0);
  }
});

test('F6 goes to the next region, or to what had the focus there last', async () => {
  await show('running');
  const rail = page.getByRole('navigation', { name: 'Pages' });
  const main = page.getByRole('main');
  await page.keyboard.press('F6');
  await expect(rail).toBeFocused();
  const recipes = rail.getByRole('button', { name: 'Recipes' });
  await expect
    .poll(async () => {
      await page.keyboard.press('Tab');
      return recipes.evaluate((element) => element === document.activeElement);
    })
    .toBe(true);
  await page.keyboard.press('F6');
  await expect(main).toBeFocused();
  await page.keyboard.press('F6');
  await expect(recipes).toBeFocused();
  await page.keyboard.press('F6');
  await page.keyboard.press('Tab');
  const first = main.locator(':focus');
  await expect(first).toHaveCount(1);
  const label = await first.evaluate((element) => element.outerHTML);
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  expect(await first.evaluate((element) => element.outerHTML)).toBe(label);
  expect(await main.getAttribute('tabindex')).toBeNull();
});

test('F6 goes from the tabs to the toolbar and on into the page of the app', async () => {
  await show('view');
  await expect.poll(() => calls('views.focus')).toHaveLength(1);
  await page.keyboard.press('F6');
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeFocused();
  await page.keyboard.press('F6');
  const toolbar = page.getByRole('toolbar', { name: 'View' });
  await expect(toolbar.getByRole('button', { name: 'Back' })).toBeFocused();
  await page.keyboard.press('F6');
  await expect.poll(() => calls('views.focus')).toHaveLength(2);
});

test('the filters of the Running page are in a row, or in a menu where the row does not fit', async () => {
  for (const [width, isRow] of [
    [1280, true],
    [1180, true],
    [1179, false],
    [1100, false],
    [1024, false],
    [900, false],
    [750, false],
  ] as const) {
    await show('running', 'light', [width, 700]);
    await expect(page.getByRole('radiogroup', { name: 'Show' })).toBeVisible({ visible: isRow });
    await expect(page.getByRole('button', { name: 'Show: All 5' })).toBeVisible({ visible: !isRow });
    const cut = await page
      .locator('main > header')
      .evaluate((head) =>
        [...head.querySelectorAll<HTMLElement>('h1, [role="radiogroup"], button')]
          .filter((element) => element.offsetParent !== null && element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.textContent),
      );
    expect(cut, `cut off at ${width}`).toEqual([]);
    await screenshot(page, `ui-filters-${width}`);
  }
});

test('transfers have an order, limits and options, and those that ended can be tried again', async () => {
  await show('files-transfers');
  await page.getByRole('button', { name: 'More for later.h5' }).click();
  await page.getByRole('menuitem', { name: 'Earlier in the queue' }).click();
  await expect.poll(() => calls('transfers.move')).toEqual([{ id: 'later', before: 'cohort-2026-11' }]);
  await page.getByRole('button', { name: 'More for later.h5' }).click();
  await page.getByRole('menuitem', { name: 'Limit its speed' }).click();
  await page.getByLabel('Limit', { exact: true }).fill('2.5');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => calls('transfers.setLimit')).toEqual([{ id: 'later', limit: 2_500_000 }]);

  await page.getByRole('button', { name: 'Transfer options' }).click();
  await page.getByRole('combobox', { name: 'Symbolic links' }).click();
  await page.getByRole('option', { name: 'Leave out' }).click();
  await page.getByLabel('Verify checksums').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: /^Copy to/ }).click();
  await expect
    .poll(() => calls('transfers.start'))
    .toMatchObject([{ conflicts: 'ask', links: 'skip', changedOnly: 'no', verify: true }]);

  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('button', { name: 'Try again: cohort.h5' }).click();
  await expect.poll(() => calls('transfers.retry')).toEqual([{ id: 'cohort' }]);
});
