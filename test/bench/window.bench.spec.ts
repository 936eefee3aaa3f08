import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { test } from '@playwright/test';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { launchApp } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';

/**
 * How long the window takes until it shows what is saved, as a multiple of an empty Electron window of the same run.
 * Run by: npx playwright test --config test/bench/playwright.config.ts
 */

const ROUNDS = 7;
const name = 'cluster-of-the-last-run';
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function timeUntil(text: string, options: { dataDir: string; appDir?: string }): Promise<number> {
  const before = performance.now();
  const launched = await launchApp(options);
  await launched.window.waitForFunction((wanted) => document.body.innerText.includes(wanted), text, { polling: 'raf' });
  const took = performance.now() - before;
  await launched.close();
  return took;
}

test('the window shows what it knew last as soon as it is there', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tunel-window-'));
  try {
    const first = await launchApp({ dataDir });
    const input = { name, host: 'example.invalid', user: 'ada' };
    await invoke(first.window, 'clusters.save', { input: clusterInputSchema.parse(input) });
    await first.window.waitForFunction((wanted) => document.body.innerText.includes(wanted), name);
    await first.close();
    const empty: number[] = [];
    const app: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      empty.push(await timeUntil('An empty window', { dataDir, appDir: join(import.meta.dirname, 'empty-window') }));
      app.push(await timeUntil(name, { dataDir }));
    }
    const base = median(empty);
    console.log(`empty window  ${base.toFixed(0)} ms`);
    console.log(`app, with its last state  ${median(app).toFixed(0)} ms  ${(median(app) / base).toFixed(2)} x`);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
