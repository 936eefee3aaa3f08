import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { clusterOf } from '../helpers/apps.ts';
import { asUser, type ClusterInfo, upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, goTo, setSize, viewPage } from '../helpers/ui.ts';
import { windowPicture } from '../helpers/window-picture.ts';

/** A desktop, a terminal and a file browser on a compute node, in the real window: TigerVNC, bash and Python are real. */
test.describe.configure({ mode: 'serial' });

let slurm: ClusterInfo;
let home: Awaited<ReturnType<typeof emptyHome>>;
let tunel: LaunchedApp;
let page: Page;
let clusterId: string;
const seen: Page[] = [];
/** Where the tests' files are, on the cluster. */
const folder = `/home/ada/desk-${randomBytes(4).toString('hex')}`;

test.beforeAll(async () => {
  slurm = await upCluster('slurm24');
  await asUser('ada', slurm, 'slogin', ['mkdir', folder]);
  home = await emptyHome();
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
  await invoke(page, 'settings.save', { theme: 'light' });
  await setSize(tunel.app, page, 1280, 800);
  ({ id: clusterId } = await invoke(page, 'clusters.save', { input: clusterOf(slurm) }));
});

const live = async () =>
  (await invoke(page, 'app.state', undefined)).state.instances.filter(({ endedAt }) => endedAt === null);

test.afterAll(async () => {
  if (clusterId) {
    for (const { id } of await live()) await invoke(page, 'instances.end', { id });
    await expect.poll(live).toEqual([]);
  }
  await tunel?.close();
  await asUser('ada', slurm, 'slogin', ['rm', '-rf', folder]);
  await home?.remove();
});

async function open(recipe: string, title: string, args: Record<string, string> = {}): Promise<Page> {
  const resources = { memory: 400, cpus: 1, time: 10 };
  await invoke(page, 'instances.launch', { clusterId, recipe, title, args, resources, workDirectory: folder });
  if (seen.length > 0) await page.getByRole('button', { name: 'Back to Tunel' }).click();
  await goTo(page, 'Running');
  const card = page.getByRole('article', { name: title, exact: true });
  await expect(card.getByRole('button', { name: 'Open' })).toBeVisible();
  await card.getByRole('button', { name: 'Open' }).click();
  const view = await viewPage(tunel.app, seen);
  seen.push(view);
  return view;
}

/** Read past the nodes, which cache what others write. */
const there = (name: string): Promise<string> => readFile(join(slurm.shared, folder, name), 'utf8').catch(() => '');
const clipboard = () => tunel.app.evaluate((electron) => electron.clipboard.readText());
const copyHere = (text: string) => tunel.app.evaluate((electron, copied) => electron.clipboard.writeText(copied), text);

/** The middle of what is white on the desktop, as xterm's window is; null while there is little of it. */
const whitePlace = (view: Page) =>
  view.evaluate(() => {
    const canvas = document.querySelector('canvas');
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (!canvas || !data) return null;
    let [white, x, y] = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] !== 255 || data[at + 1] !== 255) continue;
      white += 1;
      x += (at / 4) % canvas.width;
      y += Math.floor(at / 4 / canvas.width);
    }
    return white < data.length / 40 ? null : { x: Math.round(x / white), y: Math.round(y / white) };
  });

test('a desktop is shown, keys and the clipboard go there and back', async () => {
  const view = await open('desktop', 'Desk', { session: 'openbox' });
  await expect(view.locator('canvas')).toBeVisible();
  await expect(view.locator('#cover')).toBeHidden();
  await expect.poll(() => whitePlace(view)).not.toBeNull();
  // The desktop takes the size of the view.
  const shown = () =>
    view.evaluate(() => {
      const canvas = document.querySelector('canvas');
      const box = document.getElementById('screen')?.getBoundingClientRect();
      return canvas && box ? [canvas.width - Math.round(box.width), canvas.height - Math.round(box.height)] : null;
    });
  await expect.poll(shown).toEqual([0, 0]);

  // A window that has just been drawn may not take keys yet.
  await expect(async () => {
    await view.locator('canvas').click({ position: (await whitePlace(view)) ?? undefined });
    await view.keyboard.type(`hostname >${folder}/typed\n`);
    await expect.poll(() => there('typed'), { timeout: 8_000 }).toMatch(/^c[12]\n$/);
  }).toPass();

  await view.keyboard.type("printf 'from there: \\303\\251 \\342\\234\\223' | xclip -selection clipboard\n");
  await expect.poll(clipboard).toBe('from there: é ✓');

  await copyHere(`echo pasted-$((6*7)) >${folder}/pasted`);
  await view.keyboard.press('Shift+Insert');
  // The desktop asks for the text when its program wants it, so it comes a little after the key.
  const entered = async () => {
    await view.keyboard.press('Enter');
    return await there('pasted');
  };
  await expect.poll(entered).toBe('pasted-42\n');
  await windowPicture(tunel.app, 'desktop');

  // Switched off, nothing goes either way.
  await view.getByRole('button', { name: 'Clipboard' }).click();
  await view.getByRole('checkbox', { name: /^Share the clipboard/ }).uncheck();
  await view.getByRole('button', { name: 'Close' }).click();
  await copyHere('mine');
  await view.locator('canvas').click({ position: (await whitePlace(view)) ?? undefined });
  await view.keyboard.type(`printf secret | xclip -selection clipboard; echo done >${folder}/done\n`);
  await expect.poll(() => there('done')).toBe('done\n');
  expect(await clipboard()).toBe('mine');
});

test('a terminal runs the login shell, keeps its screen, and tells how it ended', async () => {
  const view = await open('terminal', 'Shell');
  const screen = view.locator('.xterm-rows');
  await expect(screen).toContainText('$');
  await view.keyboard.type('echo "on $(hostname), $((6*7)) ü"; stty size\n');
  await expect(screen).toContainText(/on c[12], 42 ü/);
  const size = await view.evaluate(() => document.querySelectorAll('.xterm-rows > div').length);
  await expect(screen).toContainText(new RegExp(`\\b${size} \\d+`));

  // Paste, and copy what is selected.
  await copyHere('echo "pasted $((5*5))"');
  await view.keyboard.press('Control+Shift+V');
  await view.keyboard.press('Enter');
  await expect(screen).toContainText('pasted 25');
  await view.locator('.xterm-screen').dblclick({ position: { x: 8, y: 8 } });
  await view.keyboard.press('Control+Shift+C');
  await expect.poll(clipboard).not.toBe('echo "pasted $((5*5))"');
  await windowPicture(tunel.app, 'terminal');

  // Another page of the same view: the screen is there again, and the first one says that it was taken.
  await view.reload();
  await expect(screen).toContainText('pasted 25');
  await view.keyboard.type('exit 3\n');
  await expect(view.getByRole('status')).toContainText('exit code was 3');
});
