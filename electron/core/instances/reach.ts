import { AppError } from '../../shared/errors.ts';
import { isStarting } from '../../shared/instance-policy.ts';
import type { Serve } from '../../shared/recipes.ts';
import { signedIn } from '../recipes/legacy/sign-in-policy.ts';
import type { Route } from '../routes/types.ts';
import type { Connection } from '../ssh/types.ts';
import { type AppAnswer, askApp } from './ask-app.ts';
import { firstAnswer } from './first-answer.ts';
import { learn } from './learn.ts';
import type { Member, MemberHost } from './member.ts';
import { waitUntilReady } from './readiness.ts';

/** A node may take some seconds to let the user in after the job began. */
const FIRST_TRIES = 5;
/** An instance found again after its time to get ready still deserves one look. */
const LATE_CHANCE = 15_000;

/** How one instance is reached: finds its route, waits until it answers, opens its channels, notices a dead route. */
export class Reach {
  readonly #member: Member;
  readonly #host: MemberHost;
  readonly #life: AbortSignal;
  #route: Route | null = null;
  #attempt: AbortController | null = null;
  #failures = 0;
  #notBefore = 0;
  #doubted: Route | null = null;
  #registered = false;
  /** How it is spoken to, once that is known better than its recipe says; may hold a secret. */
  #serve: Serve | null = null;

  constructor(member: Member, host: MemberHost, life: AbortSignal) {
    this.#member = member;
    this.#host = host;
    this.#life = life;
  }

  /** Opens the route if it can be and is not yet; called on every round. */
  tryOpen(): void {
    const { connection } = this.#member.worker;
    const { endpoint } = this.#member.instance;
    if (this.#route || this.#attempt || !connection || !endpoint) return;
    if (!this.#member.meta?.serve || this.#member.token === null) return;
    if (this.#host.deps.clock.now() < this.#notBefore) return;
    void this.#open(connection);
  }

  async #open(connection: Connection): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const signal = AbortSignal.any([attempt.signal, this.#life, connection.closed]);
    const first = isStarting(this.#member.instance.state);
    let route: Route | null = null;
    try {
      route = await this.#find(connection, first, signal);
      if (first) await this.#awaitReady(route, signal);
      await this.#learn(connection, route, signal);
      signal.throwIfAborted();
      this.#route = route;
      this.#failures = 0;
      this.register();
      this.#member.dispatch({ type: first ? 'ready' : 'back', at: this.#host.deps.clock.now() });
      this.#host.deps.gateway.wake(this.#member.id);
      if (this.#member.instance.exposure === null) this.#member.lookWhoReaches();
    } catch (error) {
      route?.close();
      if (!signal.aborted) await this.#failed(AppError.from(error), first);
    } finally {
      if (this.#attempt === attempt) this.#attempt = null;
    }
  }

  async #find(connection: Connection, first: boolean, signal: AbortSignal): Promise<Route> {
    const { clock, clusters, facts, findRoute, launchers, storage } = this.#host.deps;
    const { clusterId, jobId, meta } = this.#member;
    const { directory, endpoint, launcher } = this.#member.instance;
    if (!endpoint) throw new AppError('internal', 'A route was asked for before there was an endpoint.');
    if (first) this.#member.dispatch({ type: 'step', step: 'tunnel', at: clock.now() });
    const app = `${launcher}/${endpoint.kind}`;
    const route = await findRoute({
      connection,
      endpoint,
      loginNode: facts.known(clusterId)?.loginNode,
      job: jobId === null ? undefined : { id: jobId, directory, launcher: launchers[launcher] },
      hasToken: meta?.serve?.token !== undefined,
      forbidden: clusters(clusterId)?.site?.forbiddenRoutes,
      remembered: storage.rememberedRoute(clusterId, app) ?? undefined,
      clock,
      signal,
    });
    if (route.learnt) storage.rememberRoute(clusterId, app, route.learnt);
    this.#member.dispatch({ type: 'route', route: route.info });
    return route;
  }

  async #awaitReady(route: Route, signal: AbortSignal): Promise<void> {
    const { clock } = this.#host.deps;
    const { meta, token, id } = this.#member;
    if (!meta?.serve) return;
    this.#member.dispatch({ type: 'step', step: 'ready', at: clock.now() });
    const limit = this.#member.readyDeadline() ?? clock.now() + meta.serve.ready.timeout * 1000;
    const deadline = clock.now() < limit ? limit : clock.now() + LATE_CHANCE;
    await waitUntilReady(
      { id, serve: meta.serve, token: token ?? '', open: (aborted) => route.open(aborted) },
      { clock, deadline, signal },
    );
  }

  async #failed(error: AppError, first: boolean): Promise<void> {
    const { clock, logger } = this.#host.deps;
    logger.info('an app was not reached', { id: this.#member.id, code: error.code, error: error.message });
    if (first && error.code === 'not-ready') {
      await this.#member.fail(this.#member.notReady(error.message));
      return;
    }
    this.#failures += 1;
    if (first && this.#failures >= FIRST_TRIES) {
      await this.#member.fail(error);
      return;
    }
    this.#notBefore = clock.now() + Math.min(15_000, 500 * 2 ** this.#failures);
    this.#member.worker.nudge();
  }

  /** What the app tells its user, and how it is spoken to with that. It opens without as well. */
  async #learn(connection: Connection, route: Route, signal: AbortSignal): Promise<void> {
    const { id, instance, meta, token } = this.#member;
    if (this.#serve || !meta?.tunels || !meta.serve || token === null) return;
    try {
      const notes = await learn(connection, instance.directory, meta, token, signal);
      this.#member.learnt(notes);
      if (meta.serve.protocol !== 'http') return;
      const answer = await firstAnswer(meta.serve, (limit) => route.open(limit), signal);
      this.#serve = signedIn(meta.serve, notes, answer, token);
      this.#registered = false;
    } catch (error) {
      if (signal.aborted) return;
      this.#host.deps.logger.warn('what an app tells its user was not read', {
        id,
        error: AppError.from(error).message,
      });
    }
  }

  /** Tells the gateway of it, once: from then on its view waits rather than fails while there is no route. */
  register(): void {
    const { clusterId, meta, token, id } = this.#member;
    const { clusters } = this.#host.deps;
    if (this.#registered || !meta?.serve || token === null) return;
    this.#registered = true;
    this.#host.deps.gateway.add({
      id,
      serve: this.#serve ?? meta.serve,
      user: clusters(clusterId)?.user ?? '',
      token,
      open: (signal) => this.#channel(signal),
      status: () => this.#status(),
    });
  }

  async #channel(signal?: AbortSignal) {
    const route = this.#route;
    if (!route) throw new AppError('connection-lost', this.#status().words);
    try {
      return await route.open(signal);
    } catch (error) {
      if (!signal?.aborted) void this.#doubt(route);
      throw error;
    }
  }

  /** A channel was refused: the hop may be gone, or the app. One more try tells whether the route is to be found anew. */
  async #doubt(route: Route): Promise<void> {
    if (this.#doubted === route || this.#route !== route) return;
    this.#doubted = route;
    try {
      (await route.open(AbortSignal.any([this.#life, AbortSignal.timeout(5000)]))).destroy();
      this.#doubted = null;
    } catch (error) {
      if (this.#life.aborted || this.#route !== route) return;
      this.#host.deps.logger.info('a route is gone', { id: this.#member.id, error: AppError.from(error).message });
      this.close();
      this.#member.dispatch({ type: 'lost' });
      this.#member.worker.kick();
    }
  }

  /** One GET of the app. @throws AppError `connection-lost` while there is no route */
  async ask(path: string, signal: AbortSignal): Promise<AppAnswer> {
    const { id, meta, token } = this.#member;
    if (!meta?.serve) throw new AppError('not-found', 'This app serves nothing.');
    const host = meta.serve.host.replaceAll('{host}', `${id}.apps.internal`);
    return askApp(await this.#channel(signal), meta.serve, host, token ?? '', path, signal);
  }

  #status(): { state: 'up' | 'down' | 'ended'; words: string } {
    const { instance, over, worker } = this.#member;
    if (over) return { state: 'ended', words: instance.error?.message ?? `${instance.title} has ended.` };
    if (instance.state === 'stopping') return { state: 'down', words: `${instance.title} is being stopped.` };
    if (this.#route) return { state: 'up', words: '' };
    if (!worker.connection)
      return { state: 'down', words: `The connection to ${instance.clusterName} is interrupted.` };
    return { state: 'down', words: `${instance.title} is not reachable at the moment.` };
  }

  close(): void {
    this.#attempt?.abort(new AppError('cancelled', 'The route is no longer wanted.'));
    this.#attempt = null;
    this.#route?.close();
    this.#route = null;
    this.#notBefore = 0;
  }
}
