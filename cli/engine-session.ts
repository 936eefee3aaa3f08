import type { ByteStream } from '../electron/client/byte-stream.ts';
import type { CoreClient } from '../electron/client/core-client.ts';
import type { Exact } from '../electron/shared/contract/exact.ts';
import type {
  EngineRequestName,
  RequestInput,
  RequestOutput,
  StreamClosed,
  StreamInput,
  StreamName,
  StreamOpened,
} from '../electron/shared/contract/index.ts';
import { AppError } from '../electron/shared/errors.ts';
import type { EngineState } from '../electron/shared/state.ts';
import { onEndingSignal } from './end-by-signal.ts';
import { connectToEngine } from './engine-connection.ts';
import { printProgress } from './output.ts';
import { repeatOnNextEngine } from './repeat-on-next-engine.ts';
import { StateFollower } from './state-follower.ts';
import { askPrompts } from './terminal-prompts.ts';

/** The engine as a command uses it. */
export interface EngineSession {
  /** For requests that Ctrl-C is not to cancel. */
  readonly client: CoreClient;
  /** Fires at Ctrl-C and SIGTERM. */
  readonly interrupted: AbortSignal;
  /** Ctrl-C cancels it. @throws AppError */
  request<N extends EngineRequestName, I extends RequestInput<N>>(
    name: N,
    input: I & Exact<I, RequestInput<N>>,
  ): Promise<RequestOutput<N>>;
  /** Ctrl-C cancels it until it is open. @throws AppError */
  openStream<N extends StreamName, I extends StreamInput<N>>(
    name: N,
    input: I & Exact<I, StreamInput<N>>,
  ): Promise<ByteStream<StreamOpened<N>, StreamClosed<N>>>;
}

/** A session that knows the engine's state. */
export interface StateSession extends EngineSession {
  state(): EngineState;
  onChange(listener: () => void): () => void;
  /** Resolves with the first non-null answer, asked at each change of state; with null when `limit` comes first. */
  until<T>(look: (state: EngineState) => T | null): Promise<T>;
  until<T>(look: (state: EngineState) => T | null, limit: AbortSignal): Promise<T | null>;
  /** Reads the state as it is now, after a request whose effect the command looks for. */
  refresh(): Promise<void>;
  /** Ends the state and the questions on this terminal, which then belongs to something else. */
  stopFollowing(): void;
}

export interface StateOptions {
  /** It may need a connection, so questions of a sign-in are asked on this terminal. */
  connects?: boolean;
  /** Connects to the clusters of running apps and watches these. */
  resumes?: boolean;
  /** It starts an app, which the next engine has to watch again. */
  launches?: boolean;
  /** `always`: the demo cluster is meant; `if-used`: an app may run on it. */
  demo?: 'always' | 'if-used';
}

const demoClusterId = 'demo';
/** The demo cluster runs beside the engine, so it has to be started for those who mean it. */
export const demoFor = (cluster: string | undefined): { demo?: 'always' } =>
  cluster === demoClusterId ? { demo: 'always' } : {};

/** Connects to the engine for one command. */
export async function withEngine<T>(work: (session: EngineSession) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stopListening = onEndingSignal(() => controller.abort(new AppError('cancelled', 'Interrupted.')));
  try {
    const { client, close } = await connectToEngine();
    const interrupted = controller.signal;
    try {
      return await work({
        client,
        interrupted,
        request: (name, input) => client.request(name, input, interrupted),
        openStream: (name, input) => client.openStream(name, input, interrupted),
      });
    } finally {
      await close();
    }
  } finally {
    stopListening();
  }
}

/** Connects to the engine and follows its state for one command. */
export function withEngineState<T>(options: StateOptions, work: (session: StateSession) => Promise<T>): Promise<T> {
  return withEngine(async (session) => {
    const answersPrompts = (options.connects || options.resumes || false) && process.stdin.isTTY;
    const follower = new StateFollower(session.client, {
      answersPrompts,
      onNextEngine: () => prepare(session, follower, { ...options, resumes: options.resumes || options.launches }),
    });
    let stopAsking = () => {};
    try {
      await follower.start();
      if (answersPrompts) stopAsking = askPrompts(session, follower);
      printNotices(follower.state);
      await repeatOnNextEngine(() => prepare(session, follower, options), session.interrupted);
      return await work({
        ...session,
        state: () => follower.state,
        onChange: (listener) => follower.onChange(listener),
        until: createUntil(follower, session.interrupted),
        refresh: () => follower.refresh(),
        stopFollowing() {
          stopAsking();
          follower.close();
        },
      });
    } finally {
      stopAsking();
      follower.close();
    }
  });
}

/** Begins in the engine what the command relies on. */
async function prepare(session: EngineSession, follower: StateFollower, options: StateOptions): Promise<void> {
  const isDemoUsed = () =>
    [...follower.state.instances, ...follower.state.jobs].some(
      ({ clusterId, endedAt }) => clusterId === demoClusterId && endedAt === null,
    );
  const startsDemo = options.demo === 'always' || (options.demo === 'if-used' && isDemoUsed());
  if (startsDemo) await session.request('demo.start', undefined);
  if (options.resumes) await session.request('instances.resume', undefined);
  if (startsDemo || options.resumes) await follower.refresh();
}

function printNotices({ system }: EngineState): void {
  for (const { title, text } of system.notices) printProgress(`${title}: ${text.replaceAll(/\s+/g, ' ').trim()}`);
}

function createUntil(follower: StateFollower, interrupted: AbortSignal) {
  return <T>(look: (state: EngineState) => T | null, limit?: AbortSignal): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const settle = (finish: () => void) => {
        stop();
        interrupted.removeEventListener('abort', onAbort);
        limit?.removeEventListener('abort', onLimit);
        finish();
      };
      const check = () => {
        try {
          if (follower.failure) throw follower.failure;
          // What the ended engine knew may be different by now.
          if (!follower.isCurrent) return;
          const found = look(follower.state);
          if (found !== null) settle(() => resolve(found));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const onAbort = () => settle(() => reject(new AppError('cancelled', 'Interrupted.')));
      // Only the form with a limit can end with null, as its type says.
      const onLimit = () => settle(() => resolve(null as T));
      const stop = follower.onChange(check);
      limit?.addEventListener('abort', onLimit, { once: true });
      interrupted.addEventListener('abort', onAbort, { once: true });
      if (interrupted.aborted) onAbort();
      else check();
    });
}

/** Waits for Ctrl-C, or until `isOver`; neither is a failure. */
export async function untilInterrupted(
  session: StateSession,
  isOver: (state: EngineState) => boolean = () => false,
): Promise<void> {
  try {
    await session.until((state) => (isOver(state) ? true : null));
  } catch (error) {
    if (AppError.from(error).code !== 'cancelled') throw error;
  }
}
