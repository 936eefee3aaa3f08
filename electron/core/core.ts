import { EventEmitter } from 'node:events';
import type { ByteStream } from '../client/byte-stream.ts';
import type { ViewAccess } from '../shared/contract/instances.ts';
import { AppError, type ErrorCode } from '../shared/errors.ts';
import { isLive } from '../shared/instance-policy.ts';
import type { StateChange } from '../shared/state-patch.ts';
import { owner, type Token, type TokenCaller } from '../shared/tokens.ts';
import type { Transition } from '../shared/transitions.ts';
import { type Call, type CallContext, CallGuard } from './api/call-guard.ts';
import type { CallerEnds } from './api/caller-life.ts';
import { Dispatcher } from './api/dispatch.ts';
import { BackgroundWork } from './background-work.ts';
import type { CoreDeps } from './composition/core-deps.ts';
import { createFeatures, type Features } from './composition/features.ts';
import { followEvents } from './composition/follow-events.ts';
import { callerEnds, createRequestHandlers, createStreamHandlers } from './composition/handlers.ts';
import { StatePublisher } from './composition/publish-state.ts';
import { Disposer } from './disposer.ts';
import { TransitionLog } from './history/transition-log.ts';
import type { LogEvent } from './instances/types.ts';
import type { StateStore } from './state-store.ts';
import { usableClusters } from './tokens/authorize-policy.ts';

/** Everything that is not a window. The engine, the command line and the tests each hold one. */
export interface Core extends CallerEnds {
  /** A request of the contract by its name; the input is checked here. `signal`: nobody wants the answer any more. */
  request(name: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
  /** A stream of the contract by its name. `signal`: nobody waits for it any more; an open one ends with its `data`. */
  openStream(name: string, input: unknown, signal?: AbortSignal): Promise<ByteStream>;
  /** As `request`, for a client of the API. */
  answer(name: string, input: unknown, context: CallContext): Promise<unknown>;
  /** As `openStream`, for a client of the API. */
  open(name: string, input: unknown, context: CallContext): Promise<ByteStream>;
  /** The id of the cluster with this id or name; what is neither stays as it is. */
  clusterIdOf(reference: string): string;
  /** Who sends this token. @throws AppError `token-invalid`, `token-revoked`, `token-expired` */
  authenticate(token: string): TokenCaller;
  /** Ids of the clusters that a token may use now. */
  clustersOf(token: Token): string[];
  /** Whether the caller may follow events, which the audit log notes. @throws AppError of the refusal */
  admitSubscriber(context: CallContext): Promise<void>;
  /** Writes a call into the audit log whose token was not accepted. */
  logRefusal(path: string, code: ErrorCode): void;
  snapshot(): ReturnType<StateStore['snapshot']>;
  onChanges(listener: (change: StateChange) => void): () => void;
  onLog(listener: (event: LogEvent) => void): () => void;
  onTransition(listener: (transition: Transition) => void): () => void;
  /** All after the one with this id, oldest first. `clusters`: only of these; null: of all. */
  transitionsAfter(id: number, clusters: readonly string[] | null): Transition[];
  /** Goes on with the transfers that the last engine left. */
  continueTransfers(): void;
  /** Whether a running app is watched over a live connection, a tunnel is open or a transfer goes on. */
  isWatching(): boolean;
  /** As `instances.viewAccess`, for a caller in this process. */
  viewAccess(instanceId: string): ViewAccess;
  dispose(): Promise<void>;
}

interface TransitionEvents {
  transition: [transition: Transition];
}
type TransitionEmitter = EventEmitter<TransitionEvents>;

export async function createCore(deps: CoreDeps): Promise<Core> {
  const disposer = new Disposer();
  try {
    return await composeCore(deps, disposer);
  } catch (error) {
    await disposer.dispose();
    throw error;
  }
}

/** Features, then what is published of them, then what answers requests. */
async function composeCore(deps: CoreDeps, disposer: Disposer): Promise<Core> {
  const features = await createFeatures(deps, disposer);
  const background = new BackgroundWork(deps.logger);
  const publisher = new StatePublisher(features, deps);
  publisher.start(disposer);
  // Each client listens.
  const transitions: TransitionEmitter = new EventEmitter<TransitionEvents>().setMaxListeners(0);
  disposer.use(createTransitionLog(features, deps, transitions));
  followEvents({ ...deps, features, publisher, background }, disposer);
  background.run('count secrets', features.clusters.countSecrets());
  background.run('read the SSH config', publisher.sshConfigHosts());
  // Added last, so that what waits ends before the features are disposed of.
  disposer.use(background);

  const guard = createCallGuard(features, deps);
  const handlerDeps = { ...deps, features, publisher, background };
  return createFacade({
    features,
    transitions,
    background,
    disposer,
    guard,
    dispatcher: new Dispatcher({
      requests: createRequestHandlers(handlerDeps),
      streams: createStreamHandlers(handlerDeps),
      guard,
      limits: features.limits,
      clusterAccess: features.clusterAccess,
    }),
  });
}

function createCallGuard({ audit, consents, storage, openTunnels }: Features, { clock }: CoreDeps): CallGuard {
  return new CallGuard({
    clock,
    audit,
    consents,
    findCluster: (id) => storage.clusters().find((cluster) => cluster.id === id) ?? null,
    clusterIdOf(subject) {
      if (subject === null) return null;
      if ('clusterId' in subject) return subject.clusterId;
      if ('jobId' in subject) {
        const { jobId } = subject;
        return (storage.findJob(jobId) ?? storage.findInstance(jobId)?.instance)?.clusterId ?? null;
      }
      if ('instanceId' in subject) return storage.findInstance(subject.instanceId)?.instance.clusterId ?? null;
      return openTunnels.list().find(({ id }) => id === subject.tunnelId)?.clusterId ?? null;
    },
  });
}

/** The first state is published before, because it is the one that transitions are compared with. */
function createTransitionLog(
  { storage, store }: Features,
  { clock, logger }: CoreDeps,
  emitter: TransitionEmitter,
): TransitionLog {
  const transitions = new TransitionLog({
    storage,
    clock,
    state: () => store.state,
    publish(transition) {
      emitter.emit('transition', transition);
    },
    onSaveFailed: (error) => logger.warn('a transition was not saved', { error: AppError.from(error).message }),
  });
  store.onChange(() => transitions.onChange());
  return transitions;
}

interface FacadeParts {
  features: Features;
  transitions: TransitionEmitter;
  background: BackgroundWork;
  disposer: Disposer;
  guard: CallGuard;
  dispatcher: Dispatcher;
}

/** What following events asks of a token. The user's own clients do it all the time, so it is not logged for them. */
const subscription: Call = { name: 'events', scope: 'read', writes: false, subject: null, detail: null };

function createFacade({ features, transitions, background, disposer, guard, dispatcher }: FacadeParts): Core {
  const { store, instances, connections, gateway, openTunnels } = features;
  const untilClosing = (signal?: AbortSignal) =>
    signal ? AbortSignal.any([signal, background.signal]) : background.signal;
  return {
    request: (name, input, signal) => dispatcher.request(name, input, { caller: owner, signal: untilClosing(signal) }),
    openStream: (name, input, signal) =>
      dispatcher.openStream(name, input, { caller: owner, signal: untilClosing(signal) }),
    answer: (name, input, context) =>
      dispatcher.request(name, input, { ...context, signal: untilClosing(context.signal) }),
    open: (name, input, context) =>
      dispatcher.openStream(name, input, { ...context, signal: untilClosing(context.signal) }),
    clusterIdOf(reference) {
      const saved = features.storage.clusters();
      const found = saved.find(({ id }) => id === reference) ?? saved.find(({ name }) => name === reference);
      return found?.id ?? reference;
    },
    authenticate: (token) => features.tokens.authenticate(token),
    clustersOf: (token) => usableClusters(token, features.storage.clusters()),
    admitSubscriber: (context) =>
      guard.run({ ...context, signal: untilClosing(context.signal) }, subscription, () => undefined),
    logRefusal: (path, code) => features.audit.addRefusal(path, code),
    ...callerEnds(features),
    snapshot: () => store.snapshot(),
    onChanges: (listener) => store.onChange(listener),
    onLog: (listener) => instances.onLog(listener),
    onTransition(listener) {
      transitions.on('transition', listener);
      return () => transitions.off('transition', listener);
    },
    transitionsAfter: (id, clusters) =>
      features.storage.transitions({ after: id, limit: Number.MAX_SAFE_INTEGER, clusters }),
    continueTransfers: () => features.transfers.continueQueue(),
    isWatching: () =>
      openTunnels.list().length > 0 ||
      features.transfers.isBusy ||
      instances.list().some((each) => isLive(each.state) && connections.status(each.clusterId).state === 'connected'),
    viewAccess: (instanceId) => gateway.access(instanceId),
    dispose: () => disposer.dispose(),
  };
}
