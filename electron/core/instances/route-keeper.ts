import { AppError } from '../../shared/errors.ts';
import { isOver, isStarting } from '../../shared/instance-policy.ts';
import type { Instance } from '../../shared/instances.ts';
import type { LauncherName, RouteKind } from '../../shared/kinds.ts';
import type { Serve } from '../../shared/recipes.ts';
import type { Clock, Logger } from '../deps.ts';
import type { Gateway, GatewayTarget } from '../gateway/types.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import type { NoteValue } from '../recipes/legacy/notes-policy.ts';
import { signedIn } from '../recipes/legacy/sign-in-policy.ts';
import type { FindRoute, Route } from '../routes/types.ts';
import type { Connection } from '../ssh/types.ts';
import type { Storage } from '../storage/types.ts';
import { type AppAnswer, askApp } from './ask-app.ts';
import { firstAnswer } from './first-answer.ts';
import type { InstanceEvent } from './instance-state.ts';
import { readLaunchNotes } from './launch-notes.ts';
import type { Meta } from './meta.ts';
import { waitUntilReady } from './readiness.ts';

/** A node may take some seconds to let the user in after the job began. */
const FIRST_TRIES = 5;
/** An instance found again after its time to get ready still deserves one look. */
const LATE_CHANCE = 15_000;

/** What is known at this moment of the instance and its cluster. */
interface RouteTarget {
  instance: Instance;
  /** null: not connected. */
  connection: Connection | null;
  /** null: its directory was not read yet. */
  meta: Meta | null;
  token: string | null;
  /** Epoch ms by which the first answer must come; null: the job does not run. */
  readyBy: number | null;
  loginNode: string | undefined;
  /** The user's name on the cluster. */
  user: string;
  forbiddenRoutes: readonly RouteKind[] | undefined;
}

interface RouteKeeperPorts {
  target(): RouteTarget;
  findRoute: FindRoute;
  launchers: Readonly<Record<LauncherName, Launcher>>;
  storage: Pick<Storage, 'rememberedRoute' | 'rememberRoute'>;
  gateway: Pick<Gateway, 'add' | 'wake'>;
  clock: Clock;
  logger: Logger;
  life: AbortSignal;
  report(event: InstanceEvent): void;
  notesRead(notes: NoteValue[]): void;
  /** The app is reachable. */
  opened(): void;
  /** It will be tried again: the watcher should look soon. */
  willRetry(): void;
  /** The app was never reached, and will not be. */
  gaveUp(error: AppError): void;
  /** A route that worked is gone: the job's state is worth asking for. */
  routeLost(): void;
}

/** How one instance is reached: finds its route, waits until it answers, opens its channels, notices a dead route. */
export class RouteKeeper {
  readonly #ports: RouteKeeperPorts;
  #route: Route | null = null;
  #attempt: AbortController | null = null;
  #failures = 0;
  #notBefore = 0;
  #suspected: Route | null = null;
  #isRegistered = false;
  /** How it is spoken to, once that is known better than its recipe says; may hold a secret. */
  #serve: Serve | null = null;

  constructor(ports: RouteKeeperPorts) {
    this.#ports = ports;
  }

  /** Opens the route if that is possible and not done yet; called on every round. */
  tryOpen(): void {
    const { connection, instance, meta, token } = this.#ports.target();
    if (this.#route || this.#attempt || !connection || !instance.endpoint) return;
    if (!meta?.serve || token === null || this.#ports.clock.now() < this.#notBefore) return;
    void this.#open(connection, meta, meta.serve, token);
  }

  async #open(connection: Connection, meta: Meta, serve: Serve, token: string): Promise<void> {
    const { clock, gateway, life, report } = this.#ports;
    const attempt = new AbortController();
    this.#attempt = attempt;
    const signal = AbortSignal.any([attempt.signal, life, connection.closed]);
    const { id, state } = this.#ports.target().instance;
    const isFirst = isStarting(state);
    let route: Route | null = null;
    try {
      route = await this.#find(connection, serve, isFirst, signal);
      if (isFirst) await this.#awaitReady(id, serve, token, route, signal);
      await this.#readNotes(connection, meta, serve, token, route, signal);
      signal.throwIfAborted();
      this.#route = route;
      this.#failures = 0;
      this.register();
      report({ type: isFirst ? 'ready' : 'back', at: clock.now() });
      gateway.wake(id);
      this.#ports.opened();
    } catch (error) {
      route?.close();
      if (!signal.aborted) this.#onFailure(AppError.from(error), isFirst);
    } finally {
      if (this.#attempt === attempt) this.#attempt = null;
    }
  }

  async #find(connection: Connection, serve: Serve, isFirst: boolean, signal: AbortSignal): Promise<Route> {
    const { clock, findRoute, launchers, report, storage } = this.#ports;
    const { forbiddenRoutes, instance, loginNode } = this.#ports.target();
    const { clusterId, directory, endpoint, job, launcher } = instance;
    if (!endpoint) throw new AppError('internal', 'A route was asked for before there was an endpoint.');
    if (isFirst) report({ type: 'step', step: 'tunnel', at: clock.now() });
    const app = `${launcher}/${endpoint.kind}`;
    const route = await findRoute({
      connection,
      endpoint,
      loginNode,
      job: job === null ? undefined : { id: job.id, directory, launcher: launchers[launcher] },
      hasToken: serve.token !== undefined,
      forbidden: forbiddenRoutes,
      remembered: storage.rememberedRoute(clusterId, app) ?? undefined,
      clock,
      reason: isFirst ? 'user' : 'reconnect',
      signal,
    });
    if (route.toRemember) storage.rememberRoute(clusterId, app, route.toRemember);
    report({ type: 'route', route: route.info });
    return route;
  }

  async #awaitReady(id: string, serve: Serve, token: string, route: Route, signal: AbortSignal): Promise<void> {
    const { clock, report } = this.#ports;
    report({ type: 'step', step: 'ready', at: clock.now() });
    const limit = this.#ports.target().readyBy ?? clock.now() + serve.ready.timeout * 1000;
    const deadline = clock.now() < limit ? limit : clock.now() + LATE_CHANCE;
    await waitUntilReady({ id, serve, token, open: (aborted) => route.open(aborted) }, { clock, deadline, signal });
  }

  #onFailure(error: AppError, isFirst: boolean): void {
    const { clock, gaveUp, logger, target, willRetry } = this.#ports;
    const { id } = target().instance;
    logger.info('an app was not reached', { id, code: error.code, error: error.message });
    this.#failures += 1;
    if (isFirst && (error.code === 'not-ready' || this.#failures >= FIRST_TRIES)) {
      gaveUp(error);
      return;
    }
    this.#notBefore = clock.now() + Math.min(15_000, 500 * 2 ** this.#failures);
    willRetry();
  }

  /** The notes of a legacy app for its user, and how it is spoken to with them. The app opens without as well. */
  async #readNotes(
    connection: Connection,
    meta: Meta,
    serve: Serve,
    token: string,
    route: Route,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#serve || !meta.tunels) return;
    const { id, directory } = this.#ports.target().instance;
    try {
      const notes = await readLaunchNotes(connection, directory, meta, token, signal);
      this.#ports.notesRead(notes);
      if (serve.protocol !== 'http') return;
      const answer = await firstAnswer(serve, (limit) => route.open(limit), signal);
      this.#serve = signedIn(serve, notes, answer, token);
      this.#isRegistered = false;
    } catch (error) {
      if (signal.aborted) return;
      const { message } = AppError.from(error);
      this.#ports.logger.warn('the notes of an app were not read', { id, error: message });
    }
  }

  /** Tells the gateway of it, once: from then on its view waits rather than fails while there is no route. */
  register(): void {
    const { instance, meta, token, user } = this.#ports.target();
    if (this.#isRegistered || !meta?.serve || token === null) return;
    this.#isRegistered = true;
    this.#ports.gateway.add({
      id: instance.id,
      serve: this.#serve ?? meta.serve,
      user,
      token,
      open: (signal) => this.#channel(signal),
      status: () => this.#status(),
    });
  }

  async #channel(signal?: AbortSignal) {
    const route = this.#route;
    if (!route) throw new AppError('connection-lost', this.#status().message);
    try {
      return await route.open(signal);
    } catch (error) {
      if (!signal?.aborted) void this.#verify(route);
      throw error;
    }
  }

  /** A channel was refused: the hop may be gone, or the app. One more try shows whether the route has to be found anew. */
  async #verify(route: Route): Promise<void> {
    if (this.#suspected === route || this.#route !== route) return;
    this.#suspected = route;
    const { life, logger, report, routeLost, target } = this.#ports;
    try {
      (await route.open(AbortSignal.any([life, AbortSignal.timeout(5000)]))).destroy();
      this.#suspected = null;
    } catch (error) {
      if (life.aborted || this.#route !== route) return;
      logger.info('a route is gone', { id: target().instance.id, error: AppError.from(error).message });
      this.close();
      report({ type: 'lost' });
      routeLost();
    }
  }

  /** One GET of the app. @throws AppError `connection-lost` while there is no route */
  async ask(path: string): Promise<AppAnswer> {
    const { instance, meta, token } = this.#ports.target();
    if (!meta?.serve) throw new AppError('not-found', 'This app serves nothing.');
    const host = meta.serve.host.replaceAll('{host}', `${instance.id}.apps.internal`);
    return askApp(await this.#channel(this.#ports.life), meta.serve, host, token ?? '', path, this.#ports.life);
  }

  #status(): ReturnType<GatewayTarget['status']> {
    const { connection, instance } = this.#ports.target();
    const { clusterName, error, state, title } = instance;
    if (isOver(state)) return { state: 'ended', message: error?.message ?? `${title} has ended.` };
    if (state === 'stopping') return { state: 'down', message: `${title} is being stopped.` };
    if (this.#route) return { state: 'up', message: '' };
    if (!connection) return { state: 'down', message: `The connection to ${clusterName} is interrupted.` };
    return { state: 'down', message: `${title} is not reachable at the moment.` };
  }

  close(): void {
    this.#attempt?.abort(new AppError('cancelled', 'The route is no longer wanted.'));
    this.#attempt = null;
    this.#route?.close();
    this.#route = null;
    this.#notBefore = 0;
  }
}
