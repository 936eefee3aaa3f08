import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { findLiveEngine, readEngineAddress } from '../../electron/client/engine-address.ts';
import { createReconnectingClient, type ReconnectingClient } from '../../electron/client/reconnecting-client.ts';
import { startBackground } from '../../electron/client/start-background.ts';
import packageFile from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
const place = join(root, 'test-results/bundles/engine');
let bundled: Promise<string> | null = null;

/** Bundles the background engine and its demo server, once for each test file; returns the engine's file. */
export function bundleEngine(): Promise<string> {
  bundled ??= (async () => {
    mkdirSync(place, { recursive: true });
    for (const data of ['recipes', 'sites']) {
      if (!existsSync(join(place, data))) symlinkSync(join(root, data), join(place, data));
    }
    const outdir = join(place, `dist-${process.pid}`);
    await build({
      entryPoints: {
        'engine-background': join(root, 'electron/engine-background.ts'),
        'demo-cluster': join(root, 'electron/core/demo/server.ts'),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outdir,
      logLevel: 'error',
    });
    return join(outdir, 'engine-background.js');
  })();
  return bundled;
}

/** A client as a command is one: it starts a background engine where none answers. */
export async function engineClient(data: string, version = packageFile.version): Promise<ReconnectingClient> {
  const file = await bundleEngine();
  return createReconnectingClient({
    findEngine: () => findLiveEngine(data),
    version,
    startEngine: () => startBackground(file, data),
  });
}

/** Starts the engine's process itself, to be killed by a test; resolves with it and what it said at its start. */
export async function spawnEngine(
  data: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcess; said: unknown }> {
  const child = spawn(process.execPath, [await bundleEngine(), data], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  });
  const said = await new Promise<unknown>((resolve) => {
    child.once('message', resolve);
    child.once('exit', (code) => resolve({ kind: 'exit', code }));
  });
  return { child, said };
}

/** Ends the engine of a data directory, if there is one. */
export function killEngine(data: string): void {
  const address = readEngineAddress(data);
  if (!address) return;
  try {
    process.kill(address.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
