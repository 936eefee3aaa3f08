import { AppError } from '../../shared/errors.ts';
import { isOver, isStarting } from '../../shared/instance-policy.ts';
import { type Exposure, type Instance, type JobStatus, type LaunchInput, unknownJob } from '../../shared/instances.ts';
import { passwordOf } from '../recipes/legacy/launch-policy.ts';
import { masked, type NoteValue } from '../recipes/legacy/notes-policy.ts';
import type { Connection } from '../ssh/types.ts';
import type { AppAnswer } from './ask-app.ts';
import { type Look, MAX_LOG_READ, observe, readLog, removeDirectories } from './directory.ts';
import { isHeldForGood, isJobOver } from './ending-policy.ts';
import { ExposureLook } from './exposure-look.ts';
import { endingError, heldError, lastLines, notReadyError } from './failure-words.ts';
import { type InstanceEvent, reduce } from './instance-state.ts';
import { prepareAndSubmit } from './launch.ts';
import { MemberLog } from './member-log.ts';
import type { Meta } from './meta.ts';
import type { Observation } from './observation.ts';
import type { PollSubject } from './poll-policy.ts';
import { Reach } from './reach.ts';
import { Stopping } from './stopping.ts';
import type { InstancesDeps, LogEvent } from './types.ts';
import type { ClusterWorker } from './worker.ts';

/** A login node sees what a compute node just wrote with the delay of the shared file system's caches. */
const EVIDENCE_LAG = 4000;
const STATE_TAIL = 4096;

export interface MemberHost {
  readonly deps: InstancesDeps;
  worker(clusterId: string): ClusterWorker;
  /** After each change; `durable`: more than the log's tail. */
  changed(member: Member, durable: boolean): void;
  logged(event: LogEvent): void;
}

/** One instance: follows it through its steps, from wherever it is found, until it is over. */
export class Member {
  instance: Instance;
  /** Epoch ms of the last change of state or step: how closely it is watched. */
  changedAt: number;
  meta: Meta | null = null;
  token: string | null = null;
  readonly log = new MemberLog(() => this.#secrets);
  readonly #host: MemberHost;
  readonly #life = new AbortController();
  readonly #reach: Reach;
  readonly #exposure: ExposureLook;
  readonly #stopping: Stopping;
  #launching: AbortController | null = null;
  /** This process launches it. */
  #mine = false;
  #finishing = false;
  #failing = false;
  #jobNoted = false;
  #unknownSince: number | null = null;
  #exitSince: number | null = null;
  #last: Observation | null = null;
  #notes: NoteValue[] = [];

  constructor(host: MemberHost, instance: Instance) {
    this.#host = host;
    this.instance = instance;
    this.changedAt = host.deps.clock.now();
    this.#reach = new Reach(this, host, this.#life.signal);
    this.#exposure = new ExposureLook(this, host.deps, this.#life.signal);
    this.#stopping = new Stopping(this, host.deps, this.#life.signal);
  }

  get id(): string {
    return this.instance.id;
  }
  get clusterId(): string {
    return this.instance.clusterId;
  }
  get jobId(): string | null {
    return this.instance.job?.id ?? null;
  }
  get over(): boolean {
    return isOver(this.instance.state);
  }
  get busy(): boolean {
    return this.#launching !== null;
  }
  get #submitBegan(): boolean {
    return this.instance.steps.some((step) => step.name === 'submit' && step.state !== 'todo');
  }
  get worker(): ClusterWorker {
    return this.#host.worker(this.clusterId);
  }

  dispatch(event: InstanceEvent): void {
    const before = this.instance;
    const after = reduce(before, event);
    if (after === before || JSON.stringify(after) === JSON.stringify(before)) return;
    this.instance = after;
    if (after.state !== before.state || after.steps !== before.steps) this.changedAt = this.#host.deps.clock.now();
    this.#host.changed(this, event.type !== 'log');
  }

  /** From the first step on, or from whichever was not reached: every step may be done twice. */
  async launch(input: LaunchInput): Promise<void> {
    const launching = new AbortController();
    this.#launching = launching;
    this.#mine = true;
    const signal = AbortSignal.any([launching.signal, this.#life.signal]);
    try {
      const id = await prepareAndSubmit(this, this.#host, input, signal, this.#life.signal);
      this.submitted(id);
    } catch (error) {
      if (this.#life.signal.aborted) return;
      // Cut off in the middle: a job may or may not exist. `back` goes on, and finds out.
      if (this.#submitBegan && !this.worker.connection) return;
      await this.#launchFailed(AppError.from(error));
    } finally {
      this.#launching = null;
    }
  }

  /** The job has a number: from here on it is watched. */
  submitted(id: string): void {
    this.dispatch({ type: 'job', job: unknownJob(id), at: this.#host.deps.clock.now() });
    this.dispatch({ type: 'step', step: 'queue', at: this.#host.deps.clock.now() });
    if (this.#stopping.wished) void this.#stopping.carryOut();
    this.worker.kick();
  }

  async #launchFailed(error: AppError): Promise<void> {
    const { deps } = this.#host;
    if (this.#stopping.wished) this.dispatch({ type: 'ended', at: deps.clock.now() });
    else this.dispatch({ type: 'failed', at: deps.clock.now(), error: error.serialize() });
    const { connection } = this.worker;
    const { directory } = this.instance;
    if (connection && directory && this.#stopping.wished) {
      // Never submitted, so nobody needs what was sent.
      const home = directory.slice(0, directory.lastIndexOf('/.tunel/'));
      await removeDirectories(connection, home, [this.id], this.#life.signal).catch((cause: unknown) => {
        deps.logger.info('a directory stays behind', { directory, error: AppError.from(cause).message });
      });
    }
    this.worker.settle();
  }

  stop(how: 'ask' | 'now'): void {
    if (this.over) return;
    this.#stopping.wish(how);
    this.dispatch({ type: 'stopping' });
    this.#reach.close();
    if (this.jobId !== null) void this.#stopping.carryOut();
    else if (this.#launching) this.#launching.abort(new AppError('cancelled', 'Stopped before it was submitted.'));
    else if (!this.#submitBegan) void this.#launchFailed(new AppError('cancelled', 'Stopped before it was submitted.'));
  }

  /** What it tells its user. Secrets stay in memory here, and with the user's own files on the cluster. */
  learnt(notes: NoteValue[]): void {
    this.#notes = notes;
    this.dispatch({ type: 'notes', notes: masked(notes) });
    this.dispatch({ type: 'log', tail: this.log.shownTail(STATE_TAIL) });
  }

  /** @throws AppError `not-found` */
  note(label: string): string {
    const note = this.#notes.find((each) => each.label === label);
    if (note) return note.value;
    throw new AppError('not-found', `${this.instance.title} has told no ${label.toLowerCase()}.`, {
      hint: 'It is known while the app can be reached.',
    });
  }

  get #secrets(): string[] {
    const own = this.token === null ? [] : [this.token, passwordOf(this.token)];
    return [...own, ...this.#notes.filter((note) => note.secret).map((note) => note.value)];
  }

  get subject(): PollSubject {
    const { state } = this.instance;
    return { state, changedAt: this.changedAt, batch: this.meta !== null && this.meta.serve === null };
  }

  wantsLog(now: number): boolean {
    return isStarting(this.instance.state) || this.log.isRead(now);
  }

  look(now: number): Look {
    return {
      id: this.id,
      directory: this.instance.directory,
      logFrom: this.wantsLog(now) ? this.log.tail.next : null,
      job: this.#jobNoted ? null : this.jobId,
    };
  }

  /** One round of the watcher; null: that part was not asked for or did not answer, so it tells nothing. */
  observe(status: JobStatus | null, seen: Observation | null): void {
    if (this.over || this.#finishing || this.#failing) return;
    const now = this.#host.deps.clock.now();
    if (seen) this.#see(seen, now);
    if (status) {
      // A login node that cannot see the process says so; only a scheduler that forgot it is a sign of its end.
      const forgotten = status.state === 'unknown' && status.nativeState !== 'elsewhere';
      this.#unknownSince = forgotten ? (this.#unknownSince ?? now) : null;
      if (status.state !== 'unknown') this.dispatch({ type: 'job', job: status, at: now });
    }
    const over = isJobOver({
      job: this.instance.job,
      exitCode: this.#last?.exitCode ?? null,
      exitSeenFor: this.#exitSince === null ? 0 : now - this.#exitSince,
      unknownFor: this.#unknownSince === null ? 0 : now - this.#unknownSince + 1,
    });
    if (over) {
      void this.#finish(null);
      return;
    }
    if (isHeldForGood(this.instance.job)) {
      void this.fail(heldError(this.instance.title, this.instance.job));
      return;
    }
    if (this.#last?.exitCode !== null && this.#last !== null) return;
    if (this.#last?.endpoint) this.dispatch({ type: 'endpoint', endpoint: this.#last.endpoint, at: now });
    this.#proceed(now);
  }

  #see(seen: Observation, now: number): void {
    this.#last = seen;
    this.#knows(seen);
    if (seen.job !== null && seen.job === this.jobId) this.#jobNoted = true;
    this.#exitSince = seen.exitCode === null ? null : (this.#exitSince ?? now);
    if (seen.logSize < this.log.tail.next) this.log.tail.restart();
    if (seen.log) this.#takeLog(seen.log.offset, seen.log.bytes);
  }

  /** The secret and how the app is spoken to, from its directory. */
  #knows(seen: Observation): void {
    this.meta ??= seen.meta;
    this.token ??= seen.secret;
    if (!isStarting(this.instance.state)) this.#reach.register();
  }

  #takeLog(offset: number, bytes: Buffer): void {
    const fresh = this.log.tail.take(offset, bytes);
    if (!fresh) return;
    this.#host.logged({ id: this.id, ...fresh, text: this.log.shown(fresh.text) });
    if (isStarting(this.instance.state)) this.dispatch({ type: 'log', tail: this.log.shownTail(STATE_TAIL) });
  }

  #proceed(now: number): void {
    if (this.instance.state === 'stopping') return;
    const running = this.instance.job?.state === 'running';
    if (this.meta && !this.meta.serve) {
      if (running) this.dispatch({ type: 'running', at: now });
      return;
    }
    this.#reach.tryOpen();
    const deadline = this.readyDeadline();
    if (isStarting(this.instance.state) && !this.instance.endpoint && deadline !== null && now > deadline) {
      void this.fail(this.notReady('it never began to listen'));
    }
  }

  /** Epoch ms by which the first answer must come; null while the job does not run. */
  readyDeadline(): number | null {
    const begun = this.instance.steps.find((step) => step.name === 'start')?.startedAt ?? null;
    return begun === null || !this.meta?.serve ? null : begun + this.meta.serve.ready.timeout * 1000;
  }

  notReady(last: string): AppError {
    return notReadyError(this.instance.title, this.meta?.serve?.ready.timeout ?? 0, last, this.log.shownTail());
  }

  /** Who else can reach it. */
  lookWhoReaches(): void {
    this.#exposure.lookUnasked();
  }

  exposure(asked: boolean): Promise<Exposure> {
    return this.#exposure.look(asked);
  }

  /** The connection died; the app goes on without us. */
  lost(): void {
    this.#reach.close();
    this.#unknownSince = null;
    this.#exitSince = null;
    this.dispatch({ type: 'lost' });
  }

  /**
   * A new connection, or the first of this process, and what the directory there says. `resume`: this process goes on
   * with a launch that was not submitted yet; another one of this computer may be at it otherwise.
   */
  back(seen: Observation | null, resume: boolean): void {
    if (this.over) return;
    if (seen) {
      this.#knows(seen);
      if (this.jobId === null && seen.job !== null) this.submitted(seen.job);
    }
    if (this.jobId === null && !this.busy) {
      if (this.#stopping.wished && !this.#submitBegan) {
        void this.#launchFailed(new AppError('cancelled', 'Stopped before it was submitted.'));
      } else if ((resume || this.#mine) && this.instance.input) {
        void this.launch(this.instance.input);
      }
    } else if (this.#stopping.wished) {
      void this.#stopping.carryOut();
    }
  }

  /** Gives up: ends the job, so that nothing is left running. */
  async fail(error: AppError): Promise<void> {
    if (this.#finishing || this.#failing || this.over) return;
    // What the scheduler then tells of the job is our own doing and not the reason.
    this.#failing = true;
    const { deps } = this.#host;
    const { connection } = this.worker;
    if (connection && this.jobId !== null) {
      const job = { id: this.jobId, directory: this.instance.directory };
      const { launcher } = this.instance;
      await this.worker.cancel(connection, launcher, job, 'now', this.#life.signal).catch((cause) => {
        deps.logger.warn('a job that failed could not be ended', { id: this.id, error: AppError.from(cause).message });
      });
    }
    await this.#finish(error);
  }

  async #finish(reason: AppError | null): Promise<void> {
    if (this.#finishing) return;
    this.#finishing = true;
    const { deps } = this.#host;
    const wasReady = !isStarting(this.instance.state) && this.instance.steps.at(-1)?.state === 'done';
    this.#reach.close();
    await this.#readRest();
    if (this.#life.signal.aborted) return;
    this.dispatch({ type: 'log', tail: this.log.shownTail(STATE_TAIL) });
    const at = deps.clock.now();
    const error =
      this.#stopping.wished || this.#last?.stopAsked
        ? null
        : reason
          ? new AppError(reason.code, reason.message, {
              hint: reason.hint,
              detail: reason.detail ?? (lastLines(this.log.shownTail()) || undefined),
            })
          : endingError({
              job: this.instance.job,
              exitCode: this.#last?.exitCode ?? null,
              problem: this.#last?.problem ?? null,
              serves: this.meta?.serve !== null,
              wasReady,
              title: this.instance.title,
              resources: this.instance.input?.resources ?? { memory: null, time: null },
              logTail: this.log.shownTail(),
            });
    this.dispatch(error ? { type: 'failed', at, error: error.serialize() } : { type: 'ended', at });
    this.worker.settle();
  }

  /** The end of the log and the exit code are the evidence, so they are fetched before the last word is said. */
  async #readRest(): Promise<void> {
    const { connection } = this.worker;
    if (!connection) return;
    try {
      const limit = AbortSignal.any([this.#life.signal, AbortSignal.timeout(10_000)]);
      const { clock } = this.#host.deps;
      const until = clock.now() + EVIDENCE_LAG;
      for (;;) {
        const look = { ...this.look(0), logFrom: this.log.tail.next };
        const seen = (await observe(connection, [look], limit)).get(this.id);
        if (seen) this.#see(seen, clock.now());
        const complete = this.log.tail.next > 0 && this.#last?.exitCode !== null;
        if (complete || !seen?.exists || this.#stopping.wished || clock.now() > until) return;
        await clock.sleep(500, limit);
      }
    } catch (error) {
      if (this.#life.signal.aborted) return;
      this.#host.deps.logger.info('the end of a log was not read', {
        id: this.id,
        error: AppError.from(error).message,
      });
    }
  }

  /** Someone shows this log: news come for a while. */
  reading(): void {
    this.log.reading(this.#host.deps.clock.now());
    if (!this.over) this.worker.nudge();
  }

  ask(path: string): Promise<AppAnswer> {
    return this.#reach.ask(path, this.#life.signal);
  }

  follow(): () => void {
    const unfollow = this.log.follow();
    this.worker.nudge();
    return unfollow;
  }

  readLog(connection: Connection, offset: number): Promise<{ offset: number; size: number; bytes: Buffer }> {
    return readLog(connection, this.instance.directory, Math.max(offset, -MAX_LOG_READ), this.#life.signal);
  }

  dispose(): void {
    this.#life.abort(new AppError('cancelled', 'The app is closing.'));
    this.#reach.close();
  }
}
