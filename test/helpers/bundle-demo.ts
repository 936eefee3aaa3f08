import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** The demo server as `npm run build` bundles it; ssh2 is found from the checkout. */
export async function bundleDemo(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(root, 'electron/core/demo/server.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    alias: { ssh2: join(root, 'node_modules/ssh2/lib/index.js') },
    external: ['*/ssh2/lib/index.js', '*.node', 'cpu-features'],
    logLevel: 'error',
  });
}
