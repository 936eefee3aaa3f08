import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../electron/core/clock.ts';
import { type Core, createCore } from '../../electron/core/core.ts';
import { spawnDemoServer } from '../../electron/core/demo/spawn-server.ts';
import type { Clock, Logger, Secrets } from '../../electron/core/deps.ts';
import { memorySecrets } from '../../electron/core/storage/secrets.ts';
import type { EngineRequestName, RequestInput, RequestOutput } from '../../electron/shared/contract/index.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { bundleDemo } from './bundle-demo.ts';
import { testHost } from './engine-host.ts';
import { PATIENCE_MS } from './patience.ts';

const root = join(import.meta.dirname, '../..');

export const testLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (message, fields) => process.env.TUNEL_DEBUG && console.warn(message, fields),
  error: (message, fields) => console.error(message, fields),
};

export interface TestCore {
  core: Core;
  data: string;
  state(): EngineState;
  request<N extends EngineRequestName>(
    name: N,
    input: RequestInput<N>,
    signal?: AbortSignal,
  ): Promise<RequestOutput<N>>;
  /** Rejects with the last state in its words when it does not come. */
  until<T>(what: string, look: (state: EngineState) => T | null | undefined | false, ms?: number): Promise<T>;
  /** Ends the core; the data directory stays unless `remove`. */
  close(options?: { remove?: boolean }): Promise<void>;
}

/** A real core on a data directory of its own, as the engine holds it. */
export async function openTestCore(
  options: { data?: string; demo?: boolean; secrets?: Secrets; resume?: boolean; clock?: Clock } = {},
): Promise<TestCore> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'tunel-core-'));
  const demoFile = join(data, 'demo-cluster.mjs');
  if (options.demo) await bundleDemo(demoFile);
  const core = await createCore({
    paths: {
      data,
      recipes: join(root, 'recipes'),
      sites: join(root, 'sites'),
      pages: join(root, 'dist/pages'),
      demoCluster: demoFile,
      cli: join(root, 'dist/cli.js'),
    },
    clock: options.clock ?? systemClock,
    logger: testLogger,
    secrets: options.secrets ?? memorySecrets('a test'),
    startDemoServer: options.demo ? spawnDemoServer(demoFile) : null,
    versions: { tunel: 'test' },
    host: testHost,
  });
  if (options.resume ?? true) {
    if (options.demo) await core.request('demo.start', undefined);
    await core.request('clusters.connectAtStart', undefined);
    await core.request('instances.resume', undefined);
  }
  const state = () => core.snapshot().state;
  return {
    core,
    data,
    state,
    async request(name, input, signal) {
      return (await core.request(name, input, signal)) as RequestOutput<typeof name>;
    },
    until(what, look, ms = PATIENCE_MS) {
      return new Promise((resolve, reject) => {
        const settle = (finish: () => void) => {
          clearTimeout(timer);
          stop();
          finish();
        };
        const check = () => {
          const found = look(state());
          if (found) settle(() => resolve(found));
        };
        const timer = setTimeout(
          () =>
            settle(() =>
              reject(
                new Error(
                  `${what}: not within ${ms} ms.\n${JSON.stringify({ instances: state().instances, prompts: state().prompts, log: state().connectionLog }, null, 1)}`,
                ),
              ),
            ),
          ms,
        );
        const stop = core.onChanges(check);
        check();
      });
    },
    async close({ remove = true } = {}) {
      await core.dispose();
      if (remove) rmSync(data, { recursive: true, force: true });
    },
  };
}
