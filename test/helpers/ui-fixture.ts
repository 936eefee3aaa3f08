import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { build } from 'vite';
import { pageHeaders, workerSecurityPolicy } from '../../electron/security/app-files-policy.ts';
import { isolatedDocument, isolatedHeaders } from '../../electron/security/isolated-page-policy.ts';
import type { SceneName } from '../ui/scene-names.ts';
import { appRoot, type LaunchedApp, launchApp } from './electron.ts';
import { untilStill } from './ui.ts';

/** What the page asked of its bridge. */
export interface BridgeCall {
  name: string;
  input: unknown;
}

interface FixturePage {
  fixture: { calls: BridgeCall[]; change(changes: object): void; rename(name: string): void };
}

/** The real renderer over invented states, in a real window. */
export interface UiFixture {
  running: LaunchedApp;
  page: Page;
  /** What the page wrote to its console as an error. */
  complaints: string[];
  show(scene: SceneName, theme?: 'light' | 'dark', size?: [number, number]): Promise<void>;
  calls(name: string): Promise<unknown[]>;
  change(changes: object): Promise<void>;
  /** Gives everything a long name. */
  rename(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Builds the UI fixture and opens it under the product's own content security policy. */
export async function openUiFixture(): Promise<UiFixture> {
  await build({ configFile: join(appRoot, 'test/ui/vite.config.ts'), logLevel: 'error' });
  const running = await launchApp({
    appDir: join(appRoot, 'test/ui/electron'),
    env: {
      UI_FIXTURE_ROOT: join(appRoot, 'test-results/ui-fixture'),
      UI_FIXTURE_HEADERS: JSON.stringify(pageHeaders),
      UI_FIXTURE_ISOLATED: JSON.stringify({ body: isolatedDocument, headers: isolatedHeaders }),
      UI_FIXTURE_WORKER_POLICY: workerSecurityPolicy,
    },
  });
  const page = running.window;
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    running,
    page,
    complaints,
    async show(scene, theme = 'light', size = [1280, 800]) {
      await running.app.evaluate(({ BrowserWindow }, [width, height]) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
      }, size);
      await page.goto(`fixture://page/index.html?scene=${scene}&theme=${theme}`);
      await page.locator('html[data-fixture=ready]').waitFor();
      await expect.poll(() => page.evaluate(() => innerWidth)).toBe(size[0]);
      await expect(page.getByRole('heading', { name: 'This page stopped' })).toHaveCount(0);
      // Readers of file formats are loaded after the page.
      await expect(page.getByRole('status').filter({ hasText: /^\s*Reading$/ })).toHaveCount(0);
      // Fades change colours: axe measures what stays.
      await untilStill(page);
    },
    calls: (name) =>
      page.evaluate(
        (wanted) =>
          (window as unknown as FixturePage).fixture.calls
            .filter((call) => call.name === wanted)
            .map((call) => call.input),
        name,
      ),
    change: (changes) => page.evaluate((given) => (window as unknown as FixturePage).fixture.change(given), changes),
    rename: (name) => page.evaluate((given) => (window as unknown as FixturePage).fixture.rename(given), name),
    close: () => running.close(),
  };
}
