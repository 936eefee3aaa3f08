import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.spec.ts',
  globalSetup: '../helpers/display.ts',
  timeout: 600_000,
  workers: 1,
  reporter: 'list',
});
