import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.spec.ts',
  // The default would empty the folder of other tests' results.
  outputDir: '../../test-results/bench',
  globalSetup: '../helpers/display.ts',
  timeout: 600_000,
  workers: 1,
  reporter: 'list',
});
