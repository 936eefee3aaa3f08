import { join } from 'node:path';
import { build } from 'esbuild';
import { type CommandResult, runCommand } from './clusters.ts';
import type { Order } from './core-child.ts';
import { PATIENCE_MS } from './patience.ts';

const root = join(import.meta.dirname, '../..');
let bundled: Promise<string> | null = null;

/** The child's file, made once; packages are found from the checkout. */
export function childFile(): Promise<string> {
  bundled ??= (async () => {
    // The core's helper finds the recipes two levels up, as from its source.
    const outfile = join(root, 'test-results/bundles/core-child.mjs');
    await build({
      entryPoints: [join(root, 'test/helpers/core-child.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile,
      logLevel: 'error',
    });
    return outfile;
  })();
  return bundled;
}

/** Runs a core in a process of its own to its end; see core-child.ts. `wrap`: a command that runs it. */
export async function runChild(
  order: Order,
  options: { wrap?: (argv: string[]) => string[]; env?: Record<string, string> } = {},
): Promise<CommandResult> {
  const node = [process.execPath, await childFile(), JSON.stringify(order)];
  const environment = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const [file = '', ...args] = ['env', ...environment, ...(options.wrap?.(node) ?? node)];
  return runCommand(file, args, { check: false, signal: AbortSignal.timeout(PATIENCE_MS) });
}
