import { AppError } from '../../shared/errors.ts';
import { isLive, isOver, isStarting } from '../../shared/instance-policy.ts';
import { type Instance, type LaunchInput, unknownJob } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { JobAnswer } from '../launchers/common/job-answer.ts';
import { ClusterWatcher, type WatchedInstance } from './cluster-watcher.ts';
import { type ControlledInstance, controlInstance, STATE_TAIL, watchedInstance } from './controlled-instance.ts';
import { removeDirectories } from './directory.ts';
import { endEvent, explainEnd } from './ending-error.ts';
import type { InstanceStore } from './instance-store.ts';
import { isRecentLaunch, isSubmissionBegun } from './interruption-policy.ts';
import { heldError, notReadyError } from './job-errors.ts';
import type { StopMode } from './job-stopper.ts';
import { readToEnd } from './log-reader.ts';
import { newSecret } from './meta.ts';
import { decideNextStep } from './next-step-policy.ts';
import type { Observation } from './observation.ts';
import type { Plan } from './plan.ts';
import { findLaunchedJob, prepareLaunch } from './prepare-launch.ts';
import type { InstancesDeps, LaunchOptions, LogEvent } from './types.ts';

/** Decides for each instance what runs next, from wherever it is found until it is over. */
export class InstanceController {
  readonly #deps: InstancesDeps;
  readonly #store: InstanceStore;
  readonly #logged: (event: LogEvent) => void;
  readonly #controlled = new Map<string, ControlledInstance>();
  readonly #watchers = new Map<string, ClusterWatcher>();

  constructor(deps: InstancesDeps, store: InstanceStore, logged: (event: LogEvent) => void) {
    this.#deps = deps;
    this.#store = store;
    this.#logged = logged;
  }

  /** Made when it is first needed: most instances of the history never are. @throws AppError `not-found` */
  of(id: string): ControlledInstance {
    const known = this.#controlled.get(id);
    if (known) return known;
    const gaveUp = (error: AppError) =>
      void this.#fail(id, error.code === 'not-ready' ? this.#notReady(id, error.message) : error);
    const ports = { deps: this.#deps, store: this.#store, watcher: this.#watcherOf(id), gaveUp };
    const controlled = controlInstance(id, ports);
    this.#controlled.set(id, controlled);
    return controlled;
  }

  remove(id: string): void {
    const { record, route } = this.of(id);
    this.#controlled.delete(id);
    record.dispose();
    route.close();
  }

  /** Launches from the first step on; every step may be done twice, so what was done is found. */
  async launch(id: string, input: LaunchInput, plan: Plan | null): Promise<void> {
    const { launchPorts, record, stopper } = this.of(id);
    const launching = new AbortController();
    record.launching = launching;
    record.isLaunchedHere = true;
    record.token ??= newSecret();
    const signal = AbortSignal.any([launching.signal, record.life]);
    this.#watcherOf(id).lookNow();
    try {
      const instance = this.#store.get(id);
      const launch = { instance, token: record.token, plan };
      this.#onSubmitted(id, await prepareLaunch(launch, launchPorts(input), signal, record.life));
    } catch (error) {
      if (record.life.aborted) return;
      const instance = this.#store.get(id);
      // Cut off in the middle: a job may or may not exist. `resume` continues, and finds out.
      if (isSubmissionBegun(instance) && !this.watcher(instance.clusterId).held.current) return;
      await this.#endLaunch(id, stopper.isRequested ? null : AppError.from(error));
    } finally {
      record.launching = null;
    }
  }

  /** The job has a number: from here on it is watched. */
  #onSubmitted(id: string, jobId: string): void {
    const at = this.#deps.clock.now();
    this.#store.dispatch(id, { type: 'job', job: unknownJob(jobId), at });
    this.#store.dispatch(id, { type: 'step', step: 'queue', at });
    if (this.of(id).stopper.isRequested) this.#carryOutStop(id);
    this.#watcherOf(id).pollNow();
  }

  /** A launch that ends before there is a job. `error`: null when the user wanted that. */
  async #endLaunch(id: string, error: AppError | null): Promise<void> {
    const at = this.#deps.clock.now();
    this.#store.dispatch(id, endEvent(at, error, true));
    const { directory } = this.#store.get(id);
    const watcher = this.#watcherOf(id);
    const connection = watcher.held.current;
    if (connection && directory && !error) {
      // Never submitted, so nobody needs what was sent.
      await removeDirectories(connection, homeOf(directory), [id], this.of(id).record.life).catch((cause: unknown) => {
        this.#deps.logger.info('a directory stays behind', { directory, error: AppError.from(cause).message });
      });
    }
    watcher.releaseUnneeded();
  }

  stop(id: string, how: StopMode): void {
    const { record, route, stopper } = this.of(id);
    const before = this.#store.get(id);
    if (isOver(before.state)) return;
    stopper.request(how);
    this.#store.dispatch(id, { type: 'stopping' });
    route.close();
    if (before.job) this.#carryOutStop(id);
    else if (record.launching) record.launching.abort(new AppError('cancelled', 'Stopped before it was submitted.'));
    else if (!isSubmissionBegun(before)) void this.#endLaunch(id, null);
  }

  #carryOutStop(id: string): void {
    const { directory, job } = this.#store.get(id);
    if (job) void this.of(id).stopper.carryOut({ id: job.id, directory });
  }

  /**
   * Goes on with an instance over a new connection, by what its directory there says; null: there is none.
   * `mayContinue`: this process may continue the launch of one that ended.
   */
  resume(id: string, seen: Observation | null, mayContinue: boolean): void {
    const { record, stopper } = this.of(id);
    if (record.launching || isOver(this.#store.get(id).state)) return;
    if (seen) {
      this.#takeObservation(id, seen, this.#deps.clock.now());
      if (this.#store.get(id).job === null && seen.job !== null) this.#onSubmitted(id, seen.job);
    }
    const instance = this.#store.get(id);
    if (instance.job) {
      if (stopper.isRequested) this.#carryOutStop(id);
    } else if (stopper.isRequested && !seen?.isSubmitted && !isSubmissionBegun(instance)) {
      void this.#endLaunch(id, null);
    } else if ((mayContinue || record.isLaunchedHere) && instance.input) {
      void this.#resumeLaunch(instance, instance.input, seen?.isSubmitted ?? false);
    }
  }

  /** What was submitted is found again. An older launch that was not waits for the user. */
  async #resumeLaunch(instance: Instance, input: LaunchInput, isSubmitted: boolean): Promise<void> {
    const { id } = instance;
    const { record, stopper } = this.of(id);
    const isWanted = record.isLaunchedHere || isRecentLaunch(instance, this.#deps.clock.now());
    if (isSubmitted && (await this.#findSubmitted(instance, input))) return;
    if (stopper.isRequested) {
      await this.#endLaunch(id, null);
    } else if (isWanted) {
      this.#store.dispatch(id, { type: 'continued' });
      await this.launch(id, input, null);
    } else {
      this.#store.dispatch(id, { type: 'interrupted' });
      this.#watcherOf(id).releaseUnneeded();
    }
  }

  /** @returns whether nothing else is to be done: its job was found, or that is not known yet. */
  async #findSubmitted(instance: Instance, input: LaunchInput): Promise<boolean> {
    const { id, clusterId } = instance;
    const { launchPorts, record } = this.of(id);
    const finding = new AbortController();
    record.launching = finding;
    const signal = AbortSignal.any([finding.signal, record.life]);
    try {
      const jobId = await findLaunchedJob(instance, input.resources, launchPorts(input), signal, record.life);
      if (jobId === null) return false;
      this.#store.dispatch(id, { type: 'continued' });
      this.#onSubmitted(id, jobId);
      return true;
    } catch (error) {
      // Without a connection `resume` looks again later.
      if (!record.life.aborted && this.watcher(clusterId).held.current) await this.#endLaunch(id, AppError.from(error));
      return true;
    } finally {
      record.launching = null;
    }
  }

  /** @throws AppError `conflict` where there is nothing to continue, or what `admit` refuses it with */
  continueLaunch(id: string, admit: LaunchOptions['admit']): void {
    const { input, state, title } = this.#store.get(id);
    if (state !== 'interrupted' || !input) {
      throw new AppError('conflict', message`The launch of ${{ title }} was not interrupted.`);
    }
    admit?.(input.resources);
    this.#store.dispatch(id, { type: 'continued' });
    void this.launch(id, input, null);
  }

  #onObserved(id: string, answer: JobAnswer | null, seen: Observation | null): void {
    const instance = this.#store.find(id);
    if (!instance || isOver(instance.state)) return;
    const { record, route } = this.of(id);
    if (record.isFinishing || record.isFailing) return;
    const now = this.#deps.clock.now();
    if (seen) this.#takeObservation(id, seen, now);
    if (answer) this.#store.dispatch(id, record.takeAnswer(answer, instance.title, now));
    const current = this.#store.get(id);
    const endpoint = record.seen?.endpoint ?? current.endpoint;
    const isArray = (current.input?.resources.array ?? '') !== '';
    const ending = { ...record.endingView(current.job, now), isArray };
    const view = { ...current, endpoint };
    switch (decideNextStep({ instance: view, ending, readyBy: record.readyBy(current), now })) {
      case 'finish':
        void this.#finish(id, null);
        return;
      case 'held':
        void this.#fail(id, heldError(current.title, current.job));
        return;
      case 'running':
        this.#store.dispatch(id, { type: 'running', at: now });
        return;
      case 'open':
        if (endpoint) this.#store.dispatch(id, { type: 'endpoint', endpoint, at: now });
        route.tryOpen();
        return;
      case 'deaf':
        void this.#fail(id, this.#notReady(id, 'it never began to listen'));
    }
  }

  #takeObservation(id: string, seen: Observation, now: number): void {
    const { record, route } = this.of(id);
    const { directory, job, kind, launcher, path, runtime, state } = this.#store.get(id);
    const fresh = record.takeObservation(seen, job?.id ?? null, now);
    const meant = record.meta && (record.meta.serve ? 'app' : 'job');
    // In a row of an older version the kind is a guess.
    if (meant && meant !== kind) {
      this.#store.dispatch(id, { type: 'planned', kind: meant, launcher, runtime, directory, path });
    }
    if (!isStarting(state)) route.register();
    if (!fresh) return;
    const news = record.log.shownNews(fresh);
    if (news) this.#logged({ id, ...news });
    if (isStarting(state)) this.#store.dispatch(id, { type: 'log', ...record.log.shownEnd(STATE_TAIL) });
  }

  #notReady(id: string, last: string): AppError {
    const { log, meta } = this.of(id).record;
    return notReadyError(this.#store.get(id).title, meta?.serve?.ready.timeout ?? 0, last, log.shownTail());
  }

  /** Gives up: ends the job, so that nothing is left running. */
  async #fail(id: string, error: AppError): Promise<void> {
    const { record } = this.of(id);
    const { directory, job, launcher, state } = this.#store.get(id);
    if (record.isFinishing || record.isFailing || isOver(state)) return;
    record.isFailing = true;
    const watcher = this.#watcherOf(id);
    const connection = watcher.held.current;
    if (connection && job) {
      await watcher
        .cancel(connection, launcher, { id: job.id, directory }, 'now', record.life)
        .catch((cause: unknown) => {
          const { message } = AppError.from(cause);
          this.#deps.logger.warn('a job that failed could not be ended', { id, error: message });
        });
    }
    await this.#finish(id, error);
  }

  /** `reason`: why it was given up; null: it ended by itself or was stopped. */
  async #finish(id: string, reason: AppError | null): Promise<void> {
    const { record, route, stopper } = this.of(id);
    if (record.isFinishing) return;
    record.isFinishing = true;
    const before = this.#store.get(id);
    const wasReady = !isStarting(before.state) && before.steps.at(-1)?.state === 'done';
    route.close();
    await this.#readEnd(id);
    if (record.life.aborted) return;
    const { meta, seen } = record;
    const log = record.log.shownTail();
    this.#store.dispatch(id, { type: 'log', ...record.log.shownEnd(STATE_TAIL) });
    this.#store.dispatch(id, { type: 'job-times', startedAt: seen?.startedAt ?? null, endedAt: seen?.endedAt ?? null });
    const at = this.#deps.clock.now();
    const instance = this.#store.get(id);
    const isStopped = stopper.isRequested || seen?.stopAsked === true;
    const error = explainEnd({ instance, meta, seen, isStopped, wasReady, reason, log });
    this.#store.dispatch(id, endEvent(at, error, isStopped));
    this.#watcherOf(id).releaseUnneeded();
  }

  async #readEnd(id: string): Promise<void> {
    const { record, stopper } = this.of(id);
    const connection = this.#watcherOf(id).held.current;
    if (!connection) return;
    const { clock, logger } = this.#deps;
    await readToEnd({
      connection,
      id,
      directory: this.#store.get(id).directory,
      log: record.log,
      observed: (seen) => this.#takeObservation(id, seen, clock.now()),
      isEvidenceWanted: () => !stopper.isRequested,
      clock,
      logger,
      life: record.life,
    });
  }

  #watcherOf(id: string): ClusterWatcher {
    return this.watcher(this.#store.get(id).clusterId);
  }

  watcher(clusterId: string): ClusterWatcher {
    let watcher = this.#watchers.get(clusterId);
    if (!watcher) {
      watcher = new ClusterWatcher(clusterId, {
        ...this.#deps,
        site: () => this.#deps.clusters(clusterId)?.site ?? null,
        instances: (now) => this.#watched(clusterId, now),
        observed: (id, answer, seen) => this.#onObserved(id, answer, seen),
        lost: () => this.#onConnectionLost(clusterId),
      });
      this.#watchers.set(clusterId, watcher);
    }
    return watcher;
  }

  /** Those of a cluster that are live, as the watcher has to know them. */
  #watched(clusterId: string, now: number): WatchedInstance[] {
    const live = this.#store.list().filter((each) => each.clusterId === clusterId && isLive(each.state));
    return live.map((instance) =>
      watchedInstance(instance, this.of(instance.id).record, this.#store.changedAt(instance.id), now),
    );
  }

  /** The instances go on without us. */
  #onConnectionLost(clusterId: string): void {
    for (const { id } of this.#watched(clusterId, 0)) {
      const { record, route } = this.of(id);
      route.close();
      record.forgetTimes();
      this.#store.dispatch(id, { type: 'lost' });
    }
  }

  dispose(): void {
    for (const { record, route } of this.#controlled.values()) {
      record.dispose();
      route.close();
    }
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }
}

const homeOf = (directory: string): string => directory.slice(0, directory.lastIndexOf('/.tunel/'));
