import { expect, type Page } from '@playwright/test';

/** Where a recipe's program is: real on slurm24 or slurm22, or a stand-in for what could not be had. */
export interface Use {
  place: 'slurm24' | 'slurm22' | 'standIn';
  args?: Record<string, string | number | boolean>;
  /** What a user sees and does; throws when it is not so. */
  use(view: Page): Promise<void>;
}

const slow = { timeout: 120_000 };
const table = 'plant,height,light\nfern,30,shade\nmoss,4,shade\nelm,2100,sun\nbirch,1800,sun\n';

/** A stand-in has nothing of its own to show but that it was reached and signed in to. */
const standIn = (name: string, words: RegExp): Use => ({
  place: 'standIn',
  use: async (view) => {
    await expect(view.getByRole('heading', { level: 1 })).toHaveText(`${name} (stand-in)`, slow);
    await expect(view.locator('body')).toContainText(words);
  },
});

/** Every recipe with a page of its own. Desktop, terminal, hello and jupyter have specs of their own. */
export const uses: Record<string, Use> = {
  files: {
    place: 'slurm24',
    async use(view) {
      await expect(view.getByRole('link', { name: 'numbers.txt' })).toBeVisible(slow);
      await view
        .locator('input[type=file]')
        .setInputFiles({ name: 'plants.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
      await expect(view.getByRole('link', { name: 'plants.csv' })).toBeVisible();
      await view.getByRole('button', { name: 'Open the folder results' }).click();
      await expect(view.getByRole('status')).toContainText('0 entries');
      await view.getByRole('navigation').getByRole('button').first().click();
      await expect(view.getByRole('status')).toContainText('3 entries');
    },
  },
  flask: {
    place: 'slurm24',
    async use(view) {
      const file = { name: 'plants.csv', mimeType: 'text/csv', buffer: Buffer.from(table) };
      await view.getByLabel('CSV file').setInputFiles(file, slow);
      await view.getByRole('button', { name: 'Sum up' }).click();
      await expect(view.getByRole('heading', { level: 2 })).toHaveText('plants.csv, 4 rows');
      await expect(view.getByRole('row', { name: /^height/ })).toContainText('983.5');
    },
  },
  django: {
    place: 'slurm24',
    async use(view) {
      for (const text of ['Ask for two nodes next time', 'Die Kurve nochmal mit Schritt 0,1']) {
        await view.getByLabel('New note').fill(text, slow);
        await view.getByRole('button', { name: 'Keep' }).click();
        await expect(view.getByRole('cell', { name: text })).toBeVisible();
      }
      await expect(view.getByRole('button', { name: 'Remove' })).toHaveCount(2);
    },
  },
  fastapi: {
    place: 'slurm24',
    async use(view) {
      await expect(view.getByRole('heading', { level: 1 })).toHaveText(/^Load of c[12]$/, slow);
      // What the stream tells takes the place of what was there.
      await view.locator('#load').evaluate((load) => load.replaceChildren('old'));
      await expect(view.locator('#load')).toHaveText(/^\d+\.\d\d \d+\.\d\d \d+\.\d\d$/, slow);
    },
  },
  shiny: {
    place: 'slurm24',
    async use(view) {
      await expect(view.locator('#summary')).toContainText('272 eruptions in 20 bars', slow);
      const plot = view.getByRole('img', { name: 'Histogram of the waiting times' });
      const before = await plot.getAttribute('src');
      const line = await view.locator('.irs-line').boundingBox();
      await view.locator('.irs-line').click({ position: { x: (line?.width ?? 0) * 0.8, y: 4 } });
      await expect(view.locator('#summary')).toHaveText(/ in (3\d|4\d) bars/, slow);
      await expect.poll(() => plot.getAttribute('src'), slow).not.toBe(before);
      await expect(view.locator('.recalculating')).toHaveCount(0, slow);
    },
  },
  dash: {
    place: 'slurm22',
    async use(view) {
      await expect(view.locator('.gtitle')).toHaveText('sin(3 x)', slow);
      await view.getByRole('slider').first().press('ArrowRight');
      await expect(view.locator('.gtitle')).toHaveText('sin(4 x)', slow);
      await expect(view.locator('.scatterlayer .trace')).toHaveCount(1);
    },
  },
  streamlit: {
    place: 'slurm22',
    async use(view) {
      await expect(view.getByRole('listitem').last()).toHaveText('8 × 8 = 64', slow);
      await view.getByRole('slider').press('ArrowRight');
      await expect(view.getByRole('listitem').last()).toHaveText('9 × 9 = 81', slow);
      await expect(view.locator('[data-stale=true]')).toHaveCount(0, slow);
    },
  },
  bokeh: {
    place: 'slurm22',
    async use(view) {
      const slider = view.locator('.noUi-handle');
      await expect(slider).toBeVisible(slow);
      await slider.press('ArrowRight');
      // The plot's title is drawn on a canvas; the page's model has it from the server.
      const titles = () =>
        view.evaluate(() => {
          const { Bokeh } = globalThis as unknown as {
            Bokeh: { documents: { _all_models: Map<string, { type: string; text?: string }> }[] };
          };
          return [...(Bokeh.documents[0]?._all_models.values() ?? [])]
            .filter((model) => model.type === 'Title')
            .map((model) => model.text);
        });
      await expect.poll(titles, slow).toEqual(['sin(2 x)']);
    },
  },
  tensorboard: {
    place: 'slurm22',
    args: { logs: 'logs', reload: 1 },
    async use(view) {
      await expect(view.getByText('loss', { exact: true }).first()).toBeVisible(slow);
      await expect(view.getByText('rate-3').first()).toBeVisible(slow);
      // The axis reaches the last step once the curves are there.
      await expect(view.locator('scalar-card line-chart')).toContainText('40', slow);
    },
  },
  rstudio: standIn('RStudio', /Signed in as ada\.R: \/usr\/bin\/R/),
  'code-server': standIn('code-server', /Signed in\.Folder: \/home\/ada\/views-/),
  marimo: { ...standIn('marimo', /Mode: run.*example\.py/), args: { mode: 'run' } },
  'matlab-proxy': standIn('MATLAB', /Signed in\./),
};
