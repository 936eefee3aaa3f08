import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { PATIENCE_MS, UNIT_PATIENCE_MS } from './test/helpers/patience.ts';

/** Gives a file that is imported `with { type: 'text' }` as esbuild gives it. */
const textModules: Plugin = {
  name: 'text-modules',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('.py') ? { code: `export default ${JSON.stringify(code)};`, map: null } : null),
};
const plugins = [textModules];

export default defineConfig({
  test: {
    projects: [
      {
        plugins,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Many wait for a program more than they compute.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          setupFiles: ['test/helpers/patient-waits.ts'],
          expect: { poll: { timeout: UNIT_PATIENCE_MS, interval: 50 } },
        },
      },
      { plugins, test: { name: 'bench', include: ['test/bench/**/*.bench.ts'], testTimeout: 300_000 } },
      {
        plugins,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // A test ends with what it waited for in vain, not with its own time.
          testTimeout: 600_000,
          expect: { poll: { timeout: PATIENCE_MS, interval: 100 } },
          // A hook also waits for clusters that another file holds.
          hookTimeout: 1_800_000,
          maxWorkers: 3,
        },
      },
    ],
  },
});
