import { expect, type Page, test } from '@playwright/test';
import { readByAxe } from '../helpers/axe.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';
import { addClusterButton, clusterCard, emptyHome, goTo, setSize, untilStill } from '../helpers/ui.ts';

/** The real app as it is after its first start, looked at by axe: WCAG 2.2 A and AA. */
let home: Awaited<ReturnType<typeof emptyHome>>;
let tunel: LaunchedApp;
let page: Page;

test.beforeAll(async () => {
  home = await emptyHome();
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
  // A cluster that was never reached, of which nothing is known.
  await invoke(page, 'clusters.save', { input: { name: 'hpc', host: '127.0.0.1', port: 9, user: 'ada' } });
  await goTo(page, 'Clusters');
  await expect(clusterCard(page, 'demo')).toContainText('Connected');
});

test.afterAll(async () => {
  await tunel?.close();
  await home?.remove();
});

const screens: Record<string, () => Promise<void>> = {
  running: async () => {
    await goTo(page, 'Running');
    await expect(page.getByRole('button', { name: 'Launch Hello' })).toBeVisible();
  },
  recipes: async () => {
    await goTo(page, 'Recipes');
    await expect(page.getByRole('article').first()).toBeVisible();
  },
  launch: async () => {
    await goTo(page, 'Recipes');
    await page.getByRole('button', { name: 'Launch Hello' }).click();
    await expect(page.getByText('Secrets never enter the script')).toBeVisible();
  },
  clusters: async () => {
    await goTo(page, 'Clusters');
    await expect(clusterCard(page, 'demo')).toBeVisible();
  },
  'add-cluster': async () => {
    await goTo(page, 'Clusters');
    await addClusterButton(page).click();
    await expect(page.getByRole('dialog', { name: 'Add a cluster' })).toBeVisible();
  },
  settings: async () => {
    await goTo(page, 'Settings');
    await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  },
  composer: async () => {
    await goTo(page, 'Jobs');
    await page.keyboard.press('ControlOrMeta+Shift+n');
    await page.getByRole('combobox', { name: /^Cluster/ }).click();
    await page.getByRole('option', { name: 'hpc' }).click();
    await page.getByRole('textbox', { name: 'Script' }).focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(
      '#!/bin/bash\n#SBATCH --time=08:00:00 --tiem=1\n#SBATCH --mem=64G  # mine\n\n# a comment\nmodule load x\nsrun "$HOME/fit" --steps 3\n',
    );
    await expect(page.locator('.cm-lintRange-warning')).toBeVisible();
    await page.getByRole('button', { name: 'Submit' }).click();
    await expect(page.getByText('Give the job a name.').first()).toBeVisible();
  },
};

for (const theme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    test(`axe finds nothing: ${theme}, ${width}x${height}`, async () => {
      await invoke(page, 'settings.save', { theme });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
      await setSize(tunel.app, page, width, height);
      for (const [name, open] of Object.entries(screens)) {
        await open();
        await untilStill(page);
        const { found, rules } = await readByAxe(page, 'wcag');
        expect(rules, `rules that looked at ${name}`).toBeGreaterThan(5);
        expect.soft(found, name).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect.soft(wide, `${name} scrolls sideways`).toBe(false);
        await screenshot(page, `app-${name}-${theme}-${width}`);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
    });
  }
}
