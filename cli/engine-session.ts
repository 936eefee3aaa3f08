import { systemClock } from '../electron/core/clock.ts';
import { type Core, createCore } from '../electron/core/core.ts';
import { spawnDemoServer } from '../electron/core/demo/spawn-server.ts';
import type { Logger } from '../electron/core/deps.ts';
import { openSecrets } from '../electron/core/storage/secrets.ts';
import type { EngineRequestName, RequestInput, RequestOutput } from '../electron/shared/contract/index.ts';
import { AppError } from '../electron/shared/errors.ts';
import type { EngineState } from '../electron/shared/state.ts';
import { cliPaths } from './paths.ts';
import { answerPrompts } from './terminal-prompts.ts';
import { version } from './version.ts';

/** The core as a command holds it: typed requests, a way to wait for a state, prompts on the terminal. */
export interface OpenCore {
  core: Core;
  state(): EngineState;
  /** Fires at Ctrl-C. */
  readonly interrupted: AbortSignal;
  request<N extends EngineRequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  /** Resolves with the first non-null answer, asked at each change of state; with null when `limit` comes first. */
  until<T>(look: (state: EngineState) => T | null): Promise<T>;
  until<T>(look: (state: EngineState) => T | null, limit: AbortSignal): Promise<T | null>;
}

interface OpenOptions {
  /** Connect to clusters with running apps and take those up. */
  resume: boolean;
  demo: boolean;
}

const quietLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (message, fields) => {
    if (process.env.TUNEL_DEBUG) process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`);
  },
  error: (message, fields) => process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`),
};

/** Opens the core for one command and disposes it after, also on Ctrl-C. */
export async function withCore<T>(options: OpenOptions, work: (open: OpenCore) => Promise<T>): Promise<T> {
  const paths = cliPaths();
  const core = await createCore({
    paths,
    clock: systemClock,
    logger: quietLogger,
    secrets: await openSecrets(quietLogger),
    startDemoServer: options.demo ? spawnDemoServer(paths.demoCluster) : null,
    versions: { tunel: version },
    resume: options.resume,
  });
  const state = () => core.snapshot().state;
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort(new AppError('cancelled', 'Interrupted.'));
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  const stopAnswering = answerPrompts(core, interrupted.signal);
  const open: OpenCore = {
    core,
    state,
    interrupted: interrupted.signal,
    request: async (name, input) =>
      (await core.request(name, input)) as Awaited<ReturnType<typeof open.request<typeof name>>>,
    until: <T>(look: (state: EngineState) => T | null, limit?: AbortSignal) =>
      new Promise<T>((resolve, reject) => {
        const settle = (finish: () => void) => {
          unsubscribe();
          interrupted.signal.removeEventListener('abort', onAbort);
          limit?.removeEventListener('abort', onLimit);
          finish();
        };
        const check = () => {
          const found = look(state());
          if (found !== null) settle(() => resolve(found));
        };
        const onAbort = () => settle(() => reject(new AppError('cancelled', 'Interrupted.')));
        // Only the form with a limit can end with null, as its type says.
        const onLimit = () => settle(() => resolve(null as T));
        const unsubscribe = core.onChanges(check);
        limit?.addEventListener('abort', onLimit, { once: true });
        interrupted.signal.addEventListener('abort', onAbort, { once: true });
        check();
      }),
  };
  try {
    return await work(open);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    stopAnswering();
    await core.dispose();
  }
}
