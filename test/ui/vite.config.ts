import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import mantine from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

/** The UI fixture page, for looking at screens and for axe. The product is built by build/vite.config.ts. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  css: { postcss: { plugins: [mantine()] } },
  server: { fs: { allow: [resolve(import.meta.dirname, '../..')] } },
  build: {
    outDir: join(resolve(import.meta.dirname, '../..'), 'test-results/ui-fixture'),
    emptyOutDir: true,
    target: 'chrome130',
    // The page's policy takes fonts from its own files only, never from data URLs.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
  },
});
