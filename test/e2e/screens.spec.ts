import { expect, type Page, test } from '@playwright/test';
import { screenshot } from '../helpers/electron.ts';
import { untilStill } from '../helpers/ui.ts';
import { openUiFixture, type UiFixture } from '../helpers/ui-fixture.ts';
import type { SceneName } from '../ui/scene-names.ts';

/** What was once seen wrong on the screens, over invented states: each test is one of it. */

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

test('Ctrl Enter launches as soon as the form opens, and after a preset was saved', async () => {
  await fixture.show('launch');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => fixture.calls('instances.launch')).toHaveLength(1);
  await fixture.show('launch');
  await page.getByRole('button', { name: 'Presets' }).click();
  await page.getByRole('menuitem', { name: /^Save/ }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Control+Enter');
  expect(await fixture.calls('instances.launch')).toHaveLength(0);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => fixture.calls('instances.launch')).toHaveLength(1);
});

test('the palette stays where it is, has its first hit selected, and cuts no state', async () => {
  await fixture.show('palette');
  const box = () => page.locator('.mantine-Spotlight-content').boundingBox();
  const before = await box();
  const selected = page.locator('[data-action][data-selected]');
  await expect(selected).toHaveCount(1);
  await expect(selected).toContainText('Open JupyterLab');
  await page.getByRole('textbox', { name: 'Search or run' }).fill('log of vs');
  await expect(selected).toContainText('Log of VS Code');
  expect((await box())?.y).toBe(before?.y);
  await page.getByRole('textbox', { name: 'Search or run' }).fill('cohort');
  const detail = page.locator('[data-action]').first().getByText('Failed on slurm, node c4');
  await expect(detail).toBeVisible();
  expect(await detail.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  await page.getByRole('textbox', { name: 'Search or run' }).fill('launch hello');
  await expect(selected).toContainText('Launch Hello app');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Launch Hello app' })).toBeVisible();
});

test('what is hovered has the colour of the theme', async () => {
  for (const theme of ['light', 'dark'] as const) {
    await fixture.show('palette', theme);
    const colours = (selector: string) =>
      page
        .locator(selector)
        .last()
        .evaluate((element) => {
          const wanted = document.createElement('div');
          wanted.style.background = 'var(--hover)';
          document.body.append(wanted);
          const colour = getComputedStyle(wanted).backgroundColor;
          wanted.remove();
          return { is: getComputedStyle(element).backgroundColor, wanted: colour };
        });
    const row = page.locator('[data-action]').nth(2);
    await row.hover();
    await untilStill(page);
    const seen = await colours('[data-action]:hover');
    expect(seen.is, `a row of the palette, ${theme}`).toBe(seen.wanted);
    await fixture.show('launch', theme);
    await page.getByRole('button', { name: /^Account/ }).hover();
    await untilStill(page);
    const accordion = await colours('.mantine-Accordion-control:hover');
    expect(accordion.is, `a folded group, ${theme}`).toBe(accordion.wanted);
  }
});

test('a dialog begins with its first field or its first button, not with Close', async () => {
  const dialogs: SceneName[] = [
    ...(['cluster-add', 'cluster-edit', 'editor', 'site', 'folder', 'source', 'tunnel-dialog', 'help'] as const),
    ...(['prompt-secret', 'prompt-2fa', 'prompt-approval', 'prompt-hostkey', 'key-changed'] as const),
  ];
  for (const scene of dialogs) {
    await fixture.show(scene);
    const isHead = () =>
      page.evaluate(() => {
        const focused = document.activeElement;
        return focused === document.body || focused?.matches('[role="dialog"] .mantine-CloseButton-root') === true;
      });
    await expect.poll(isHead, scene).toBe(false);
  }
});

test('a double click on a card opens the app or the form', async () => {
  await fixture.show('running');
  await page.getByRole('article', { name: 'JupyterLab' }).dblclick({ position: { x: 400, y: 12 } });
  await expect.poll(() => fixture.calls('views.open')).toEqual([{ instanceId: 'aaaaaaaaaa' }]);
  await fixture.show('recipes');
  await page.getByRole('article', { name: 'Hello app' }).getByText('Nothing to fill in').dblclick();
  await expect(page.getByRole('heading', { name: 'Launch Hello app' })).toBeVisible();
});

test('a cluster keeps its name on a card that is narrow', async () => {
  for (const width of [1280, 960, 750, 640]) {
    await fixture.show('running', 'light', [width, 700]);
    const name = page.getByRole('article', { name: 'JupyterLab' }).getByText('slurm', { exact: true });
    expect(await name.evaluate((element) => element.scrollWidth <= element.clientWidth), `${width}`).toBe(true);
  }
});

test('a search of recipes counts what it found, and Enter opens the first', async () => {
  await fixture.show('recipes');
  const search = page.getByRole('textbox', { name: 'Search recipes' });
  await search.fill('hello');
  await expect(page.getByRole('radiogroup', { name: 'Category' })).toHaveCount(0);
  await expect(page.getByRole('article')).toHaveCount(1);
  await search.fill('app');
  await expect(page.getByRole('article')).not.toHaveCount(1);
  const found = await page.getByRole('article').count();
  await expect(page.getByRole('radiogroup', { name: 'Category' }).locator('label').first()).toHaveText(
    new RegExp(`^All\\s*${found}$`),
  );
  await search.fill('hello');
  await search.press('Enter');
  await expect(page.getByRole('heading', { name: 'Launch Hello app' })).toBeVisible();
});

test('a recipe that the cluster cannot run says why, and where it can be run', async () => {
  await fixture.show('recipes');
  const spectra = page.getByRole('article', { name: 'Spectra on the pool' });
  await expect(spectra).toContainText('Needs HTCondor; slurm has Slurm.');
  await expect(page.getByRole('article', { name: 'Beamline viewer' })).toContainText('Add a cluster');
  const order = await page.getByRole('article').evaluateAll((cards) => cards.map((card) => card.ariaLabel));
  expect(order.slice(0, 2)).toEqual(['JupyterLab', 'Flask app']);
  expect(order.slice(-2)).toEqual(['Spectra on the pool', 'Beamline viewer']);
  await spectra.scrollIntoViewIfNeeded();
  await screenshot(page, 'recipes-misfit');
  await spectra.getByRole('button', { name: 'Launch on pool' }).click();
  await expect(page.getByRole('combobox', { name: /^Cluster/ })).toHaveValue('pool');
  await fixture.show('recipes');
  await page.getByRole('combobox', { name: 'Works on' }).click();
  await page.getByRole('option', { name: 'Works on pool' }).click();
  await expect(page.getByRole('article', { name: 'Hello app' })).not.toContainText('Needs');
});

test('a new cluster is saved and connected, is chosen from then on, and its key file can be browsed for', async () => {
  await fixture.show('cluster-add');
  const dialog = page.getByRole('dialog', { name: 'Add a cluster' });
  await dialog.getByLabel('Name', { exact: true }).fill('mine');
  await dialog.getByLabel('Login node').fill('login.mine.example');
  await dialog.getByLabel('User', { exact: true }).fill('ada');
  await dialog.getByRole('button', { name: /^Advanced/ }).click();
  await dialog.getByRole('button', { name: 'Browse for a key file' }).click();
  await expect.poll(() => fixture.calls('desktop.choosePath')).toEqual([{ kind: 'key' }]);
  await expect(dialog.getByText('/home/user01/wave-viewer')).toBeVisible();
  await screenshot(page, 'cluster-advanced');
  await dialog.getByRole('button', { name: 'Save and connect' }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => fixture.calls('clusters.connect')).toEqual([{ id: 'pool' }]);
  await page.keyboard.press('Alt+3');
  await expect(page.getByRole('combobox', { name: 'Works on' })).toHaveValue('Works on pool');
  await page.getByRole('button', { name: 'Launch Hello app' }).click();
  await expect(page.getByRole('combobox', { name: /^Cluster/ })).toHaveValue('pool');
});

test('the result of a connection test is in sight, also with all fields shown', async () => {
  await fixture.show('cluster-edit', 'light', [1280, 800]);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Advanced/ }).click();
  await dialog.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(dialog.getByText('It works.')).toBeInViewport();
});

test('a toast is below dialogs, and above the buttons at the foot of a page', async () => {
  await fixture.show('clusters');
  await page.getByRole('button', { name: 'More for slurm' }).click();
  await page.getByRole('menuitem', { name: /^Disconnect/ }).click();
  const toast = page.getByRole('alert').filter({ hasText: 'stays connected' });
  await expect(toast).toBeVisible();
  await page.getByRole('button', { name: 'Add cluster' }).click();
  const save = page.getByRole('button', { name: 'Save and connect' });
  await save.click({ trial: true });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Alt+3');
  await page.getByRole('button', { name: 'Launch Hello app' }).click();
  await page.getByRole('button', { name: 'Launch', exact: true }).click({ trial: true });
});

test('before the engine has answered nobody says that there are no clusters', async () => {
  await fixture.show('first');
  await fixture.change({ clusters: [], system: { ...(await systemNow()), engine: 'starting' } });
  await expect(page.getByText('Starting the engine')).toBeVisible();
  await expect(page.getByText('No clusters yet')).toHaveCount(0);
});

const systemNow = () =>
  page.evaluate(async () => {
    const { state } = (await window.tunel.invoke('app.state', undefined, 1)) as { state: { system: object } };
    return state.system;
  });

test('the view of an app that waits does not call it private', async () => {
  await fixture.show('view-waiting');
  const toolbar = page.getByRole('toolbar', { name: 'View' });
  await expect(toolbar.getByRole('button', { name: 'Waiting' })).toBeVisible();
  await expect(toolbar.getByRole('button', { name: 'Private' })).toHaveCount(0);
});

test('a view says until its page has painted that it loads, and after 10 s what the app said last', async () => {
  await page.clock.install();
  await fixture.show('view-loading');
  const loading = page.getByRole('status', { name: 'Loading the page' });
  await expect(loading).toBeVisible();
  await expect(loading).not.toContainText('Still loading');
  await page.clock.fastForward(11_000);
  await expect(loading).toContainText('Still loading.');
  await expect(loading).toContainText('http://localhost/lab');
  await screenshot(page, 'view-loading-long');
  await page.clock.resume();
});

test('an app whose sign-in was cancelled offers the sign-in, and claims nothing', async () => {
  await fixture.show('running-lost');
  const card = page.getByRole('article', { name: 'JupyterLab 1' });
  await expect(card).toContainText('Connection lost.');
  await expect(card).toContainText('Sign in to slurm to open it.');
  await expect(card).not.toContainText('only you can reach it');
  await expect(card).not.toContainText('Reconnecting');
  const first = card
    .getByRole('button')
    .filter({ hasText: /Sign in|Open/ })
    .first();
  await expect(first).toHaveText('Sign in');
  await expect(first).toHaveAttribute('data-variant', 'filled');
  await first.click();
  await expect.poll(() => fixture.calls('clusters.connect')).toEqual([{ id: 'slurm' }]);
  const other = page.getByRole('article', { name: 'JupyterLab 2' });
  await expect(other).toContainText('Tunel is reconnecting.');
  await expect(other.getByRole('button', { name: 'Open' })).toHaveAttribute('data-variant', 'filled');
});

test('a folder that is dropped on the window opens the dialog that runs it; another file says why it does not', async () => {
  await fixture.show('running');
  const drop = (name: string) =>
    page.evaluate((given) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], given));
      const on = (type: string) =>
        window.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      on('dragover');
      on('drop');
    }, name);
  await drop('notes.txt');
  await expect(page.getByRole('status').filter({ hasText: 'notes.txt is neither a folder nor a zip.' })).toBeVisible();
  await drop('app.zip');
  const dialog = page.getByRole('dialog', { name: 'Your own folder' });
  await expect(dialog).toBeVisible();
  await expect
    .poll(() => fixture.calls('folders.inspect'))
    .toMatchObject([{ source: { kind: 'zip', path: '/home/user01/app.zip' } }]);
});

test('a host that a certificate authority vouches for can be reached with OpenSSH instead', async () => {
  await fixture.show('prompt-authority');
  await page.getByRole('button', { name: 'Use OpenSSH' }).click();
  await expect.poll(() => fixture.calls('clusters.connect')).toEqual([{ id: 'slurm' }]);
  expect(await fixture.calls('prompts.answer')).toEqual([{ id: 'p1', answer: { kind: 'cancel' } }]);
  expect(await fixture.calls('clusters.save')).toMatchObject([{ id: 'slurm', input: { transport: 'openssh' } }]);
});

test('the questions of a bastion and of the login node have different titles', async () => {
  await fixture.show('prompt-jump');
  await expect(page.getByRole('dialog', { name: 'Sign in to jump host gate.slurm.example of slurm' })).toBeVisible();
  await fixture.show('prompt-secret');
  await expect(page.getByRole('dialog', { name: 'Sign in to slurm', exact: true })).toBeVisible();
});

/** Words of a screen, by the scene that shows it. */
const words: [SceneName, string[]][] = [
  ['running', ['In progress', 'Ready or running', 'Starts about']],
  ['running-odd', ['On hold at your request.', 'Not private.', '28 of 100 tasks done']],
  ['running-reach', ['Other routes tried', 'Hide evidence', 'Check again']],
  ['settings', ['Match system', 'Say which apps keep running']],
  ['settings-search', ['Single-key shortcuts', 'Remembered passwords']],
  ['settings-recipes', ['Folders with your own recipes', 'From git repositories', 'Add a repository']],
  [
    'settings-api',
    [
      'Copy it now',
      'changes are confirmed',
      'Programs with a token may use its connection',
      '36 of 40 jobs',
      '214 calls',
      'Forbidden by the site: “No automated access to login.genomics.example”',
    ],
  ],
  ['settings-audit', ['refused: revoked', 'kept for 90 days', 'Show earlier']],
  ['consent', ['wants to submit batch jobs on slurm for the first time.', 'Allow once']],
  ['cluster-add', ['Detect automatically', 'Two-factor and other prompts', 'Jump host', 'Save and connect']],
  ['folder', ['2 items not uploaded', 'Continue', 'Check folder']],
  ['clusters', ['Connection log', 'experimental', 'cores free']],
  ['recipes', ['used 41 times, today', 'used twice, yesterday', 'Not on slurm']],
  ['launch', ['How it runs', 'up to 250 GB per node', 'What will run']],
  ['launch-login', ['Launch JupyterLab']],
  ['prompt-2fa', ['Always use this option for slurm']],
  ['prompt-approval', ['Approve on your phone']],
  ['view-detached', ['Closing the window does not stop the app.']],
  ['first', ['Found on this computer', 'Launch Hello app on demo']],
  ['help', ['Search or run', 'Next region; Shift F6 goes back']],
];

test('screens use the agreed words', async () => {
  for (const [scene, list] of words) {
    await fixture.show(scene);
    // A choice shows its word as the value of its field.
    const text = () =>
      page.evaluate(() =>
        [document.body.innerText, ...[...document.querySelectorAll('input')].map((field) => field.value)].join('\n'),
      );
    for (const word of list) await expect.poll(text, `${scene}: ${word}`).toContain(word);
  }
  await fixture.show('launch-login');
  await expect(page.getByRole('button', { name: /^How it runs/ })).toBeVisible();
});
