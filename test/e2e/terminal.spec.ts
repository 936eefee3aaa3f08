import { expect, type Page, test } from '@playwright/test';
import { upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { saveCluster } from '../helpers/running.ts';
import { invoke } from '../helpers/shell.ts';
import { clusterCard, goTo, setSize } from '../helpers/ui.ts';

/** A terminal in the window, on a login node. */
test.describe.configure({ mode: 'serial' });

let tunel: LaunchedApp;
let page: Page;

test.beforeAll(async () => {
  const cluster = await upCluster('slurm24', 'shared');
  tunel = await launchApp();
  page = tunel.window;
  await saveCluster(page, cluster, { name: 'slurm' });
  await closeKept();
});
test.afterAll(() => tunel?.close());

const screen = () => page.getByRole('region', { name: 'Terminal', exact: true });
const rows = () => screen().locator('.xterm-rows');
const clusterId = async () => {
  const { state } = await invoke(page, 'app.state', undefined);
  return state.clusters.find(({ cluster }) => cluster.name === 'slurm')?.cluster.id ?? '';
};
/** Ends those that go on without a window, also those of a run that was broken off. */
async function closeKept(): Promise<void> {
  for (const kept of await invoke(page, 'terminals.list', { clusterId: await clusterId() })) {
    await invoke(page, 'terminals.close', { clusterId: kept.clusterId, id: kept.id });
  }
}
const openStreams = async () => (await invoke(page, 'engine.status', undefined)).streams;

async function openTerminal(): Promise<void> {
  await goTo(page, 'Clusters');
  const card = clusterCard(page, 'slurm');
  const button = card.getByRole('button', { name: 'Terminal', exact: true });
  await expect(button.or(card.getByRole('button', { name: 'Connect' }))).toBeVisible();
  if (await button.isHidden()) await card.getByRole('button', { name: 'Connect' }).click();
  await button.click();
  await expect(screen()).toBeVisible();
  await expect(rows()).toContainText(/[$#%>]/);
}

test('runs a shell, shows its output and how it ended, and opens another one', async () => {
  await openTerminal();
  await page.keyboard.type('echo h""i-$((40 + 2)); exit 3\n');
  await expect(rows()).toContainText('hi-42');
  await expect(page.getByRole('status').filter({ hasText: 'Ended with exit code 3.' })).toBeVisible();
  await screenshot(page, 'terminal-ended');
  await page.getByRole('button', { name: 'Open again' }).click();
  await expect(page.getByText('Ended with exit code 3.')).toBeHidden();
  // Typed ahead: the shell may not be there yet.
  await page.keyboard.type('echo a""gain\n');
  await expect(rows()).toContainText('again');
});

test('the shell knows the size of the screen, and learns of a new one', async () => {
  await setSize(tunel.app, page, 1280, 800);
  let asked = 0;
  const size = async () => {
    asked += 1;
    const answer = new RegExp(`<${asked}:(\\d+) (\\d+)>`);
    await page.keyboard.type(`clear; echo "<${asked}:$(stty size)>"\n`);
    await expect(rows()).toContainText(answer);
    const [, height, width] = answer.exec((await rows().textContent()) ?? '') ?? [];
    return { height: Number(height), width: Number(width) };
  };
  const wide = await size();
  await setSize(tunel.app, page, 900, 600);
  await expect.poll(async () => (await size()).width).toBeLessThan(wide.width);
  expect((await size()).height).toBeLessThan(wide.height);
  await setSize(tunel.app, page, 1280, 800);
});

test('has the keys of the window, and is left with F6', async () => {
  await page.keyboard.type('clear; cat -v\n');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Alt+3');
  await page.keyboard.press('Control+n');
  await page.keyboard.press('Enter');
  await expect(rows()).toContainText('^K^[3^N');
  await expect(page.getByRole('heading', { name: 'Terminals' })).toBeVisible();
  await page.keyboard.press('Control+c');
  await page.keyboard.press('F6');
  await expect(page.getByRole('navigation', { name: 'Pages' }).locator(':focus')).toHaveCount(1);
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toBeFocused();
});

test('much output arrives whole, in order', async () => {
  await page.keyboard.type('clear; seq 200000; echo d""one\n');
  await expect(rows()).toContainText('199999200000done');
});

test('searches what was shown, and has tabs with keys of their own', async () => {
  await page.keyboard.type('clear; for i in 1 2 3; do echo "need""le $i"; done\n');
  await expect(rows()).toContainText('needle 3');
  await page.keyboard.press('Control+Shift+f');
  const search = page.getByRole('textbox', { name: 'Search in the terminal' });
  await expect(search).toBeFocused();
  await page.keyboard.type('needle');
  const found = page.getByRole('search').getByRole('status');
  await expect(found).toHaveText('3 of 3');
  await page.keyboard.press('Shift+Enter');
  await expect(found).toHaveText('1 of 3');
  await page.keyboard.press('Enter');
  await expect(found).toHaveText('3 of 3');
  await page.keyboard.press('Escape');
  await expect(search).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toBeFocused();

  await page.keyboard.press('Control+Shift+t');
  const tab = (name: string) => page.locator('main li').getByRole('button', { name, exact: true });
  await expect(tab('slurm 2')).toHaveAttribute('aria-current', 'true');
  await expect(rows()).toContainText(/[$#%>]/);
  await page.keyboard.type("printf '\\033]0;ti%s\\007' tle\n");
  await expect(tab('slurm 2 title')).toHaveAttribute('title', 'slurm 2: title');
  await page.keyboard.press('Control+PageUp');
  await expect(tab('slurm')).toHaveAttribute('aria-current', 'true');
  await expect(rows()).toContainText('needle 3');
  await page.keyboard.press('Control+PageDown');
  await page.keyboard.press('Control+Shift+w');
  await expect(tab('slurm')).toHaveAttribute('aria-current', 'true');
  await expect.poll(openStreams).toBe(1);
});

test('goes on while another page is shown; the last one that is closed ends its shell', async () => {
  await page.keyboard.type('clear; sleep 1; echo b""ack\n');
  await goTo(page, 'Recipes');
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('button', { name: /^Terminals/ })
    .click();
  await expect(rows()).toContainText('back');
  expect(await openStreams()).toBe(1);
  await page.getByRole('button', { name: 'Close the terminal on slurm' }).click();
  await expect(page.getByRole('heading', { name: 'Clusters' })).toBeVisible();
  await expect.poll(openStreams).toBe(0);
});

test('goes on without its connection, after a reload too, and asks before it ends what runs in it', async () => {
  await openTerminal();
  await page.keyboard.type("sh -c 'i=0; while :; do i=$((i+1)); echo count-$i; sleep 0.1; done'\n");
  await expect(rows()).toContainText('count-5');
  await invoke(page, 'clusters.disconnect', { id: await clusterId() });
  await expect(page.getByText('The terminal keeps running on')).toBeVisible();
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(page.getByText('The terminal keeps running on')).toBeHidden();
  await expect(rows()).toContainText(/count-\d\d/);

  await page.reload();
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('button', { name: /^Terminals/ })
    .click();
  await expect(page.getByRole('heading', { name: 'Still running' })).toBeVisible();
  await screenshot(page, 'terminal-still-running');
  await page.getByRole('button', { name: /^Resume slurm on / }).click();
  await expect(rows()).toContainText(/count-\d\d\d/);
  await page.getByRole('button', { name: 'Close the terminal on slurm' }).click();
  const question = page.getByRole('dialog', { name: 'Close the terminal on slurm?' });
  await expect(question).toContainText('sh will be ended.');
  await question.getByRole('button', { name: 'Close the terminal' }).click();
  await expect.poll(async () => invoke(page, 'terminals.list', { clusterId: await clusterId() })).toEqual([]);
});

test('its stream ends when the page is loaded anew, and a page gets no other streams', async () => {
  await openTerminal();
  expect(await openStreams()).toBe(1);
  await page.reload();
  await expect.poll(openStreams).toBe(0);
  const refused = await page.evaluate(() => {
    try {
      window.tunel.openStream('terminals.exec' as never, { clusterId: 'demo', command: 'id' } as never, 1);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(refused).toContain('There is no stream “terminals.exec” for a window.');
  for (const { clusterId: id, id: terminal } of await invoke(page, 'terminals.list', {
    clusterId: await clusterId(),
  })) {
    await invoke(page, 'terminals.close', { clusterId: id, id: terminal });
  }
});
