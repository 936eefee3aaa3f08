import { defineConfig } from '@playwright/test';

/** `npm run package:check`: the packaged app, which `npm test` does not make. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/package',
  globalSetup: '../helpers/display.ts',
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
});
