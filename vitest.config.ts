import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './test/helpers/patience.ts';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'bench', include: ['test/bench/**/*.bench.ts'], testTimeout: 300_000 } },
      {
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
