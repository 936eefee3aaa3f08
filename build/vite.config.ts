import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import mantine from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');
const pages = ['index.html', 'overlay.html'].map((name) => join(root, 'renderer', name));

export default defineConfig({
  root: join(root, 'renderer'),
  base: './',
  plugins: [react()],
  // Readers of large formats are parts of their own, which a worker loads when it is needed.
  worker: { format: 'es' },
  css: { postcss: { plugins: [mantine()] } },
  build: {
    outDir: join(root, 'dist/renderer'),
    emptyOutDir: true,
    // Both engines the app runs on: Electron 33 is Chromium 130.
    target: 'chrome130',
    // The page's policy takes fonts from its own files only, never from data URLs.
    assetsInlineLimit: 0,
    sourcemap: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: pages.filter((page) => existsSync(page)) },
  },
});
